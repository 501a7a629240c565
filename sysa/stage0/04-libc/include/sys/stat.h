// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef _SYS_STAT_H
#define _SYS_STAT_H

#include <sys/types.h>

#define S_IFMT 0170000
#define S_IFDIR 0040000
#define S_IFREG 0100000
#define S_IFLNK 0120000
#define S_ISDIR(mode) (((mode) & S_IFMT) == S_IFDIR)
#define S_ISREG(mode) (((mode) & S_IFMT) == S_IFREG)
#define S_ISLNK(mode) (((mode) & S_IFMT) == S_IFLNK)

// The kernel's own layout on amd64.
struct stat {
    dev_t st_dev;
    ino_t st_ino;
    unsigned long st_nlink;
    mode_t st_mode;
    uid_t st_uid;
    gid_t st_gid;
    int __pad;
    dev_t st_rdev;
    off_t st_size;
    long st_blksize;
    long st_blocks;
    time_t st_atime;
    long st_atime_nsec;
    time_t st_mtime;
    long st_mtime_nsec;
    time_t st_ctime;
    long st_ctime_nsec;
    long __unused[3];
};

int chmod(const char *path, mode_t mode);
int lstat(const char *path, struct stat *s);
int mkdir(const char *path, mode_t mode);
int stat(const char *path, struct stat *s);

#endif
