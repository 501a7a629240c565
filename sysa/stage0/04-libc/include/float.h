// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef _FLOAT_H
#define _FLOAT_H

#define FLT_RADIX 2
#define FLT_MANT_DIG 24
#define FLT_DIG 6
#define FLT_EPSILON 0x1p-23F
#define FLT_MIN_EXP (-125)
#define FLT_MIN 0x1p-126F
#define FLT_MAX_EXP 128
#define FLT_MAX 0x1.fffffep127F
#define DBL_MANT_DIG 53
#define DBL_DIG 15
#define DBL_EPSILON 0x1p-52
#define DBL_MIN_EXP (-1021)
#define DBL_MIN 0x1p-1022
#define DBL_MAX_EXP 1024
#define DBL_MAX 0x1.fffffffffffffp1023
#define LDBL_MANT_DIG 64
#define LDBL_DIG 18
#define LDBL_EPSILON 0x1p-63L
#define LDBL_MIN_EXP (-16381)
#define LDBL_MIN 0x1p-16382L
#define LDBL_MAX_EXP 16384
#define LDBL_MAX 0x1.fffffffffffffffep16383L

#endif
