// SPDX-License-Identifier: GPL-3.0-or-later
// What stdio.c and printf.c know of a FILE.
#include <stdio.h>

struct _FILE {
    int fd;
    int mode;
    char *buffer;       // of BUFSIZ bytes, from the first use on
    char *at;           // next byte to read or to write
    char *end;          // of what was read, or of a string
    struct _FILE *next;
};

enum {
    WRITING = 1,        // the buffer holds what is to be written, else what was read
    AT_END = 2,
    FAILED = 4,
    NO_BUFFER = 8,      // write at once
    STRING = 16         // written from `at` to `end`; no file behind it
};
