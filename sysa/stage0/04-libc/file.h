// SPDX-License-Identifier: GPL-3.0-or-later
// What stdio's own files know of a FILE.
#include <stdio.h>

struct _FILE {
    int fd;
    int mode;
    char *buffer;
    char *at;           // next byte to read or to write
    char *end;          // of what was read
    struct _FILE *next;
};

enum {
    WRITING = 1,        // the buffer holds what is to be written, else what was read
    AT_END = 2,
    FAILED = 4,
    NO_BUFFER = 8,      // write at once
    LINES = 16,         // write after each line
    START = 32,         // ask at the start whether it is a terminal, which wants LINES
    MEMORY = 64         // a string: written from `at` to `end`, no file behind it
};
