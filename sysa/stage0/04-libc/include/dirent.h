// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef _DIRENT_H
#define _DIRENT_H

#include <sys/types.h>

// The kernel's own layout (getdents64).
struct dirent {
    ino_t d_ino;
    off_t d_off;
    unsigned short d_reclen;
    unsigned char d_type;
    char d_name[256];
};

typedef struct _DIR DIR;

int closedir(DIR *d);
DIR *opendir(const char *path);
struct dirent *readdir(DIR *d);

#endif
