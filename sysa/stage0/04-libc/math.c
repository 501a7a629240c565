// SPDX-License-Identifier: GPL-3.0-or-later
// The mathematics that tcc needs; there is more when musl comes. (C99)
#include <math.h>

// x * 2^n by changing the exponent; a result below the normal range is reached by one multiplication, which rounds.
long double ldexpl(long double x, int n) {
    union { long double value; struct { unsigned long mantissa; unsigned short top; } bits; } u;
    int exponent;
    u.value = x;
    exponent = u.bits.top & 0x7fff;
    if (x == 0 || exponent == 0x7fff)
        return x;
    if (exponent == 0) {
        u.value *= 0x1p64L;
        exponent = (u.bits.top & 0x7fff) - 64;
    }
    n = n > 40000 ? 40000 : n < -40000 ? -40000 : n;
    exponent += n;
    u.bits.top &= 0x8000;
    if (exponent > 0 && exponent < 0x7fff) {
        u.bits.top |= exponent;
        return u.value;
    }
    if (exponent > 0) {
        u.bits.top |= 0x7ffe;
        return u.value * 2;
    }
    if (exponent <= -64) {          // less than half of the least number: as good as half, which is rounded to 0
        u.bits.mantissa = 1UL << 63;
        exponent = -63;
    }
    u.bits.top |= exponent + 64;
    return u.value * 0x1p-64L;
}

double ldexp(double x, int n) {
    return ldexpl(x, n);
}
