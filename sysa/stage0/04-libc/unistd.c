// SPDX-License-Identifier: GPL-3.0-or-later
// System calls. This file is C0.
#include <errno.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum {      // amd64
    SYS_read = 0, SYS_write = 1, SYS_open = 2, SYS_close = 3, SYS_stat = 4, SYS_lstat = 6, SYS_lseek = 8,
    SYS_mprotect = 10, SYS_access = 21, SYS_fork = 57, SYS_execve = 59,
    SYS_wait4 = 61, SYS_getcwd = 79, SYS_chdir = 80, SYS_rename = 82, SYS_mkdir = 83, SYS_rmdir = 84,
    SYS_link = 86, SYS_unlink = 87, SYS_symlink = 88, SYS_readlink = 89, SYS_chmod = 90,
    SYS_exit_group = 231
};

int errno;

// The kernel returns -errno; C wants -1.
static long call(long number, long a, long b, long c) {
    long value = __syscall(number, a, b, c, 0, 0);
    if (value >= 0)
        return value;
    errno = -value;
    return -1;
}

void _exit(int status) { call(SYS_exit_group, status, 0, 0); }

// Files. open itself takes a variable number of arguments, which C0 does not have: see open.c and c0.c.
int __open(const char *path, int flags, int mode) { return call(SYS_open, (long)path, flags, mode); }
int close(int fd) { return call(SYS_close, fd, 0, 0); }
ssize_t read(int fd, void *buffer, size_t n) { return call(SYS_read, fd, (long)buffer, n); }
ssize_t write(int fd, const void *buffer, size_t n) { return call(SYS_write, fd, (long)buffer, n); }
off_t lseek(int fd, off_t offset, int whence) { return call(SYS_lseek, fd, offset, whence); }

// Names of files.
int access(const char *path, int mode) { return call(SYS_access, (long)path, mode, 0); }
int chmod(const char *path, mode_t mode) { return call(SYS_chmod, (long)path, mode, 0); }
int stat(const char *path, struct stat *s) { return call(SYS_stat, (long)path, (long)s, 0); }
int lstat(const char *path, struct stat *s) { return call(SYS_lstat, (long)path, (long)s, 0); }
int rename(const char *from, const char *to) { return call(SYS_rename, (long)from, (long)to, 0); }
int link(const char *from, const char *to) { return call(SYS_link, (long)from, (long)to, 0); }
int unlink(const char *path) { return call(SYS_unlink, (long)path, 0, 0); }
int symlink(const char *target, const char *path) { return call(SYS_symlink, (long)target, (long)path, 0); }
ssize_t readlink(const char *path, char *to, size_t n) { return call(SYS_readlink, (long)path, (long)to, n); }
int mkdir(const char *path, mode_t mode) { return call(SYS_mkdir, (long)path, mode, 0); }
int rmdir(const char *path) { return call(SYS_rmdir, (long)path, 0, 0); }
int remove(const char *path) { return unlink(path) ? rmdir(path) : 0; }

// The process.
int chdir(const char *path) { return call(SYS_chdir, (long)path, 0, 0); }
char *getcwd(char *to, size_t n) { return call(SYS_getcwd, (long)to, n, 0) < 0 ? 0 : to; }
int mprotect(void *start, size_t n, int protection) { return call(SYS_mprotect, (long)start, n, protection); }
pid_t fork(void) { return call(SYS_fork, 0, 0, 0); }
pid_t waitpid(pid_t pid, int *status, int options) { return call(SYS_wait4, pid, (long)status, options); }
int execve(const char *path, char **argv, char **envp) { return call(SYS_execve, (long)path, (long)argv, (long)envp); }
