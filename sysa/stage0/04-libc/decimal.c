// SPDX-License-Identifier: GPL-3.0-or-later
// Floating-point numbers from text, exactly, with integers only. This file is C0: cc needs it for its constants.
//
// The number's digits become one big integer, in limbs of 32 bits. A positive power of ten is multiplied in.
// For a negative one the integer is first moved up by so many limbs that enough bits remain, and then divided
// by ten again and again; a remainder only matters as "something was lost". Then the bits that the
// format wants are taken off the top and rounded, once.
#include <decimal.h>

enum {
    LIMBS = 3600,          // enough for the longest exact long double: 11,514 digits, moved up by 1,700 limbs
    MAX_DIGITS = 11600,    // what comes after so many digits only says that something was lost
    MAX_EXPONENT = 20000   // of ten: beyond it every number is too big, or zero
};

static long limbs[LIMBS];  // the least significant first
static int count;          // of limbs in use
static int lost;           // the number is a little bigger than the limbs say

// limbs = limbs * factor + carry
static void multiply_add(long factor, long carry) {
    for (int i = 0; i < count; i++) {
        carry += limbs[i] * factor;
        limbs[i] = carry & 0xffffffff;
        carry >>= 32;
    }
    if (carry)
        limbs[count++] = carry;
}

static void divide(long by) {
    long rest = 0;
    for (int i = count - 1; i >= 0; i--) {
        rest = rest << 32 | limbs[i];
        limbs[i] = rest / by;
        rest = rest % by;
    }
    lost |= rest != 0;
    while (count && !limbs[count - 1])
        count--;
}

// Moves the number up by n limbs.
static void move_up(int n) {
    for (int i = count - 1; i >= 0; i--)
        limbs[i + n] = limbs[i];
    for (int i = 0; i < n; i++)
        limbs[i] = 0;
    count += n;
}

static int bit(int i) {
    return i < 0 ? 0 : limbs[i / 32] >> (i % 32) & 1;
}

static int digit_value(int c, int base) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return base == 16 && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// digits with at most one point among them; *places is how many of those that were taken stand behind it,
// less those that were not taken before it. Returns where they end, or 0 if there is none.
static char *scan_digits(char *s, int base, int *places) {
    int taken = 0;
    int behind = 0;
    int any = 0;
    *places = 0;
    for (;; s++) {
        int digit = digit_value(*s, base);
        if (*s == '.' && !behind) {
            behind = 1;
        } else if (digit < 0) {
            return any ? s : 0;
        } else {
            any = 1;
            if (taken < MAX_DIGITS) {
                multiply_add(base, digit);
                taken += count != 0;
                *places += behind;
            } else {
                lost |= digit;
                *places -= !behind;
            }
        }
    }
}

// [eEpP][+-]digits, if it is all there; returns where it ends.
static char *scan_exponent(char *s, int letter, int *exponent) {
    char *p = s + 1;
    int value = 0;
    *exponent = 0;
    if ((*s | 32) != letter)
        return s;
    if (*p == '+' || *p == '-')
        p++;
    if (digit_value(*p, 10) < 0)
        return s;
    for (; digit_value(*p, 10) >= 0; p++)
        if (value < 2 * MAX_EXPONENT)
            value = value * 10 + *p - '0';
    *exponent = s[1] == '-' ? -value : value;
    return p;
}

// Multiplies the limbs by 10^power; returns the power of two that is still to be multiplied in.
static int scale(int power) {
    int raised = 0;
    if (power < 0) {
        raised = -power / 9 + 4;  // 10^9 < 2^32, and two limbs more than the 64 bits that are wanted
        move_up(raised);
    }
    for (; power <= -8; power += 8)
        divide(100000000);
    for (; power < 0; power++)
        divide(10);
    for (; power > 0; power--)
        multiply_add(10, 0);
    return -32 * raised;
}

// Takes the format's mantissa off the top of limbs * 2^exponent and puts the parts of the pattern together.
static int round_to(int bits, int exponent, long *pattern, long *top) {
    int bias = bits == SINGLE_BITS ? 127 : bits == DOUBLE_BITS ? 1023 : 16383;
    int least = 2 - bias - bits;                // the exponent of the last bit of a subnormal number
    int high = 32 * count - 1;                  // the highest bit
    long mantissa = 0;
    while (!bit(high))
        high--;
    int drop = high + 1 - bits;                 // bits that are not wanted
    if (drop + exponent < least)
        drop = least - exponent;
    for (int i = high; i >= drop; i--)
        mantissa = mantissa << 1 | bit(i);
    for (int i = 0; i < drop - 1 && i <= high && !lost; i++)
        lost = bit(i);
    long biased = mantissa >> (bits - 1) & 1 ? drop + exponent - least + 1 : 0;
    if (drop > 0 && drop - 1 <= high && bit(drop - 1) && (lost || (mantissa & 1))) {
        mantissa++;
        if (bits == EXTENDED_BITS ? !mantissa : mantissa >> bits & 1) {
            mantissa = 1L << (bits - 1);        // all ones became one more
            biased++;
        } else if (!biased) {
            biased = mantissa >> (bits - 1) & 1;
        }
    }
    int too_big = biased > 2 * bias;
    if (too_big) {
        mantissa = 1L << (bits - 1);
        biased = 2 * bias + 1;
    }
    *top = biased;
    *pattern = bits == EXTENDED_BITS ? mantissa : (biased << (bits - 1) | (mantissa & ((1L << (bits - 1)) - 1)));
    return 1 + too_big;
}

int scan_float(char *s, char **end, int bits, long *pattern, long *top) {
    int is_hex = s[0] == '0' && (s[1] | 32) == 'x';
    int places;
    int exponent;
    char *p;
    count = 0;
    lost = 0;
    *pattern = 0;
    *top = 0;
    *end = s;
    p = is_hex ? scan_digits(s + 2, 16, &places) : 0;
    if (is_hex && !p)
        is_hex = 0;
    if (!is_hex)
        p = scan_digits(s, 10, &places);
    if (!p)
        return 0;
    *end = scan_exponent(p, is_hex ? 'p' : 'e', &exponent);
    if (!count)
        return 1;
    if (is_hex)
        return round_to(bits, exponent - 4 * places, pattern, top);
    exponent -= places;
    if (exponent > MAX_EXPONENT)
        exponent = MAX_EXPONENT / 4;
    if (exponent < -MAX_EXPONENT)
        return 1;
    return round_to(bits, scale(exponent), pattern, top);
}
