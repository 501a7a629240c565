// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef _SYS_UCONTEXT_H
#define _SYS_UCONTEXT_H

// What a signal handler's third argument points at, as the kernel lays it out on amd64.
enum { REG_R8, REG_RBP = 10, REG_RSP = 15, REG_RIP };

typedef struct {
    unsigned long uc_flags;
    void *uc_link;
    long __stack[3];
    struct {
        long gregs[23];
    } uc_mcontext;
} ucontext_t;

#endif
