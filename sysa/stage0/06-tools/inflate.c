/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gzip (RFC 1952) and the deflate data in it (RFC 1951; section numbers below are of the latter). */
#include "common.h"
#include "bits.h"

static struct huffman literals, distances;
static long start; /* of the member, in what comes out */

static int number(int n) {
    return reverse(bits(n), n);
}

/* 3.2.4 */
static void stored_block(void) {
    int len;
    next_byte();
    len = number(16);
    check((len ^ number(16)) == 0xffff, "a stored block whose lengths differ");
    while (len-- > 0)
        text_char(&out, number(8));
}

/* 3.2.6 */
static void fixed_codes(void) {
    unsigned char lengths[288];
    memset(lengths, 8, 144);
    memset(lengths + 144, 9, 112);
    memset(lengths + 256, 7, 24);
    memset(lengths + 280, 8, 8);
    make_huffman(&literals, lengths, 288);
    memset(lengths, 5, 30);
    make_huffman(&distances, lengths, 30);
}

/* 3.2.7: the lengths of both codes, coded by a third one */
static void dynamic_codes(void) {
    static const unsigned char order[19] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    unsigned char lengths[288 + 32];
    int first = number(5) + 257, all = first + number(5) + 1, count = number(4) + 4, i = 0;
    memset(lengths, 0, 19);
    for (i = 0; i < count; i++)
        lengths[order[i]] = number(3);
    make_huffman(&literals, lengths, 19);
    for (i = 0; i < all;) {
        int s = symbol(&literals);
        int repeat = s < 16 ? 1 : s == 16 ? 3 + number(2) : s == 17 ? 3 + number(3) : 11 + number(7);
        check(i + repeat <= all && (s != 16 || i > 0), "wrong code lengths");
        memset(lengths + i, s < 16 ? s : s == 16 ? lengths[i - 1] : 0, repeat);
        i += repeat;
    }
    make_huffman(&literals, lengths, first);
    make_huffman(&distances, lengths + first, all - first);
}

/* 3.2.5. Of a length or a distance, the first codes have one value each, the next ones two, then four, and so on:
 * the symbol says how many bits follow, and with `step` symbols to each number of bits, the bits before them. */
static int value_of(int s, int step) {
    int extra = s / step - 1;
    return extra < 1 ? s : ((step + s % step) << extra) + number(extra);
}

static void coded_block(void) {
    int s, len, distance;
    while ((s = symbol(&literals)) != 256) {
        if (out.room - out.len < 258)
            text_need(&out, BUFFER);
        if (s < 256) {
            out.data[out.len++] = s;
            continue;
        }
        len = s == 285 ? 258 : 3 + value_of(s - 257, 4);
        distance = symbol(&distances);
        check(s < 286 && distance < 30, "a code that means nothing");
        distance = 1 + value_of(distance, 2);
        check(distance <= out.len - start, "it refers to before its beginning");
        for (; len > 0; len--, out.len++)
            out.data[out.len] = out.data[out.len - distance];
    }
}

/* 3.2.3 */
static void deflate_data(void) {
    int last, type;
    do {
        last = number(1);
        type = number(2);
        check(type < 3, "a block of unknown type");
        if (type == 1)
            fixed_codes();
        if (type == 2)
            dynamic_codes();
        if (type == 0)
            stored_block();
        else
            coded_block();
    } while (!last);
}

/* RFC 1952, 2.3 */
void gzip_member(void) {
    int flags;
    check(number(24) == 0x088b1f, "it does not begin like gzip");
    flags = number(8);
    check((flags & ~8) == 0, "it has header fields that are not supported");
    bits(48); /* time, extra flags, system */
    while (flags && bits(8)) /* the file's name */
        ;
    start = out.len;
    deflate_data();
    next_byte();
    check(bits(32) == crc(start), "wrong checksum");
    check(number(32) == (int)(out.len - start), "wrong length at its end");
}
