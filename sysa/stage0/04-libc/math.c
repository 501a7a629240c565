// SPDX-License-Identifier: GPL-3.0-or-later
// Mathematics, worked out in long double with short series. (C99)
#include <math.h>

#define PI 3.14159265358979323846264338327950288L
#define LN2 0.693147180559945309417232121458176568L
#define LN10 2.30258509299404568401799145468436421L

union parts {
    long double value;
    struct { unsigned long mantissa; unsigned short top; } bits;
};

// x * 2^n by changing the exponent; a result below the normal range is reached with one multiplication,
// which rounds.
long double ldexpl(long double x, int n)
{
    union parts u;
    int exponent;
    u.value = x;
    if (x == 0 || (u.bits.top & 0x7fff) == 0x7fff)
        return x;
    if (n > 40000 || n < -40000)
        n = n > 0 ? 40000 : -40000;
    if (!(u.bits.top & 0x7fff)) {
        u.value *= 0x1p64L;
        n -= 64;
    }
    exponent = (u.bits.top & 0x7fff) + n;
    u.bits.top &= 0x8000;
    if (exponent >= 0x7fff) {
        u.bits.top |= 0x7fff;
        u.bits.mantissa = 1UL << 63;
        return u.value;
    }
    if (exponent > 0) {
        u.bits.top |= exponent;
        return u.value;
    }
    u.bits.top |= exponent > -64 ? exponent + 64 : 1;
    return u.value * (exponent > -64 ? 0x1p-64L : 0);
}

double ldexp(double x, int n)
{
    return ldexpl(x, n);
}

double frexp(double x, int *exponent)
{
    union parts u;
    u.value = x;
    *exponent = 0;
    if (x == 0 || (u.bits.top & 0x7fff) == 0x7fff)
        return x;
    *exponent = (u.bits.top & 0x7fff) - 16382;
    u.bits.top = (u.bits.top & 0x8000) | 16382;
    return u.value;
}

double fabs(double x)
{
    union { double value; unsigned long bits; } u;
    u.value = x;
    u.bits &= ~(1UL << 63);
    return u.value;
}

// From 2^52 on every double is an integer.
double floor(double x)
{
    long n;
    if (!(fabs(x) < 0x1p52) || x == 0)
        return x;
    n = x;
    return n - (x < n);
}

double ceil(double x)
{
    return -floor(-x);
}

double round(double x)
{
    return x < 0 ? -floor(0.5 - x) : fabs(x) < 0.5 ? 0 : floor(x + 0.5);
}

// Newton's iteration from above, on a number from 1/4 to 1.
double sqrt(double x)
{
    int exponent;
    long double m;
    long double root = 1;
    int i;
    if (x < 0)
        return (x - x) / 0.0;
    if (x == 0 || x - x != 0)
        return x;
    m = frexp(x, &exponent);
    if (exponent & 1) {
        m /= 2;
        exponent++;
    }
    for (i = 0; i < 7; i++)
        root = (root + m / root) / 2;
    return ldexpl(root, exponent / 2);
}
