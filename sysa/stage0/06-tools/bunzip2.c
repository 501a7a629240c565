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
 *     5. Huffman codes, a choice of up to 6 for each 50 symbols         read_tables */
#include "common.h"
#include "bits.h"

enum { TABLES = 6, SELECTORS = 18002, GROUP = 50, RUNA = 0, RUNB = 1 };

static unsigned chain[900000]; /* the low byte of each is a byte of the block; the rest serves put_block */
static long block_max, block_len, origin;
static unsigned char front[256]; /* the bytes that occur, the latest first */
static int front_len;
static struct huffman tables[TABLES];
static unsigned char selectors[SELECTORS];
static int selectors_len;

/* which bytes occur: 16 bits for the sixteens, then 16 bits for each of these that is not empty */
static void read_symbol_map(void) {
    int i, used = bits(16), part = 0;
    front_len = 0;
    for (i = 0; i < 256; i++) {
        if (i % 16 == 0)
            part = used >> (15 - i / 16) & 1 ? bits(16) : 0;
        if (part >> (15 - i % 16) & 1)
            front[front_len++] = i;
    }
    check(front_len > 0, "an empty block");
}

static void to_front(unsigned char *list, int place) {
    unsigned char *p = list + place, c = *p;
    for (; p > list; p--)
        *p = p[-1];
    *list = c;
}

static void read_tables(void) {
    unsigned char order[TABLES] = {0, 1, 2, 3, 4, 5}, lengths[258];
    int t, i, n, count = bits(3), total = bits(15), symbols = front_len + 2;
    check(count >= 2 && count <= TABLES, "a wrong number of tables");
    selectors_len = 0;
    for (i = 0; i < total; i++) {
        for (n = 0; bits(1); n++)
            check(n + 1 < count, "it selects a table it does not have");
        to_front(order, n);
        if (selectors_len < SELECTORS) /* some programs write more than a block can use */
            selectors[selectors_len++] = order[0];
    }
    for (t = 0; t < count; t++) { /* each length as changes of the one before: 0 is the end, 10 one up, 11 one down */
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

static void read_block(void) {
    int s, left = 0, group = 0;
    long run = 0, digit = 1;
    struct huffman *table = tables;
    check(!bits(1), "'randomised' blocks are not supported");
    origin = bits(24);
    read_symbol_map();
    read_tables();
    block_len = 0;
    do {
        if (left-- == 0) {
            check(group < selectors_len, "too few selectors");
            table = &tables[selectors[group++]];
            left = GROUP - 1;
        }
        s = symbol(table);
        if (s <= RUNB) { /* digits 1 and 2 of a number to the base 2, the lowest first */
            check(digit <= block_max, "a block that is too long");
            run += digit << s;
            digit <<= 1;
            continue;
        }
        check(run + (s <= front_len) <= block_max - block_len, "a block that is too long");
        for (; run > 0; run--)
            chain[block_len++] = *front;
        digit = 1;
        if (s <= front_len) {
            to_front(front, s - 1);
            chain[block_len++] = *front;
        }
    } while (s <= front_len);
    check(origin < block_len, "it begins outside of its block");
}

static void put_block(void) {
    int c, previous = -1, equal = 0;
    long starts[257], i;
    unsigned next;
    /* The block is the last column of a sorted table; sorting it gives the first column. The n-th of a byte
     * in the first column is the n-th of it in the last one: chain them. */
    memset(starts, 0, sizeof starts);
    for (i = 0; i < block_len; i++)
        starts[(chain[i] & 255) + 1]++;
    for (c = 0; c < 256; c++)
        starts[c + 1] += starts[c];
    for (i = 0; i < block_len; i++)
        chain[starts[chain[i] & 255]++] |= i << 8;
    next = chain[origin];
    for (i = 0; i < block_len; i++) {
        next = chain[next >> 8];
        c = next & 255;
        if (out.room - out.len < 256)
            text_need(&out, BUFFER);
        if (equal == 4) { /* c is how many more of them there are */
            for (equal = 0; c > 0; c--)
                out.data[out.len++] = previous;
        } else {
            equal = c == previous ? equal + 1 : 1;
            previous = c;
            out.data[out.len++] = c;
        }
    }
}

void bzip2_stream(void) {
    unsigned all = 0, expected;
    unsigned long what;
    check(bits(24) == 0x425a68, "it does not begin like bzip2");
    block_max = (bits(8) - '0') * 100000L;
    check(block_max >= 100000 && block_max <= 900000, "an impossible block size");
    while ((what = bits(48)) == 0x314159265359) {
        long start = out.len;
        expected = bits(32);
        read_block();
        put_block();
        check(crc(start) == expected, "wrong checksum of a block");
        all = (all << 1 | all >> 31) ^ expected;
    }
    check(what == 0x177245385090, "something that is not a block");
    check(bits(32) == all, "wrong checksum of the file");
}
