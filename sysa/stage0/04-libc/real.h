// SPDX-License-Identifier: GPL-3.0-or-later
// Floating-point numbers to text, for printf.

enum {
    MAX_PRECISION = 16500,              // more digits than any number has
    REAL_TEXT = MAX_PRECISION + 5000    // room for the longest text
};

// Writes mantissa * 2^exponent as printf's conversion f, e, g or a would (sign, width, upper case and 0x are the
// caller's). precision is -1 if none is given; `point` keeps the decimal point and %g's zeros; for %a, `shift` is
// the number of mantissa bits after the first digit. Returns the end.
char *format_real(char *to, unsigned long mantissa, int exponent, int conversion, int precision, int point, int shift);
