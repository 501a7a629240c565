// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef _SIGNAL_H
#define _SIGNAL_H

#define SIGILL 4
#define SIGABRT 6
#define SIGBUS 7
#define SIGFPE 8
#define SIGSEGV 11
#define SA_SIGINFO 4
#define SA_RESETHAND 0x80000000
#define FPE_INTDIV 1
#define FPE_FLTDIV 3

typedef unsigned long sigset_t;

typedef struct {
    int si_signo, si_errno, si_code;
} siginfo_t;

// The kernel's own layout.
struct sigaction {
    void (*sa_sigaction)(int, siginfo_t *, void *);
    unsigned long sa_flags;
    void (*sa_restorer)(void);
    sigset_t sa_mask;
};

int kill(int pid, int signal);
int sigaction(int signal, const struct sigaction *new, struct sigaction *old);
int sigemptyset(sigset_t *set);

#endif
