// SPDX-License-Identifier: GPL-3.0-or-later
// open for all compilers but cc0, which knows no variable arguments: there, c0.c has it. (C99)
#include <fcntl.h>
#include <stdarg.h>

int __open(const char *path, int flags, int mode);      // in unistd.c

int open(const char *path, int flags, ...) {
    int mode = 0;
    va_list ap;
    va_start(ap, flags);
    if (flags & O_CREAT)
        mode = va_arg(ap, int);
    va_end(ap);
    return __open(path, flags, mode);
}
