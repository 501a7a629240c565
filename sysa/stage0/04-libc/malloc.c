// SPDX-License-Identifier: GPL-3.0-or-later
// Memory from the system, in blocks whose sizes come from a small set. This file is C0.
//
// Sizes are the multiples of 16 up to 128, then four to each doubling (160, 192, 224, 256, 320, ...).
// A freed block goes to the list of its size and is given out again as it is; nothing is split or joined.
// New blocks are cut off the end of the heap, which brk moves up.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// What stands before each block: 16 bytes, to keep blocks aligned.
struct block {
    long size;
    struct block *next;     // in the list of free blocks
};

enum {
    HEADER = 16,
    SYS_brk = 12,
    STEP = 0x100000,        // brk moves by multiples of this; pages that are not touched cost nothing
    MAX_SIZE = 0x40000000
};

static char *heap_end;             // where the next new block starts
static char *heap_limit;           // how far brk has come
static struct block *free_blocks[128];

// Rounds *size up to one of the set. Returns its index in free_blocks.
static int size_class(long *size) {
    int shift = 4;
    long units;
    while (*size > 8L << shift)
        shift++;
    units = (*size + (1L << shift) - 1) >> shift;       // 1 to 8, from the second doubling on 5 to 8
    *size = units << shift;
    return (shift - 4) * 4 + units;
}

// Moves the heap's limit up to `end` or beyond. Returns 0 if the system has no more memory.
static int grow_heap(char *end) {
    long limit = ((long)end + STEP - 1) / STEP * STEP;
    if (__syscall(SYS_brk, limit, 0, 0, 0, 0) < limit)
        return 0;
    heap_limit = (char *)limit;
    return 1;
}

void *malloc(size_t bytes) {
    long size = bytes;
    struct block *block;
    int class;
    if (size < 0 || size > MAX_SIZE) {
        errno = ENOMEM;
        return 0;
    }
    size += !size;
    class = size_class(&size);
    block = free_blocks[class];
    if (block) {
        free_blocks[class] = block->next;
        return (char *)block + HEADER;
    }
    if (!heap_end) {
        heap_end = (char *)((__syscall(SYS_brk, 0, 0, 0, 0, 0) + 15) & -16);
        heap_limit = heap_end;
    }
    if (heap_limit - heap_end < size + HEADER && !grow_heap(heap_end + size + HEADER)) {
        errno = ENOMEM;
        return 0;
    }
    block = (struct block *)heap_end;
    block->size = size;
    heap_end += size + HEADER;
    return (char *)block + HEADER;
}

void free(void *p) {
    struct block *block = (struct block *)((char *)p - HEADER);
    long size;
    int class;
    if (!p)
        return;
    size = block->size;
    class = size_class(&size);
    block->next = free_blocks[class];
    free_blocks[class] = block;
}

// A block from beyond the old end of the heap is all zeros already.
void *calloc(size_t count, size_t bytes) {
    char *old_end = heap_end;
    char *p;
    if (bytes && count > MAX_SIZE / bytes)
        count = -1;
    else
        count *= bytes;
    p = malloc(count);
    if (p && p < old_end)
        memset(p, 0, count);
    return p;
}

void *realloc(void *p, size_t bytes) {
    struct block *block = (struct block *)((char *)p - HEADER);
    long size = bytes;
    void *moved;
    if (!p)
        return malloc(bytes);
    if (size >= 0 && size <= block->size)
        return p;
    moved = malloc(bytes);
    if (moved) {
        memcpy(moved, p, block->size);
        free(p);
    }
    return moved;
}
