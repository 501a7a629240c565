// SPDX-License-Identifier: GPL-3.0-or-later
// Floating-point numbers to text, for printf.

enum {
    MAX_PRECISION = 16500,              // more digits than any number has
    REAL_TEXT = MAX_PRECISION + 5000    // room for the longest text
};

// Writes mantissa * 2^exponent as printf's %f, %e or %g (the conversion) would, without sign and width.
// `point` keeps a last decimal point, and the zeros of %g. Returns the end.
char *__format_real(char *to, unsigned long mantissa, int exponent, int conversion, int precision, int point);
