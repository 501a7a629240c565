// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef _SIGNAL_H
#define _SIGNAL_H

#include <sys/types.h>

#define SIGINT 2
#define SIGILL 4
#define SIGABRT 6
#define SIGBUS 7
#define SIGFPE 8
#define SIGKILL 9
#define SIGSEGV 11
#define SIGPIPE 13
#define SIGTERM 15
#define SIGCHLD 17
#define SA_SIGINFO 4
#define SA_RESETHAND 0x80000000
#define FPE_INTDIV 1
#define FPE_FLTDIV 3
#define SIG_DFL ((void (*)(int))0)
#define SIG_IGN ((void (*)(int))1)

typedef unsigned long sigset_t;

typedef struct {
    int si_signo, si_errno, si_code;
    int __rest[29];
} siginfo_t;

struct sigaction {
    union {
        void (*handler)(int);
        void (*action)(int, siginfo_t *, void *);
    } __u;
    sigset_t sa_mask;
    int sa_flags;
};
#define sa_handler __u.handler
#define sa_sigaction __u.action

int kill(pid_t pid, int signal);
int raise(int signal);
int sigaction(int signal, const struct sigaction *new, struct sigaction *old);
int sigemptyset(sigset_t *set);
void (*signal(int signal, void (*handler)(int)))(int);

#endif
