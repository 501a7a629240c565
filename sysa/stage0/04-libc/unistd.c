// SPDX-License-Identifier: GPL-3.0-or-later
// System calls. This file is C0.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum {      // amd64
    SYS_read = 0, SYS_write = 1, SYS_open = 2, SYS_close = 3, SYS_lseek = 8, SYS_access = 21, SYS_pipe = 22,
    SYS_dup = 32, SYS_dup2 = 33, SYS_getpid = 39, SYS_fork = 57, SYS_execve = 59, SYS_wait4 = 61, SYS_ftruncate = 77,
    SYS_getcwd = 79, SYS_chdir = 80, SYS_rename = 82, SYS_mkdir = 83, SYS_rmdir = 84, SYS_link = 86,
    SYS_unlink = 87, SYS_symlink = 88, SYS_readlink = 89, SYS_chmod = 90, SYS_umask = 95, SYS_exit_group = 231
};

int errno;

// The kernel returns -errno; C wants -1.
static long result(long value)
{
    if (value >= 0)
        return value;
    errno = -value;
    return -1;
}

void _exit(int status)
{
    __syscall(SYS_exit_group, status, 0, 0, 0, 0);
}

// <fcntl.h> declares it with "...": a third argument arrives in the same place, a missing one does no harm.
int open(const char *path, int flags, int mode)
{
    return result(__syscall(SYS_open, (long)path, flags, mode, 0, 0));
}

int close(int fd)
{
    return result(__syscall(SYS_close, fd, 0, 0, 0, 0));
}

ssize_t read(int fd, void *buffer, size_t n)
{
    return result(__syscall(SYS_read, fd, (long)buffer, n, 0, 0));
}

ssize_t write(int fd, const void *buffer, size_t n)
{
    return result(__syscall(SYS_write, fd, (long)buffer, n, 0, 0));
}

off_t lseek(int fd, off_t offset, int whence)
{
    return result(__syscall(SYS_lseek, fd, offset, whence, 0, 0));
}

int ftruncate(int fd, off_t length)
{
    return result(__syscall(SYS_ftruncate, fd, length, 0, 0, 0));
}

int access(const char *path, int mode)
{
    return result(__syscall(SYS_access, (long)path, mode, 0, 0, 0));
}

int unlink(const char *path)
{
    return result(__syscall(SYS_unlink, (long)path, 0, 0, 0, 0));
}

int rename(const char *from, const char *to)
{
    return result(__syscall(SYS_rename, (long)from, (long)to, 0, 0, 0));
}

int link(const char *from, const char *to)
{
    return result(__syscall(SYS_link, (long)from, (long)to, 0, 0, 0));
}

int symlink(const char *target, const char *path)
{
    return result(__syscall(SYS_symlink, (long)target, (long)path, 0, 0, 0));
}

ssize_t readlink(const char *path, char *buffer, size_t n)
{
    return result(__syscall(SYS_readlink, (long)path, (long)buffer, n, 0, 0));
}

int mkdir(const char *path, mode_t mode)
{
    return result(__syscall(SYS_mkdir, (long)path, mode, 0, 0, 0));
}

int rmdir(const char *path)
{
    return result(__syscall(SYS_rmdir, (long)path, 0, 0, 0, 0));
}

int chmod(const char *path, mode_t mode)
{
    return result(__syscall(SYS_chmod, (long)path, mode, 0, 0, 0));
}

mode_t umask(mode_t mask)
{
    return __syscall(SYS_umask, mask, 0, 0, 0, 0);
}

int chdir(const char *path)
{
    return result(__syscall(SYS_chdir, (long)path, 0, 0, 0, 0));
}

char *getcwd(char *buffer, size_t n)
{
    return result(__syscall(SYS_getcwd, (long)buffer, n, 0, 0, 0)) < 0 ? 0 : buffer;
}

int dup(int fd)
{
    return result(__syscall(SYS_dup, fd, 0, 0, 0, 0));
}

int dup2(int from, int to)
{
    return result(__syscall(SYS_dup2, from, to, 0, 0, 0));
}

int pipe(int *ends)
{
    return result(__syscall(SYS_pipe, (long)ends, 0, 0, 0, 0));
}

pid_t getpid(void)
{
    return __syscall(SYS_getpid, 0, 0, 0, 0, 0);
}

pid_t fork(void)
{
    return result(__syscall(SYS_fork, 0, 0, 0, 0, 0));
}

int execve(const char *path, char *const *argv, char *const *envp)
{
    return result(__syscall(SYS_execve, (long)path, (long)argv, (long)envp, 0, 0));
}

pid_t waitpid(pid_t pid, int *status, int options)
{
    return result(__syscall(SYS_wait4, pid, (long)status, options, 0, 0));
}
