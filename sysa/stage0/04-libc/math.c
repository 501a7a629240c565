// SPDX-License-Identifier: GPL-3.0-or-later
// Mathematics, worked out in long double with short series. (C99)
// tcc loses long doubles that wait in the FPU while the rest of an expression is worked out: hence the many variables.
#include <math.h>

#define PI 3.14159265358979323846264338327950288L
#define LN2 0.693147180559945309417232121458176568L
#define LN10 2.30258509299404568401799145468436421L

enum { TERMS = 30 };        // of any series here: the next one is too small to matter

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

// term + term * sign * x^2 / ((n + 1)(n + 2)) + ..., for x up to 1.
static long double series(long double x, long double term, int n, int sign)
{
    long double sum = 0;
    for (; n < TERMS; n += 2) {
        sum += term;
        term *= sign * x * x / ((n + 1) * (n + 2));
    }
    return sum;
}

// Newton's iteration, on a number from 1/4 to 1.
static long double root(long double x)
{
    int exponent;
    long double m;
    long double r = 1;
    int i;
    if (x < 0)
        return (x - x) / 0.0;
    if (x == 0 || x - x != 0)
        return x;
    frexp(x, &exponent);
    exponent += exponent & 1;
    m = ldexpl(x, -exponent);
    for (i = 0; i < 7; i++)
        r = (r + m / r) / 2;
    return ldexpl(r, exponent / 2);
}

static long double exponential(long double x)
{
    double k = floor(x / LN2 + 0.5);
    long double sinh;
    if (x < -12000)
        return 0;
    if (!(x < 12000))
        return ldexpl(x, 40000);        // infinity, or NaN
    x -= k * LN2;
    sinh = series(x, x, 1, 1);
    return ldexpl(sinh + series(x, 1, 0, 1), k);
}

// The logarithm of m from 0.7 to 1.4 is 2 (s + s^3/3 + s^5/5 + ...) for s = (m - 1) / (m + 1).
static long double logarithm(double x)
{
    int exponent;
    int n;
    long double m = frexp(x, &exponent);
    long double sum = 0;
    long double square;
    if (x < 0)
        return (x - x) / 0.0;
    if (x == 0)
        return -1 / 0.0;
    if (x - x != 0)
        return x;
    if (m < 0.7) {
        m *= 2;
        exponent--;
    }
    m = (m - 1) / (m + 1);
    square = m * m;
    for (n = 1; n < TERMS; n += 2) {
        sum += m / n;
        m *= square;
    }
    return 2 * sum + exponent * LN2;
}

// The sine of x + quarter * PI / 2.
static long double sine(long double x, int quarter)
{
    double k = floor(x / (PI / 2) + 0.5);
    if (!(fabs(x) < 1e9))
        return (x - x) / 0.0;           // no answer rather than one that means nothing
    x -= k * (PI / 2);
    quarter += k - 4 * floor(k / 4);
    if (quarter & 1)
        x = series(x, 1, 0, -1);
    else
        x = series(x, x, 1, -1);
    if (quarter & 2)
        return -x;
    return x;
}

// The angle is halved twice, then x - x^3/3 + x^5/5 - ...
static long double arc_tangent(long double x)
{
    int n;
    long double sum = 0;
    long double square;
    if (x < 0)
        return -arc_tangent(-x);
    if (x > 1)
        return PI / 2 - arc_tangent(1 / x);
    x /= 1 + root(1 + x * x);
    x /= 1 + root(1 + x * x);
    square = x * x;
    for (n = 1; n < TERMS; n += 2) {
        sum += x / n;
        x *= -square;
    }
    return 4 * sum;
}

// Whole powers by multiplication, the others by way of the logarithm.
double pow(double x, double y)
{
    long double result = 1;
    long double factor = x;
    long n;
    if (floor(y) != y || fabs(y) > 1000000)
        return exponential(y * logarithm(x));
    for (n = fabs(y); n > 0; n /= 2) {
        if (n & 1)
            result *= factor;
        factor *= factor;
    }
    if (y < 0)
        return 1 / result;
    return result;
}

double sqrt(double x) { return root(x); }
double exp(double x) { return exponential(x); }
double log(double x) { return logarithm(x); }
double log10(double x) { return logarithm(x) / LN10; }
double sin(double x) { return sine(x, 0); }
double cos(double x) { return sine(x, 1); }
double tan(double x) { return sin(x) / cos(x); }
double atan(double x) { return arc_tangent(x); }
double acos(double x) { return PI / 2 - asin(x); }
double cosh(double x) { return exp(x) / 2 + exp(-x) / 2; }
double tanh(double x) { return x > 30 ? 1 : x < -30 ? -1 : sinh(x) / cosh(x); }

double asin(double x)
{
    long double l = x;
    long double cosine = root((1 - l) * (1 + l));
    if (cosine == 0)
        return x * (PI / 2);
    l /= cosine;
    return arc_tangent(l);
}

double sinh(double x)
{
    long double l = x;
    if (fabs(x) < 1)
        return series(l, l, 1, 1);
    return exp(x) / 2 - exp(-x) / 2;
}
