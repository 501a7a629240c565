/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the parts of untar hold together: a decompressor reads the whole file, of which the buffer has the beginning,
 * and hands what it gets, piece by piece, to tar_feed(). */
#include "common.h"

void inflate(struct in *in);
void bunzip2(struct in *in);

/* The archive `name` is going to be unpacked below `root`, without the first `strip` components of names. */
void tar_start(const char *name, const char *root, int strip);
void tar_feed(const unsigned char *bytes, long n);
void tar_end(void);
