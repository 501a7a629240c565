/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common.h"
#include "bits.h"

static const char *name, *format;
static const unsigned char *in, *end;
static unsigned char order[256]; /* a byte with its first bit highest */
static unsigned long bit_buffer;
static int bit_count; /* bits in the buffer: its lowest ones */
static unsigned crc_table[256];

struct text out;

void check(int ok, const char *what) {
    if (!ok)
        die("%s: corrupt %s data: %s", name, format, what);
}

/* ---- bits ---- */

/* Makes them at least 57, with zeros behind the end; next_byte() finds out if these were used. */
static void fill(void) {
    check(in < end + 8, "it ends too early");
    for (; bit_count <= 56; bit_count += 8, in++)
        bit_buffer = bit_buffer << 8 | (in < end ? order[*in] : 0);
}

unsigned long bits(int n) {
    if (bit_count < n)
        fill();
    bit_count -= n;
    return bit_buffer >> bit_count & ((1UL << n) - 1);
}

unsigned long reverse(unsigned long value, int n) {
    unsigned long result = 0;
    for (; n > 0; n--, value >>= 1)
        result = result << 1 | (value & 1);
    return result;
}

int next_byte(void) {
    const unsigned char *next = in - bit_count / 8;
    bit_count -= bit_count % 8;
    check(next <= end, "it ends too early");
    return next < end;
}

/* ---- Huffman codes ---- */

void make_huffman(struct huffman *h, const unsigned char *lengths, int symbols) {
    int len, s, code = 0, place = 0;
    for (len = 1; len <= MAX_BITS; len++) {
        h->offset[len] = place - code;
        for (s = 0; s < symbols; s++)
            if (lengths[s] == len)
                h->symbols[place++] = s;
        code = place - h->offset[len];
        check(code <= 1 << len, "more codes than there can be");
        h->limit[len] = code << (MAX_BITS - len);
        code <<= 1;
    }
    h->limit[len] = -1; /* more than any bits are */
}

int symbol(struct huffman *h) {
    unsigned next, *limit = h->limit + 1;
    int len;
    if (bit_count < MAX_BITS)
        fill();
    next = bit_buffer >> (bit_count - MAX_BITS) & ((1 << MAX_BITS) - 1);
    while (next >= *limit)
        limit++;
    len = limit - h->limit;
    check(len <= MAX_BITS, "a code that means nothing");
    bit_count -= len;
    return h->symbols[(next >> (MAX_BITS - len)) + h->offset[len]];
}

/* ---- what comes out ---- */

unsigned crc(long from) {
    const unsigned char *p = (unsigned char *)out.data + from, *after = (unsigned char *)out.data + out.len;
    unsigned result = ~0;
    for (; p < after; p++)
        result = result << 8 ^ crc_table[result >> 24 ^ order[*p]];
    return ~result;
}

void decompress(const char *file_name, struct text *file, int gzip) {
    int i, k;
    name = file_name;
    format = gzip ? "gzip" : "bzip2";
    in = (unsigned char *)file->data;
    end = in + file->len;
    for (i = 0; i < 256; i++) {
        order[i] = gzip ? reverse(i, 8) : i;
        crc_table[i] = (unsigned)i << 24;
        for (k = 0; k < 8; k++)
            crc_table[i] = crc_table[i] << 1 ^ (crc_table[i] >> 31 ? 0x04c11db7 : 0);
    }
    do {
        if (gzip)
            gzip_member();
        else
            bzip2_stream();
    } while (next_byte());
    *file = out;
}
