/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-256 as in FIPS 180-4; the names are those of its section 6.2. */
#include "common.h"

/* 4.2.2: the first 32 bits of the fractional parts of the cube roots of the first 64 primes */
static const unsigned k[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* 5.3.3: the same of the square roots of the first eight */
static const unsigned start[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

#define rotr(x, n) ((x) >> (n) | (x) << (32 - (n))) /* as a function it takes twice the time */

static void block(unsigned *hash, const unsigned char *p) {
    unsigned w[64], t1, t2;
    int t;
    for (t = 0; t < 16; t++, p += 4)
        w[t] = (unsigned)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
    for (; t < 64; t++) {
        t1 = rotr(w[t - 2], 17) ^ rotr(w[t - 2], 19) ^ w[t - 2] >> 10;
        t2 = rotr(w[t - 15], 7) ^ rotr(w[t - 15], 18) ^ w[t - 15] >> 3;
        w[t] = t1 + w[t - 7] + t2 + w[t - 16];
    }
    unsigned a = hash[0], b = hash[1], c = hash[2], d = hash[3], e = hash[4], f = hash[5], g = hash[6], h = hash[7];
    for (t = 0; t < 64; t++) {
        t1 = h + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & f) ^ (~e & g)) + k[t] + w[t];
        t2 = (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
    }
    hash[0] += a, hash[1] += b, hash[2] += c, hash[3] += d, hash[4] += e, hash[5] += f, hash[6] += g, hash[7] += h;
}

void sha256(const void *bytes, long n, char *hex) {
    unsigned char tail[128] = {0}; /* 5.1.1: the rest, a one bit, zeros, and the length in bits, big-endian */
    const unsigned char *p = bytes, *end = p + n - n % 64;
    int i, tail_len = n % 64 < 56 ? 64 : 128;
    unsigned hash[8];
    memcpy(hash, start, sizeof hash);
    for (; p < end; p += 64)
        block(hash, p);
    memcpy(tail, p, n % 64);
    tail[n % 64] = 0x80;
    for (i = 0; i < 8; i++)
        tail[tail_len - 1 - i] = n * 8 >> 8 * i;
    for (i = 0; i < tail_len; i += 64)
        block(hash, tail + i);
    for (i = 0; i < 8; i++)
        sprintf(hex + 8 * i, "%08x", hash[i]);
}
