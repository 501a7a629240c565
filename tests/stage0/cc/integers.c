// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
// Widths, signs, promotions and conversions.
static unsigned char uc = 200;
static signed char sc = -100;
static unsigned short us = 65000;
static short ss = -30000;
static unsigned ui = 4000000000u;
static int si = -2000000000;
static unsigned long ul = 0xfffffffffffffff0ul;
static long sl = -5;

int main(void)
{
    int i;
    printf("%d %d %d %d %u %d %lu %ld\n", uc, sc, us, ss, ui, si, ul, sl);
    printf("%d %d %d\n", uc + sc, uc * us, sc * ss);
    printf("%d %d %d %d\n", si < ui, sc < uc, -1 < 1u, -1 < 1ul);
    printf("%u %ld %lu\n", ui * 2, (long)si * 4, ul / 7);
    printf("%lu %ld %lu %ld\n", ul % 1000, sl % 3, ul >> 60, sl >> 1);
    printf("%u %d %u\n", ui >> 31, si >> 31, (unsigned)si >> 31);
    printf("%d %d %d %d\n", (char)300, (unsigned char)300, (short)70000, (unsigned short)70000);
    printf("%ld %lu\n", (long)ui, (unsigned long)si);
    printf("%x %lx %o\n", 0xdeadbeef, 0x123456789abcdefl, 0777);
    printf("%ld %ld %ld %ld\n", sizeof 1, sizeof 1l, sizeof 0x80000000, sizeof 2147483648);
    printf("%d %d\n", ~0 == -1, !0 + !5);
    for (i = 0; i < 40; i += 13)
        printf("%d %u %ld %lu;", 1 << i % 31, 0x80000000u >> i % 32, 1l << i, ul >> i);
    printf("\n");
    uc += 100; sc -= 100; us *= 3; ss <<= 2; ui /= 3; si %= 1000; ul ^= 0xff; sl |= 1;
    printf("%d %d %d %d %u %d %lu %ld\n", uc, sc, us, ss, ui, si, ul, sl);
    uc++; --sc; us--; ++ss;
    printf("%d %d %d %d %d %d\n", uc++, sc--, us, ss, uc, sc);
    printf("%d\n", (5, 6, 7));
    printf("%d %d\n", si ? 1 : 2, !si ? 1 : 2);
    printf("%lu %lu\n", (unsigned long)-1 / 3, 0xffffffffffffffffu % 10);
    printf("%d %ld\n", 'a' + '\n' + '\x41' + '\101' + '\0', (long)'\xff');
    return 0;
}
