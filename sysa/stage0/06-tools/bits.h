/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What gzip and bzip2 have in common: a stream of bits, Huffman codes, and a CRC of what comes out. */

/* Puts in the place of a file what it was made from. A file has one or more parts: gzip_member() and bzip2_stream()
 * decode one. */
void decompress(const char *name, struct text *file, int gzip);
void gzip_member(void);
void bzip2_stream(void);
void check(int ok, const char *what);

/* A number has its highest bit first. gzip has the lowest bit first in each byte; that suits Huffman codes and CRCs,
 * and other numbers want reverse(). */
unsigned long bits(int n); /* at most 56 */
unsigned long reverse(unsigned long value, int n);
int next_byte(void); /* drops the rest of the current byte; 0 if that was the last one */

/* Codes of one length are consecutive numbers, and so are the places of their symbols in `symbols`. */
enum { MAX_BITS = 20 };
struct huffman {
    unsigned limit[MAX_BITS + 2]; /* by length: what the next MAX_BITS bits are below, if the code is not longer */
    int offset[MAX_BITS + 2];     /* from the code to its symbol's place */
    short symbols[288];
};
void make_huffman(struct huffman *h, const unsigned char *lengths, int symbols);
int symbol(struct huffman *h);

extern struct text out; /* what comes out */
unsigned crc(long from); /* of what came out from there on, in the order of the bits in the file */
