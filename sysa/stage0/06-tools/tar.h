/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An archive is a row of 512-byte blocks: a header, the data that it announces padded to whole blocks, the next
 * header, and so on to a block of zeros. */
#include "common.h"

enum { BLOCK = 512 };

/* Numbers are octal digits; texts end in a 0 unless they fill their field. */
struct tar_header {
    char name[100], mode[8], user[8], group[8], size[12], time[12], checksum[8], type, target[100];
    char magic[8], names[64], device[2][8], prefix[155], rest[12];
};
int tar_sum(const struct tar_header *h); /* what its checksum must be */

/* Unpacks the archive `name` in the current directory. */
void unpack(const char *name, const char *bytes, long n);
