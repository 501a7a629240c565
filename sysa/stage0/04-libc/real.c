// SPDX-License-Identifier: GPL-3.0-or-later
// Floating-point numbers to text, exactly, with integers only. (C99)
//
// mantissa * 2^exponent is an integer, or else mantissa * 5^n with the decimal point n digits from the right:
// again an integer, in base 1e9, multiplied step by step. All its digits are known before one is rounded.
#include <stdio.h>
#include <string.h>
#include "real.h"

enum {
    BASE = 1000000000,
    LIMBS = 1290                // for the least long double's 11514 digits
};

static unsigned limbs[LIMBS];   // least significant first
static int limb_count;
static char text[LIMBS * 9 + 1];
static char *digits;            // in text, the first one not 0; before it stands a 0
static int digit_count;

static void multiply(unsigned long factor) {
    unsigned long carry = 0;
    int i;
    for (i = 0; i < limb_count || carry; i++) {
        if (i == limb_count)
            limbs[limb_count++] = 0;
        carry += limbs[i] * factor;
        limbs[i] = carry % BASE;
        carry /= BASE;
    }
}

// Finds all digits of the number but zeros at the end, none for 0. Returns how many of them are left of the decimal point:
// perhaps more than there are, or fewer than none.
static int all_digits(unsigned long mantissa, int exponent) {
    int fraction = exponent < 0 ? -exponent : 0;
    int left;
    char *p = text;
    limb_count = 0;
    for (; mantissa; mantissa /= BASE)
        limbs[limb_count++] = mantissa % BASE;
    for (; exponent >= 29; exponent -= 29)
        multiply(1 << 29);
    for (; exponent > 0; exponent--)
        multiply(2);
    for (; exponent <= -13; exponent += 13)
        multiply(1220703125);           // 5^13
    for (; exponent < 0; exponent++)
        multiply(5);
    *p++ = '0';
    while (limb_count > 0)
        p += sprintf(p, "%09u", limbs[--limb_count]);
    for (digits = text; digits < p && *digits == '0'; )
        digits++;
    left = p - digits - fraction;
    while (p > digits && p[-1] == '0')
        p--;
    digit_count = p - digits;
    return left;
}

// Rounds to the first `keep` digits, ties to even. Returns 1 if that carried into a new first digit.
static int round_digits(int keep) {
    int up;
    int i;
    if (keep >= digit_count)
        return 0;
    up = keep >= 0 && (digits[keep] > '5' || (digits[keep] == '5' && (keep + 1 < digit_count || digits[keep - 1] & 1)));
    digit_count = keep > 0 ? keep : 0;
    for (i = keep - 1; up; i--) {
        up = digits[i] == '9';
        digits[i] = up ? '0' : digits[i] + 1;
    }
    if (digits[-1] == '0')
        return 0;
    digits--;
    digit_count++;
    return 1;
}

// The digits, with the decimal point after `left` of them and `precision` after that. Then, if `strip`, the
// last zeros are taken off, and unless `point` a decimal point at the end.
static char *put_digits(char *to, int left, int precision, int strip, int point) {
    int i = left > 0 ? 0 : left - 1;
    for (; i < left + precision; i++) {
        if (i == left)
            *to++ = '.';
        *to++ = i >= 0 && i < digit_count ? digits[i] : '0';
    }
    if (precision == 0)
        *to++ = '.';
    while (strip && to[-1] == '0')
        to--;
    return to[-1] == '.' && !point ? to - 1 : to;
}

char *__format_real(char *to, unsigned long mantissa, int exponent, int conversion, int precision, int point) {
    int strip = conversion == 'g' && !point;
    int left = all_digits(mantissa, exponent);
    if (!mantissa)
        left = 1;
    if (precision > MAX_PRECISION)
        precision = MAX_PRECISION;
    if (conversion == 'f') {
        left += round_digits(left + precision);
        return put_digits(to, left, precision, 0, point);
    }
    if (conversion == 'g' && precision > 0)
        precision--;
    left += round_digits(precision + 1);
    if (conversion == 'g' && left > -4 && left <= precision + 1)
        return put_digits(to, left, precision + 1 - left, strip, point);
    to = put_digits(to, 1, precision, strip, point);
    return to + sprintf(to, "e%+.2d", left - 1);
}
