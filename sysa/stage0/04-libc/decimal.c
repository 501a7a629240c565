// SPDX-License-Identifier: GPL-3.0-or-later
// Floating-point numbers from text, exactly, with integers only. This file is C0.
//
// The digits go into a number in base 1e9 with the decimal point at a fixed place. Taken apart by
// 2^32 (dividing the integer part, multiplying the fraction) it yields its binary words. Three of
// them, from the first that is not zero, are at least 65 bits: mantissa and rounding bit of any format.
// Whether anything but zeros follows is one more flag, the sticky bit.
#include <decimal.h>

enum {
    BASE = 1000000000,
    FRACTION = 1832,    // limbs after the point: half the least long double has 16446 digits there
    INTEGER = 552,      // limbs before it: the greatest has 4933
    MAX_POINT = 4960,   // a first digit further left than this is an overflow, further right than -this is as good as zero
    MAX_EXPONENT = 1000000
};

static long limbs[2384];       // FRACTION + INTEGER, least significant first
static long power_of_ten[9] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};

static long word[3];           // the top three binary words, most significant first
static long unit;              // exponent of the lowest bit of word[2]
static int sticky;

// A digit's value, or 16.
static int digit_value(int c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return 16;
}

// Reads [+-]digits after an exponent letter; without digits nothing is read, and the exponent is 0.
static char *scan_exponent(char *s, int letter, long *exponent)
{
    char *p = s + 1;
    long value = 0;
    *exponent = 0;
    if ((*s | 32) != letter)
        return s;
    if (*p == '+' || *p == '-')
        p++;
    if (*p < '0' || *p > '9')
        return s;
    for (; *p >= '0' && *p <= '9'; p++)
        if (value < MAX_EXPONENT)
            value = value * 10 + *p - '0';
    *exponent = s[1] == '-' ? -value : value;
    return p;
}

// Rounds word[] to the format. Returns what scan_float returns.
static int round_words(int bits, int minexp, int maxexp, long *mantissa, int *exponent)
{
    long drop = 64 - bits;
    long top;
    int half = 0;
    *mantissa = 0;
    *exponent = 0;
    if (!word[0] && !word[1] && !word[2])
        return sticky ? 3 : 1;
    for (; !word[0]; unit -= 32) {
        word[0] = word[1];
        word[1] = word[2];
        word[2] = 0;
    }
    for (top = word[0]; top; top >>= 1)
        drop++;
    if (unit + drop < minexp)
        drop = minexp - unit;
    unit += drop;
    for (; drop > 0 && (half || word[0] || word[1] || word[2]); drop--) {
        sticky |= half;
        half = word[2] & 1;
        word[2] = (word[2] | (word[1] & 1) << 32) >> 1;
        word[1] = (word[1] | (word[0] & 1) << 32) >> 1;
        word[0] >>= 1;
    }
    *mantissa = word[1] << 32 | word[2];
    if (half && (sticky || (word[2] & 1))) {
        ++*mantissa;
        if (bits == 64 ? !*mantissa : *mantissa >> bits) {
            *mantissa = 1L << (bits - 1);
            unit++;
        }
    }
    if (*mantissa)
        *exponent = unit;
    if (unit <= maxexp)
        return (half || sticky) && !(*mantissa >> (bits - 1)) ? 3 : 1;
    *mantissa = 1L << (bits - 1);
    *exponent = maxexp + 1;
    return 2;
}

// Reads the hexadecimal digits at s into word[]. Returns the end, or 0 if there are none.
static char *scan_hex(char *s)
{
    int digits = 0;
    int point = 0;
    long exponent;
    for (; digit_value(*s) < 16 || (*s == '.' && !point); s++) {
        if (*s == '.') {
            point = 1;
            continue;
        }
        digits++;
        if (point)
            unit -= 4;
        if (word[0] >> 28) {
            unit += 4;
            sticky |= digit_value(*s) != 0;
            continue;
        }
        word[0] = word[0] << 4 | word[1] >> 28;
        word[1] = (word[1] << 4 & 0xffffffff) | word[2] >> 28;
        word[2] = (word[2] << 4 & 0xffffffff) | digit_value(*s);
    }
    if (!digits)
        return 0;
    s = scan_exponent(s, 'p', &exponent);
    unit += exponent;
    return s;
}

// Takes the integer part, limbs[FRACTION] to limbs[high], apart: its last three words are its top ones.
// Returns how many words it has.
static int integer_words(int high)
{
    int count = 0;
    int i;
    long rest;
    while (high >= FRACTION) {
        rest = 0;
        for (i = high; i >= FRACTION; i--) {
            rest = rest * BASE + limbs[i];
            limbs[i] = rest >> 32;
            rest &= 0xffffffff;
        }
        sticky |= word[2] != 0;
        word[2] = word[1];
        word[1] = word[0];
        word[0] = rest;
        count++;
        while (high >= FRACTION && !limbs[high])
            high--;
    }
    return count;
}

// The next word of the fraction, limbs[low] to limbs[FRACTION - 1].
static long fraction_word(int low)
{
    long carry = 0;
    int i;
    for (i = low; i < FRACTION; i++) {
        carry += limbs[i] << 32;
        limbs[i] = carry % BASE;
        carry /= BASE;
    }
    return carry;
}

// Puts the decimal digits from s to end into limbs[] and from there into word[]. point: how many
// digits of the number are left of the decimal point (none, and more zeros right of it, if it is negative).
static void decimal_words(char *s, char *end, long point)
{
    int low = FRACTION;
    int high = FRACTION - 1;
    int count;
    long place = point + FRACTION * 9;      // of the next digit, plus 1; limbs[0] starts at place 0
    int i;
    if (point > MAX_POINT)
        place = MAX_POINT + FRACTION * 9;
    for (; s < end; s++) {
        if (*s == '.')
            continue;
        if (--place < 0) {
            sticky |= *s != '0';
            continue;
        }
        i = place / 9;
        while (low > i)
            limbs[--low] = 0;
        while (high < i)
            limbs[++high] = 0;
        limbs[i] += (*s - '0') * power_of_ten[place % 9];
    }
    count = integer_words(high);
    unit = 32 * count - 96;
    while (count < 3) {
        while (low < FRACTION && !limbs[low])
            low++;
        if (low == FRACTION)
            break;
        word[count] = fraction_word(low);
        if (count || word[0])
            count++;
        else
            unit -= 32;
    }
    for (; low < FRACTION; low++)
        sticky |= limbs[low] != 0;
}

// Finds the parts of the decimal number at s. Returns the end, or 0 if there are no digits.
static char *scan_decimal(char *s)
{
    char *first = 0;        // the first digit that is not 0
    char *point = 0;
    char *start = s;
    char *end;
    long exponent;
    for (; (*s >= '0' && *s <= '9') || (*s == '.' && !point); s++)
        if (*s == '.')
            point = s;
        else if (!first && *s != '0')
            first = s;
    if (s - start == (point != 0))
        return 0;
    end = scan_exponent(s, 'e', &exponent);
    if (!point)
        point = s;
    if (first)
        decimal_words(first, s, exponent + (point - first) + (point < first));
    return end;
}

int scan_float(char *s, char **end, int bits, int minexp, int maxexp, long *mantissa, int *exponent)
{
    char *after = 0;
    word[0] = 0;
    word[1] = 0;
    word[2] = 0;
    unit = 0;
    sticky = 0;
    if (*s == '0' && (s[1] | 32) == 'x')
        after = scan_hex(s + 2);
    if (!after)
        after = scan_decimal(s);
    if (end)
        *end = after ? after : s;
    bits = round_words(bits, minexp, maxexp, mantissa, exponent);
    return after ? bits : 0;
}

long pack_float(int bits, long mantissa, int exponent)
{
    long top = 1L << (bits - 1);
    long biased = exponent + bits - 1 + (bits == SINGLE_BITS ? 127 : bits == DOUBLE_BITS ? 1023 : 16383);
    if (!(mantissa & top))      // zero or subnormal
        biased = 0;
    if (bits == EXTENDED_BITS)
        return biased;
    return biased << (bits - 1) | (mantissa & (top - 1));
}
