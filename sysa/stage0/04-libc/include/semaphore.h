// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef _SEMAPHORE_H
#define _SEMAPHORE_H

// For programs without threads: nobody ever waits.
typedef struct {
    int value;
} sem_t;

#define sem_init(s, shared, v) ((s)->value = (v), 0)
#define sem_wait(s) ((s)->value--, 0)
#define sem_post(s) ((s)->value++, 0)

#endif
