/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gzip (RFC 1952) and the deflate data in it (RFC 1951; section numbers below are of the latter). */
#include "untar.h"
#include <string.h>

enum { WINDOW = 32768, MAX_BITS = 15, LITERALS = 288, DISTANCES = 32 };

/* ---- bits, the lowest of each byte first ---- */

static struct in *in;
static unsigned long bit_buffer;
static int bit_count; /* bits in the buffer */
static int past_end;  /* how many of them are zeros that the file does not have */

static void check(int ok, const char *what) {
    if (!ok)
        die("%s: corrupt gzip data: %s", in->name, what);
}

static void need(int n) {
    while (bit_count < n) {
        int c = in_byte(in);
        if (c < 0) {
            past_end += 8;
            c = 0;
        }
        bit_buffer |= (unsigned long)c << bit_count;
        bit_count += 8;
    }
}

static void drop(int n) {
    bit_buffer >>= n;
    bit_count -= n;
    if (bit_count < past_end)
        die("%s: truncated: the gzip data ends too early", in->name);
}

static unsigned long bits(int n) {
    need(n);
    unsigned long value = bit_buffer & ((1L << n) - 1);
    drop(n);
    return value;
}

static int at_end(void) {
    need(8);
    return bit_count <= past_end;
}

/* ---- what comes out ---- */

static unsigned char window[WINDOW];
static int window_len;      /* how much of it has not been handed on */
static unsigned long total; /* bytes, of this gzip member */
static unsigned crc, crc_table[256];

static void make_crc_table(void) {
    unsigned n, k;
    for (n = 0; n < 256; n++) {
        unsigned c = n;
        for (k = 0; k < 8; k++)
            c = c & 1 ? 0xedb88320 ^ c >> 1 : c >> 1;
        crc_table[n] = c;
    }
}

static void flush(void) {
    int i;
    for (i = 0; i < window_len; i++)
        crc = crc_table[(crc ^ window[i]) & 255] ^ crc >> 8;
    tar_feed(window, window_len);
    total += window_len;
    window_len = 0;
}

static void put(int c) {
    window[window_len++] = c;
    if (window_len == WINDOW)
        flush();
}

/* ---- Huffman codes (3.2.2) ---- */

/* Indexed by the next `max` bits: the length of the code that they begin with * 512 + its symbol.
 * 0 where no code begins so. */
struct huffman {
    int max;
    unsigned short table[1 << MAX_BITS];
};

static void make_huffman(struct huffman *h, const unsigned char *lengths, int symbols) {
    int count[MAX_BITS + 1], next[MAX_BITS + 1], code = 0, len, symbol;
    memset(count, 0, sizeof count);
    for (symbol = 0; symbol < symbols; symbol++)
        count[lengths[symbol]]++;
    count[0] = 0;
    h->max = 1;
    for (len = 1; len <= MAX_BITS; len++) {
        code = (code + count[len - 1]) << 1;
        next[len] = code;
        check(code + count[len] <= 1 << len, "a Huffman code that is too full");
        if (count[len])
            h->max = len;
    }
    memset(h->table, 0, sizeof(unsigned short) << h->max);
    for (symbol = 0; symbol < symbols; symbol++) {
        int i, reversed = 0;
        len = lengths[symbol];
        if (len == 0)
            continue;
        code = next[len]++;
        for (i = 0; i < len; i++)
            reversed |= (code >> i & 1) << (len - 1 - i);
        for (i = reversed; i < 1 << h->max; i += 1 << len)
            h->table[i] = len << 9 | symbol;
    }
}

static int symbol(struct huffman *h) {
    need(h->max);
    int found = h->table[bit_buffer & ((1 << h->max) - 1)];
    check(found, "a code that means nothing");
    drop(found >> 9);
    return found & 511;
}

/* ---- blocks (3.2.3) ---- */

static struct huffman literal_code, distance_code;

static void stored_block(void) {
    unsigned long len;
    drop(bit_count & 7);
    len = bits(16);
    check((len ^ bits(16)) == 0xffff, "a stored block whose lengths differ");
    while (len-- > 0)
        put(bits(8));
}

/* 3.2.6 */
static void fixed_codes(void) {
    unsigned char lengths[LITERALS];
    memset(lengths, 8, 144);
    memset(lengths + 144, 9, 112);
    memset(lengths + 256, 7, 24);
    memset(lengths + 280, 8, 8);
    make_huffman(&literal_code, lengths, LITERALS);
    memset(lengths, 5, DISTANCES);
    make_huffman(&distance_code, lengths, DISTANCES);
}

/* 3.2.7: the lengths of both codes, coded by a third one */
static void dynamic_codes(void) {
    static const unsigned char order[19] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    unsigned char lengths[LITERALS + DISTANCES];
    int literals = bits(5) + 257, distances = bits(5) + 1, codes = bits(4) + 4, i;
    memset(lengths, 0, 19);
    for (i = 0; i < codes; i++)
        lengths[order[i]] = bits(3);
    make_huffman(&literal_code, lengths, 19);
    for (i = 0; i < literals + distances;) {
        int s = symbol(&literal_code), repeat = 1, value = s;
        if (s == 16) {
            check(i > 0, "it repeats a length before the first");
            value = lengths[i - 1];
            repeat = 3 + bits(2);
        } else if (s > 16) {
            value = 0;
            repeat = s == 17 ? 3 + bits(3) : 11 + bits(7);
        }
        check(i + repeat <= literals + distances, "too many code lengths");
        memset(lengths + i, value, repeat);
        i += repeat;
    }
    check(literals <= 286, "too many codes");
    make_huffman(&literal_code, lengths, literals);
    make_huffman(&distance_code, lengths + literals, distances);
}

/* 3.2.5 */
static void coded_block(void) {
    int s, i, from;
    while ((s = symbol(&literal_code)) != 256) {
        long len, distance;
        if (s < 256) {
            put(s);
            continue;
        }
        /* Lengths 3..10 have a code each, the next 4 * 2 two to a code, the next 4 * 4 four, and so on. */
        s -= 257;
        if (s < 8)
            len = 3 + s;
        else if (s < 28)
            len = 3 + ((4L + s % 4) << (s / 4 - 1)) + bits(s / 4 - 1);
        else
            len = 258;
        i = symbol(&distance_code);
        check(s <= 28 && i <= 29, "a code that means nothing");
        distance = i < 4 ? 1 + i : 1 + ((2L + i % 2) << (i / 2 - 1)) + bits(i / 2 - 1);
        check(distance <= total + window_len, "it refers to before its beginning");
        for (from = window_len - distance; len > 0; len--, from++)
            put(window[from & (WINDOW - 1)]);
    }
}

static void deflate_data(void) {
    int last, type;
    do {
        last = bits(1);
        type = bits(2);
        check(type < 3, "a block of unknown type");
        if (type == 1)
            fixed_codes();
        else if (type == 2)
            dynamic_codes();
        if (type == 0)
            stored_block();
        else
            coded_block();
    } while (!last);
}

/* ---- gzip (RFC 1952, 2.3) ---- */

static void member(void) {
    int flags, extra;
    check(bits(8) == 0x1f && bits(8) == 0x8b && bits(8) == 8, "it does not begin like gzip");
    flags = bits(8);
    check((flags & 0xe0) == 0, "unknown flags");
    bits(48); /* time, extra flags, system */
    if (flags & 4)
        for (extra = bits(16); extra > 0; extra--)
            bits(8);
    if (flags & 8)
        while (bits(8)) /* the file's name */
            ;
    if (flags & 16)
        while (bits(8)) /* a comment */
            ;
    if (flags & 2)
        bits(16); /* the header's checksum */
    crc = 0xffffffff;
    total = 0;
    deflate_data();
    flush();
    drop(bit_count & 7);
    check(bits(32) == (crc ^ 0xffffffff), "wrong checksum");
    check(bits(32) == (total & 0xffffffff), "wrong length at its end");
}

void inflate(struct in *from) {
    in = from;
    make_crc_table();
    do
        member();
    while (!at_end());
}
