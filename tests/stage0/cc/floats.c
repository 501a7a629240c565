// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include "bits.h"
// Floating point: constants, arithmetic, comparison, conversion, calls. volatile keeps gcc from folding.
static double half(double x) { return x / 2; }
static float third(float x) { return x / 3; }
static long double product(long double x, int n, long double y) { return x * n * y; }
static float table[] = {1, -2.5f, 1e10, 0x1p-3};
static double constant = -0.1;
static long double wide = 1.25L;

int main(void)
{
    volatile double d = 0.1, zero = 0, big = 1e19;
    volatile float f = 16777217;
    volatile unsigned long ul = 0xfffffffffffff000ul;
    double nan = zero / zero, inf = 1 / zero;
    int i;
    printf("%lx %x\n", bits(d + 0.2), single(third(f)));
    show(product(1.5L, 3, wide));
    printf("%x %x %x %x %lx\n", single(table[0]), single(table[1]), single(table[2]), single(table[3]), bits(constant));
    printf("%d %d %d %d\n", (int)3.99, (int)-3.99, (int)f, (char)65.5);
    printf("%lu %lu %ld\n", (unsigned long)big, (unsigned long)d, (long)-1e15);
    printf("%lx %lx %x\n", bits((double)ul), bits((double)(long)ul), single((float)d));
    printf("%d%d%d%d%d%d ", d < 1, d > 1, d <= 0.1, d >= 1, d == 0.1, d != 0.1);
    printf("%d%d%d%d%d%d ", nan < 1, nan > 1, nan <= nan, nan >= 1, nan == nan, nan != nan);
    printf("%d%d%d\n", inf > 1e308, -inf < 0, inf == inf);
    printf("%d %d %d\n", d ? 1 : 0, zero ? 1 : 0, !d || zero && d);
    f = 1;
    for (i = 0; i < 10; i++)
        f += f * d;
    printf("%x %lx\n", single(f), bits(half(half(d)) + half(f) * -half(3)));
    d++; f--; d *= 3; f /= 7;
    printf("%lx %x\n", bits(d), single(f));
    printf("%lx\n", bits(1.0 + 2 * (3.5 - half(1) / (half(3) + half(5))) - (half(7) - half(9))));
    printf("%lx %lx %lx\n", bits(4294967296.0 * 4294967296.0), bits(1e-320), bits(1.7976931348623157e308));
    return i == 10 && d > f ? 0 : 1;
}
