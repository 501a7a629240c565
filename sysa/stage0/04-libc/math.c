// SPDX-License-Identifier: GPL-3.0-or-later
// The mathematics that tcc needs for hexadecimal constants; there is more when musl comes. (C99)
#include <math.h>

// x * 2^n. Exact, unless the result is subnormal: then each halving rounds.
long double ldexpl(long double x, int n) {
    for (; n > 0; n--)
        x *= 2;
    for (; n < 0; n++)
        x /= 2;
    return x;
}
