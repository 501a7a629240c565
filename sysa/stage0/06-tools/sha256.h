/* SPDX-License-Identifier: GPL-3.0-or-later */
struct sha256 {
    unsigned hash[8];
    unsigned char rest[64]; /* what is not yet a whole block */
    unsigned long length;   /* in bytes */
};
void sha256_start(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *bytes, long n);
void sha256_end(struct sha256 *s, char *hex); /* 64 digits and a 0 */
