// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>

long __syscall(long number, long a, long b, long c, long d, long e);

// open(2). The mode matters, and need be given, only with O_CREAT.
int open(const char *path, int flags, ...)
{
    va_list args;
    long mode = 0;
    if (flags & O_CREAT) {
        va_start(args, flags);
        mode = va_arg(args, int);
        va_end(args);
    }
    long result = __syscall(2, (long)path, flags, mode, 0, 0);
    if (result < 0) {
        errno = -result;
        return -1;
    }
    return result;
}
