// SPDX-License-Identifier: GPL-3.0-or-later
// Reading directories. (C99)
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { SYS_getdents64 = 217, O_DIRECTORY = 0x10000 };

struct _DIR {
    int fd;
    long at;
    long end;
    char entries[4096];
};

DIR *opendir(const char *path) {
    int fd = open(path, O_RDONLY | O_DIRECTORY);
    DIR *d = fd < 0 ? 0 : calloc(1, sizeof(DIR));
    if (d)
        d->fd = fd;
    return d;
}

struct dirent *readdir(DIR *d) {
    struct dirent *entry;
    if (d->at == d->end) {
        d->at = 0;
        d->end = __syscall(SYS_getdents64, d->fd, (long)d->entries, sizeof d->entries, 0, 0);
        if (d->end <= 0) {
            if (d->end < 0)
                errno = -d->end;
            d->end = 0;
            return 0;
        }
    }
    entry = (struct dirent *)(d->entries + d->at);
    d->at += entry->d_reclen;
    return entry;
}

int closedir(DIR *d) {
    int fd = d->fd;
    free(d);
    return close(fd);
}
