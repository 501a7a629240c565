/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What gzip and bzip2 have in common: a stream of bits, Huffman codes, and a CRC of what comes out. */

/* A number has its highest bit first. Where the format has its lowest bit first in each byte (deflate), that suits
 * Huffman codes, and other numbers want reverse(). */
void bits_start(struct in *in, const char *format, int lowest_first);
void check(int ok, const char *what);
unsigned long bits(int n); /* at most 56 */
unsigned long reverse(unsigned long value, int n);
int next_stream(void); /* drops the rest of the current byte; 0 if that was the last one */

/* Codes of one length are consecutive numbers; so are the places of their symbols in `symbols`. */
enum { MAX_BITS = 20 };
struct huffman {
    int min, max;            /* the shortest and the longest code */
    int first[MAX_BITS + 1]; /* by length: the first code, how many there are, the place of the first one's symbol */
    int count[MAX_BITS + 1];
    int place[MAX_BITS + 1];
    short symbols[288];
};
void make_huffman(struct huffman *h, const unsigned char *lengths, int symbols);
int symbol(struct huffman *h);

/* What comes out goes to tar_feed(). The last BUFFER bytes stay in `window`; the last of them is at window_len - 1. */
extern unsigned char window[BUFFER];
extern long window_len, total; /* `total`: how many have left the window since put_start() */
void put_start(void);
void put(int c);
unsigned put_end(void); /* the CRC of all bytes since put_start() */
