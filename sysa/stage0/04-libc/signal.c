// SPDX-License-Identifier: GPL-3.0-or-later
// Signals, as far as tcc catches them. (C99)
#include <errno.h>
#include <signal.h>
#include <unistd.h>

enum { SYS_rt_sigaction = 13, SA_RESTORER = 0x04000000 };

void __restore(void);       // amd64/start.c: where a handler returns to

int sigaction(int signal, const struct sigaction *new, struct sigaction *old) {
    struct sigaction copy = *new;
    long error;
    copy.sa_flags |= SA_RESTORER;
    copy.sa_restorer = __restore;
    error = __syscall(SYS_rt_sigaction, signal, (long)&copy, (long)old, sizeof(sigset_t), 0);
    if (!error)
        return 0;
    errno = -error;
    return -1;
}

int sigemptyset(sigset_t *set) {
    *set = 0;
    return 0;
}
