// SPDX-License-Identifier: GPL-3.0-or-later
// Reading floating-point numbers with integers only. This header is C0.
#ifndef _DECIMAL_H
#define _DECIMAL_H

// The bits of a mantissa: float, double, long double.
enum { SINGLE_BITS = 24, DOUBLE_BITS = 53, EXTENDED_BITS = 64 };

// Reads the longest decimal or hexadecimal number at s (no blanks, no sign, no suffix, no "inf") and rounds it
// once, to the nearest, ties to even. *pattern becomes its IEEE 754 representation, with sign 0, and *top
// the biased exponent; of a long double the mantissa is in *pattern and the upper 16 bits are in *top. *end is
// left after the number. Returns 0 if there is none (*end = s), 1 if all is well, 2 if it is too big: then it is
// infinity.
int scan_float(char *s, char **end, int bits, long *pattern, long *top);

#endif
