// SPDX-License-Identifier: GPL-3.0-or-later
#include <stddef.h>

#define PROT_READ 1
#define PROT_WRITE 2
#define PROT_EXEC 4

int mprotect(void *start, size_t size, int protection);
