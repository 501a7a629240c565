// SPDX-License-Identifier: GPL-3.0-or-later
// Floating-point numbers to text, exactly, with integers only. (C99)
//
// mantissa * 2^exponent is mantissa * 2^n, or mantissa * 5^n with the decimal point n digits from the right:
// an integer in base 1e9 that is multiplied step by step. All its digits are known before one is rounded.
#include <string.h>
#include "real.h"

enum {
    BASE = 1000000000,
    LIMBS = 1290        // for the least long double's 11514 digits
};

static unsigned limbs[LIMBS];               // least significant first
static char digits[LIMBS * 9 + 1];

static int multiply(int count, unsigned long factor)
{
    unsigned long carry = 0;
    int i;
    for (i = 0; i < count; i++) {
        carry += limbs[i] * factor;
        limbs[i] = carry % BASE;
        carry /= BASE;
    }
    for (; carry; carry /= BASE)
        limbs[count++] = carry % BASE;
    return count;
}

// All digits of the number into digits[], the first not 0 (none at all for zero). Returns how many
// of them are left of the decimal point; that may be negative, or more than there are.
static int all_digits(unsigned long mantissa, int exponent)
{
    int count = 0;
    int fraction = exponent < 0 ? -exponent : 0;
    int i;
    char *p = digits;
    for (; mantissa; mantissa /= BASE)
        limbs[count++] = mantissa % BASE;
    for (; exponent >= 29; exponent -= 29)
        count = multiply(count, 1 << 29);
    for (; exponent > 0; exponent--)
        count = multiply(count, 2);
    for (; exponent <= -13; exponent += 13)
        count = multiply(count, 1220703125);        // 5^13
    for (; exponent < 0; exponent++)
        count = multiply(count, 5);
    while (count > 0) {
        unsigned limb = limbs[--count];
        for (i = 8; i >= 0; i--, limb /= 10)
            p[i] = '0' + limb % 10;
        p += 9;
    }
    *p = 0;
    for (i = 0; digits[i] == '0'; i++)
        ;
    memmove(digits, digits + i, p - digits - i + 1);
    return p - digits - i - fraction;
}

// Rounds digits[] to the first `keep`, ties to even. Returns 1 if that carried into a new first digit.
static int round_digits(int keep)
{
    int length = strlen(digits);
    int i;
    int up;
    if (keep >= length)
        return 0;
    if (keep < 0) {
        digits[0] = 0;
        return 0;
    }
    up = digits[keep] > '5' || (digits[keep] == '5' && (keep + 1 < length || (keep > 0 && digits[keep - 1] & 1)));
    digits[keep] = 0;
    for (i = keep; up && i > 0; i--) {
        up = digits[i - 1] == '9';
        digits[i - 1] = up ? '0' : digits[i - 1] + 1;
    }
    if (!up)
        return 0;
    // A carry out of all nines: the rest are zeros.
    digits[0] = '1';
    memset(digits + 1, '0', keep);
    digits[keep + 1] = 0;
    return 1;
}

// The exponent as printf writes it, at least `least` digits. Returns the end.
static char *put_exponent(char *to, int letter, int exponent, int least)
{
    char reversed[8];
    int n = 0;
    *to++ = letter;
    *to++ = exponent < 0 ? '-' : '+';
    if (exponent < 0)
        exponent = -exponent;
    for (; exponent || n < least; exponent /= 10)
        reversed[n++] = '0' + exponent % 10;
    while (n > 0)
        *to++ = reversed[--n];
    return to;
}

// Takes off the last zeros if `strip`, and then a decimal point at the end unless `point`.
static char *tidy(char *end, int strip, int point)
{
    while (strip && end[-1] == '0')
        end--;
    return end[-1] == '.' && !point ? end - 1 : end;
}

static int digit(int i, int length)
{
    return i >= 0 && i < length ? digits[i] : '0';
}

// The digits with the decimal point after `point` of them and `precision` after that.
static char *put_fixed(char *to, int point, int precision)
{
    int length = strlen(digits);
    int i = point > 0 ? 0 : point - 1;
    for (; i < point; i++)
        *to++ = digit(i, length);
    *to++ = '.';
    for (; i < point + precision; i++)
        *to++ = digit(i, length);
    return to;
}

static char *format_hex(char *to, unsigned long mantissa, int exponent, int precision, int point, int shift)
{
    int strip = precision < 0;
    int drop = shift - 4 * precision;
    if (mantissa)
        exponent += shift;
    if (!strip && drop > 0) {
        unsigned long rest = mantissa & ((1UL << drop) - 1);
        unsigned long half = 1UL << (drop - 1);
        mantissa >>= drop;
        shift -= drop;
        mantissa += rest > half || (rest == half && mantissa & 1);
    }
    if (mantissa >> shift > 15) {
        mantissa >>= 4;
        exponent += 4;
    }
    *to++ = "0123456789abcdef"[mantissa >> shift];
    *to++ = '.';
    for (; shift > 0; precision--) {
        shift -= 4;
        *to++ = "0123456789abcdef"[mantissa >> shift & 15];
    }
    for (; precision > 0; precision--)
        *to++ = '0';
    return put_exponent(tidy(to, strip, point), 'p', exponent, 1);
}

char *format_real(char *to, unsigned long mantissa, int exponent, int conversion, int precision, int point, int shift)
{
    int left;
    int strip = conversion == 'g' && !point;
    if (precision > MAX_PRECISION)
        precision = MAX_PRECISION;
    if (conversion == 'a')
        return format_hex(to, mantissa, exponent, precision, point, shift);
    if (precision < 0)
        precision = 6;
    left = all_digits(mantissa, exponent);
    if (!mantissa)
        left = 1;
    if (conversion == 'f') {
        left += round_digits(left + precision);
        return tidy(put_fixed(to, left, precision), 0, point);
    }
    if (conversion == 'g' && precision > 0)
        precision--;
    left += round_digits(precision + 1);
    if (conversion == 'g' && left > -4 && left <= precision + 1)
        return tidy(put_fixed(to, left, precision + 1 - left), strip, point);
    return put_exponent(tidy(put_fixed(to, 1, precision), strip, point), 'e', left - 1, 2);
}
