/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bzip2. There is no standard; what a file looks like:
 *
 *     file   = stream { stream }
 *     stream = "BZh" level { block } end        level '1'..'9': a block has at most level * 100,000 bytes
 *     block  = 0x314159265359 crc:32 randomised:1 origin:24 symbol-map tables selectors codes
 *     end    = 0x177245385090 crc:32            and zero bits to the next whole byte
 *
 * A block is made from the data in five steps, undone here from the last to the first:
 *     1. runs of 4 to 255 equal bytes become 4 bytes and a count        put_block
 *     2. Burrows-Wheeler transform; `origin` is where the data begins   put_block
 *     3. move to front                                                  read_block
 *     4. runs of zeros as numbers in the digits RUNA, RUNB              read_block
 *     5. Huffman codes, a choice of up to 6 for each 50 symbols         read_tables, symbol */
#include "untar.h"
#include <string.h>

enum { MAX_BITS = 20, TABLES = 6, SELECTORS = 18002, GROUP = 50, RUNA = 0, RUNB = 1 };

/* ---- bits, the highest of each byte first ---- */

static struct in *in;
static unsigned long bit_buffer;
static int bit_count; /* bits in the buffer, the lowest ones of it */
static int past_end;  /* how many of them are zeros that the file does not have */

static void check(int ok, const char *what) {
    if (!ok)
        die("%s: corrupt bzip2 data: %s", in->name, what);
}

/* the next n bits (at most 32), still in the buffer */
static unsigned long peek(int n) {
    while (bit_count < n) {
        int c = in_byte(in);
        if (c < 0) {
            past_end += 8;
            c = 0;
        }
        bit_buffer = bit_buffer << 8 | c;
        bit_count += 8;
    }
    return bit_buffer >> (bit_count - n) & ((1L << n) - 1);
}

static void drop(int n) {
    bit_count -= n;
    if (bit_count < past_end)
        die("%s: truncated: the bzip2 data ends too early", in->name);
}

static unsigned long bits(int n) {
    unsigned long value = peek(n);
    drop(n);
    return value;
}

static int at_end(void) {
    peek(8);
    return bit_count <= past_end;
}

/* ---- Huffman codes ---- */

/* Codes of one length are consecutive numbers; so are the places of their symbols in `symbols`. */
static struct huffman {
    int min, max;             /* the shortest and the longest code */
    int first[MAX_BITS + 1];  /* by length: the first code, */
    int count[MAX_BITS + 1];  /* how many there are, */
    int offset[MAX_BITS + 1]; /* and the place of the first one's symbol */
    short symbols[258];
} tables[TABLES];

static void make_huffman(struct huffman *h, const unsigned char *lengths, int symbols) {
    int len, s, code = 0, place = 0;
    h->min = h->max = 0;
    for (len = 1; len <= MAX_BITS; len++) {
        h->first[len] = code;
        h->offset[len] = place;
        for (s = 0; s < symbols; s++)
            if (lengths[s] == len)
                h->symbols[place++] = s;
        h->count[len] = place - h->offset[len];
        if (h->count[len]) {
            if (!h->min)
                h->min = len;
            h->max = len;
        }
        code = (code + h->count[len]) << 1;
    }
}

static int symbol(struct huffman *h) {
    int len, next = peek(MAX_BITS);
    for (len = h->min; len <= h->max; len++) {
        unsigned nth = (next >> (MAX_BITS - len)) - h->first[len];
        if (nth < h->count[len]) {
            drop(len);
            return h->symbols[h->offset[len] + nth];
        }
    }
    check(0, "a code that means nothing");
    return 0;
}

/* ---- reading a block: steps 5 to 3 ---- */

static unsigned *chain; /* the low byte of each is a byte of the block; the rest serves put_block */
static long block_max, block_len, origin;
static unsigned char front[256]; /* the bytes that occur, the latest first */
static int front_len;
static unsigned char selectors[SELECTORS];
static int selectors_len;

/* which bytes occur: 16 bits for the sixteens, then 16 bits for each of these that is not empty */
static void read_symbol_map(void) {
    int i, j, used = bits(16);
    front_len = 0;
    for (i = 0; i < 16; i++)
        if (used >> (15 - i) & 1) {
            int part = bits(16);
            for (j = 0; j < 16; j++)
                if (part >> (15 - j) & 1)
                    front[front_len++] = i * 16 + j;
        }
    check(front_len > 0, "an empty block");
}

static void to_front(unsigned char *list, int place) {
    unsigned char c = list[place];
    memmove(list + 1, list, place);
    list[0] = c;
}

static void read_tables(void) {
    unsigned char order[TABLES] = {0, 1, 2, 3, 4, 5}, lengths[258];
    int t, i, n, count = bits(3), total = bits(15), symbols = front_len + 2;
    check(count >= 2 && count <= TABLES && total > 0, "a wrong number of tables");
    selectors_len = 0;
    for (i = 0; i < total; i++) {
        for (n = 0; bits(1); n++)
            check(n + 1 < count, "it selects a table it does not have");
        to_front(order, n);
        if (selectors_len < SELECTORS) /* some programs write more than a block can use */
            selectors[selectors_len++] = order[0];
    }
    /* each length as its difference from the one before: 0 is the end, 10 one up, 11 one down */
    for (t = 0; t < count; t++) {
        int len = bits(5);
        for (i = 0; i < symbols; i++) {
            while (len >= 1 && len <= MAX_BITS && bits(1))
                len += bits(1) ? -1 : 1;
            check(len >= 1 && len <= MAX_BITS, "an impossible code length");
            lengths[i] = len;
        }
        make_huffman(&tables[t], lengths, symbols);
    }
}

static void add_run(int c, long n) {
    check(n <= block_max - block_len, "a block that is too long");
    while (n-- > 0)
        chain[block_len++] = c;
}

static void read_block(void) {
    int group = 0, left = 0, end_of_block, s;
    long run = 0, digit = 1;
    check(!bits(1), "'randomised' blocks are not supported");
    origin = bits(24);
    read_symbol_map();
    read_tables();
    end_of_block = front_len + 1;
    block_len = 0;
    for (;;) {
        if (left == 0) {
            check(group < selectors_len, "too few selectors");
            left = GROUP;
            group++;
        }
        left--;
        s = symbol(&tables[selectors[group - 1]]);
        if (s <= RUNB) { /* digits 1 and 2 of a number to the base 2, the lowest first */
            check(digit <= block_max, "a block that is too long");
            run += digit << s;
            digit <<= 1;
            continue;
        }
        add_run(front[0], run);
        run = 0;
        digit = 1;
        if (s == end_of_block)
            break;
        to_front(front, s - 1);
        add_run(front[0], 1);
    }
    check(origin < block_len, "it begins outside of its block");
}

/* ---- writing it: steps 2 and 1 ---- */

static unsigned crc, crc_table[256];
static unsigned char buffer[BUFFER];
static int buffer_len;

static void make_crc_table(void) {
    unsigned n, k;
    for (n = 0; n < 256; n++) {
        unsigned c = n << 24;
        for (k = 0; k < 8; k++)
            c = c & 0x80000000 ? c << 1 ^ 0x04c11db7 : c << 1;
        crc_table[n] = c;
    }
}

static void flush(void) {
    tar_feed(buffer, buffer_len);
    buffer_len = 0;
}

static void put(int c) {
    crc = crc << 8 ^ crc_table[crc >> 24 ^ c];
    buffer[buffer_len++] = c;
    if (buffer_len == BUFFER)
        flush();
}

static void put_block(void) {
    long starts[256], i, place, sum = 0;
    int c, previous = -1, equal = 0;
    /* The block is the last column of a sorted table; sorting it gives the first column. The n-th of a byte
     * in the first column is the n-th of it in the last one: chain them. */
    memset(starts, 0, sizeof starts);
    for (i = 0; i < block_len; i++)
        starts[chain[i] & 255]++;
    for (c = 0; c < 256; c++) {
        long n = starts[c];
        starts[c] = sum;
        sum += n;
    }
    for (i = 0; i < block_len; i++)
        chain[starts[chain[i] & 255]++] |= i << 8;
    place = chain[origin] >> 8;
    crc = 0xffffffff;
    for (i = 0; i < block_len; i++) {
        c = chain[place] & 255;
        place = chain[place] >> 8;
        if (equal == 4) {
            while (c-- > 0)
                put(previous);
            equal = 0;
            previous = -1;
            continue;
        }
        equal = c == previous ? equal + 1 : 1;
        previous = c;
        put(c);
    }
    crc ^= 0xffffffff;
}

static void stream(void) {
    unsigned combined = 0;
    check(bits(8) == 'B' && bits(8) == 'Z' && bits(8) == 'h', "it does not begin like bzip2");
    block_max = (bits(8) - '0') * 100000L;
    check(block_max >= 100000 && block_max <= 900000, "an impossible block size");
    for (;;) {
        unsigned long high = bits(24), low = bits(24);
        unsigned expected = bits(32);
        if (high == 0x177245 && low == 0x385090) {
            check(expected == combined, "wrong checksum of the file");
            break;
        }
        check(high == 0x314159 && low == 0x265359, "something that is not a block");
        read_block();
        put_block();
        check(expected == crc, "wrong checksum of a block");
        combined = (combined << 1 | combined >> 31) ^ crc;
    }
    drop(bit_count & 7);
}

void bunzip2(struct in *from) {
    in = from;
    make_crc_table();
    chain = take(900000L * sizeof(unsigned));
    do
        stream();
    while (!at_end());
    flush();
}
