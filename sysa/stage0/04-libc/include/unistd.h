// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/types.h>

#define F_OK 0
#define X_OK 1
#define W_OK 2
#define R_OK 4
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2

extern char **environ;

long __syscall(long number, long a, long b, long c, long d, long e);

void _exit(int status);
int access(const char *path, int mode);
int chdir(const char *path);
int close(int fd);
int execve(const char *path, char **argv, char **envp);
int execvp(const char *name, char **argv);
pid_t fork(void);
char *getcwd(char *to, size_t n);
int link(const char *from, const char *to);
off_t lseek(int fd, off_t offset, int whence);
ssize_t read(int fd, void *buffer, size_t n);
ssize_t readlink(const char *path, char *to, size_t n);
int rmdir(const char *path);
int symlink(const char *target, const char *path);
int unlink(const char *path);
ssize_t write(int fd, const void *buffer, size_t n);
