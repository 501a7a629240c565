/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "untar.h"
#include "bits.h"

static struct in *in;
static const char *format;
static int lowest_first;

/* ---- bits ---- */

static unsigned char reversed[256];
static unsigned long bit_buffer;
static int bit_count; /* bits in the buffer: its lowest ones */
static int past_end;  /* how many of them are zeros that the file does not have */

void check(int ok, const char *what) {
    if (!ok)
        die("%s: corrupt %s data: %s", in->name, format, what);
}

static unsigned long peek(int n) {
    for (; bit_count < n; bit_count += 8) {
        int c = in_byte(in);
        if (c < 0) {
            past_end += 8;
            c = 0;
        }
        bit_buffer = bit_buffer << 8 | (lowest_first ? reversed[c] : c);
    }
    return bit_buffer >> (bit_count - n) & ((1L << n) - 1);
}

static void drop(int n) {
    bit_count -= n;
    if (bit_count < past_end)
        die("%s: truncated: the %s data ends too early", in->name, format);
}

unsigned long bits(int n) {
    unsigned long value = peek(n);
    drop(n);
    return value;
}

unsigned long reverse(unsigned long value, int n) {
    unsigned long result = 0;
    for (; n > 0; n--, value >>= 1)
        result = result << 1 | (value & 1);
    return result;
}

int next_stream(void) {
    drop(bit_count & 7);
    peek(8);
    return bit_count > past_end;
}

/* ---- Huffman codes ---- */

void make_huffman(struct huffman *h, const unsigned char *lengths, int symbols) {
    int len, s, code = 0, place = 0;
    h->min = h->max = 0;
    for (len = 1; len <= MAX_BITS; len++) {
        h->first[len] = code;
        h->place[len] = place;
        for (s = 0; s < symbols; s++)
            if (lengths[s] == len)
                h->symbols[place++] = s;
        h->count[len] = place - h->place[len];
        if (h->count[len]) {
            h->min = h->min ? h->min : len;
            h->max = len;
        }
        code = (code + h->count[len]) << 1;
    }
}

int symbol(struct huffman *h) {
    int len, next = peek(MAX_BITS);
    unsigned nth = 0;
    for (len = h->min; len <= h->max; len++) {
        nth = (next >> (MAX_BITS - len)) - h->first[len];
        if (nth < h->count[len])
            break;
    }
    check(h->max && len <= h->max, "a code that means nothing");
    drop(len);
    return h->symbols[h->place[len] + nth];
}

/* ---- what comes out ---- */

unsigned char window[BUFFER];
long window_len, total;
static unsigned crc, crc_table[256];

static void flush(void) {
    long i;
    for (i = 0; i < window_len; i++)
        crc = crc_table[(crc ^ (lowest_first ? window[i] : reversed[window[i]])) & 255] ^ crc >> 8;
    tar_feed(window, window_len);
    total += window_len;
    window_len = 0;
}

void put_start(void) {
    crc = 0xffffffff;
    total = 0;
}

void put(int c) {
    window[window_len++] = c;
    if (window_len == BUFFER)
        flush();
}

unsigned put_end(void) {
    flush();
    return lowest_first ? ~crc : ~reverse(crc, 32);
}

void bits_start(struct in *from, const char *name, int order) {
    int n, k;
    in = from;
    format = name;
    lowest_first = order;
    for (n = 0; n < 256; n++) {
        reversed[n] = reverse(n, 8);
        crc_table[n] = n;
        for (k = 0; k < 8; k++)
            crc_table[n] = crc_table[n] & 1 ? 0xedb88320 ^ crc_table[n] >> 1 : crc_table[n] >> 1;
    }
}
