// SPDX-License-Identifier: GPL-3.0-or-later
// SHA-256 of some texts, with its constants computed (cube roots of primes) instead of listed.
#include "io.h"

enum { MASK = 0xFFFFFFFF };
long k[64], h[8], w[64];
char *digits = "0123456789abcdef";

// The first 32 bits of the fractional part of the n-th root of p (n = 2 or 3), by bisection.
// p < 512, so the root times 2^32 has at most 37 bits; products are compared from the top down.
long multiply_high(long a, long b, long *low)
{
    // a, b < 2^40: 80 bits, as 40 + 40
    long al = a & 0xFFFFF, ah = a >> 20, bl = b & 0xFFFFF, bh = b >> 20;
    long middle = al * bh + ah * bl;
    long bottom = al * bl + ((middle & 0xFFFFF) << 20);
    *low = bottom & 0xFFFFFFFFFF;
    return ah * bh + (middle >> 20) + (bottom >> 40);
}

int root_is_low(long r, long p, int n)
{
    long low, high = multiply_high(r, r, &low);
    if (n == 2)                             // r^2 < p * 2^64 = p * 2^24 * 2^40
        return high < p << 24;
    // r^3 = high * 2^40 * r + low * r  <  p * 2^96 = p * 2^16 * 2^80
    long low2, high2, low3, high3;
    high2 = multiply_high(high, r, &low2);
    high3 = multiply_high(low, r, &low3);
    low2 += high3;
    high2 += low2 >> 40;
    return high2 < p << 16;
}

long root(long p, int n)
{
    long low = 0, high = 1L << 37;
    while (high - low > 1) {
        long middle = (low + high) / 2;
        if (root_is_low(middle, p, n))
            low = middle;
        else
            high = middle;
    }
    return low & MASK;
}

void constants(void)
{
    int count = 0;
    for (int p = 2; count < 64; p++) {
        int prime = 1;
        for (int d = 2; d * d <= p; d++)
            if (p % d == 0)
                prime = 0;
        if (!prime)
            continue;
        if (count < 8)
            h[count] = root(p, 2);
        k[count++] = root(p, 3);
    }
}

long rotate(long x, int n) { return (x >> n | x << (32 - n)) & MASK; }

void block(char *p)
{
    long v[8], t1, t2;
    int i;
    for (i = 0; i < 16; i++)
        w[i] = (p[4 * i] & 255) << 24 & MASK | (p[4 * i + 1] & 255) << 16 | (p[4 * i + 2] & 255) << 8 | p[4 * i + 3] & 255;
    for (; i < 64; i++)
        w[i] = w[i - 16] + (rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3) + w[i - 7]
            + (rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10) & MASK;
    for (i = 0; i < 8; i++)
        v[i] = h[i];
    for (i = 0; i < 64; i++) {
        t1 = v[7] + (rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25)) + (v[4] & v[5] ^ ~v[4] & v[6]) + k[i] + w[i];
        t2 = (rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22)) + (v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2]);
        for (int j = 7; j; j--)
            v[j] = v[j - 1];
        v[4] = v[4] + t1 & MASK;
        v[0] = t1 + t2 & MASK;
    }
    for (i = 0; i < 8; i++)
        h[i] = h[i] + v[i] & MASK;
}

void digest(char *text, long repeat)
{
    char buffer[128];
    long size = 0, total = 0;
    constants();
    while (repeat--)
        for (char *p = text; *p; p++) {
            buffer[size++] = *p;
            total += 8;
            if (size == 64) {
                block(buffer);
                size = 0;
            }
        }
    buffer[size++] = 128;
    while (size % 64 != 56)
        buffer[size++] = 0;
    for (int shift = 56; shift >= 0; shift -= 8)
        buffer[size++] = total >> shift;
    for (int at = 0; at < size; at += 64)
        block(buffer + at);
    for (int i = 0; i < 8; i++)
        for (int shift = 28; shift >= 0; shift -= 4)
            put_char(digits[h[i] >> shift & 15]);
    put("\n");
}

int main(void)
{
    digest("", 1);
    digest("abc", 1);
    digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1);
    digest("a", 10000);
    return 0;
}
