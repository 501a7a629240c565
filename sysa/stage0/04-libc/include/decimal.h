// SPDX-License-Identifier: GPL-3.0-or-later
// Reading floating-point numbers with integers only. This header is C0.
#ifndef _DECIMAL_H
#define _DECIMAL_H

// The formats: bits of the mantissa, least and greatest exponent of a mantissa taken as an integer.
enum {
    SINGLE_BITS = 24, SINGLE_MIN = -149, SINGLE_MAX = 104,
    DOUBLE_BITS = 53, DOUBLE_MIN = -1074, DOUBLE_MAX = 971,
    EXTENDED_BITS = 64, EXTENDED_MIN = -16445, EXTENDED_MAX = 16320
};

// Reads the longest decimal or hexadecimal number at s (no blanks, no sign, no suffix, no "inf") and rounds it
// once, to the nearest, ties to even: value = *mantissa * 2^*exponent. The mantissa is a 64-bit pattern
// (bit 63 may be set when bits is 64). It has its top bit (bit bits - 1) set, except for subnormals,
// whose *exponent is minexp, and zero, for which both are 0. *end is left after the number; end may be 0.
// Returns 0 if there is no number (*end = s, value 0), 1 if all is well, 2 if the number is too big; then
// *mantissa is 1 << (bits - 1) and *exponent is maxexp + 1, which pack_float makes infinity; 3 if all is well,
// but the number is so small that bits were lost: a rounded subnormal, or 0.
int scan_float(char *s, char **end, int bits, int minexp, int maxexp, long *mantissa, int *exponent);

// The IEEE pattern (sign 0) of what scan_float gave: for 24 bits 32 bits wide, for 53 bits 64; for 64 bits
// only the upper 16 bits of a long double, whose lower 8 bytes are the mantissa itself.
long pack_float(int bits, long mantissa, int exponent);

#endif
