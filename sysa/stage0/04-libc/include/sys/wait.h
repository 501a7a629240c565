// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/types.h>

#define WIFEXITED(status) (((status) & 127) == 0)
#define WEXITSTATUS(status) ((status) >> 8 & 255)
#define WIFSIGNALED(status) (((status) & 127) != 0)
#define WTERMSIG(status) ((status) & 127)

pid_t waitpid(pid_t pid, int *status, int options);
