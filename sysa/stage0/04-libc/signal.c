// SPDX-License-Identifier: GPL-3.0-or-later
// Signals. (C99)
#include <errno.h>
#include <signal.h>
#include <unistd.h>

enum { SYS_rt_sigaction = 13, SA_RESTORER = 0x04000000 };

void __restore(void);       // amd64/start.c: where a handler returns to

// The kernel's order of the members.
struct kernel_sigaction {
    void (*handler)(int);
    unsigned long flags;
    void (*restorer)(void);
    sigset_t mask;
};

int sigaction(int signal, const struct sigaction *new, struct sigaction *old)
{
    struct kernel_sigaction k;
    struct kernel_sigaction was;
    long error;
    if (new) {
        k.handler = new->sa_handler;
        k.flags = (unsigned)new->sa_flags | SA_RESTORER;
        k.restorer = __restore;
        k.mask = new->sa_mask;
    }
    error = __syscall(SYS_rt_sigaction, signal, new ? (long)&k : 0, (long)&was, sizeof k.mask, 0);
    if (error) {
        errno = -error;
        return -1;
    }
    if (old) {
        old->sa_handler = was.handler;
        old->sa_flags = was.flags & ~SA_RESTORER;
        old->sa_mask = was.mask;
    }
    return 0;
}

int sigemptyset(sigset_t *set)
{
    *set = 0;
    return 0;
}

void (*signal(int signal, void (*handler)(int)))(int)
{
    struct sigaction new;
    struct sigaction old;
    new.sa_handler = handler;
    new.sa_flags = 0;
    new.sa_mask = 0;
    return sigaction(signal, &new, &old) ? (void (*)(int))-1 : old.sa_handler;
}

int raise(int signal)
{
    return kill(getpid(), signal);
}
