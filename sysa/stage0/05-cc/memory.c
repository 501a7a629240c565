// SPDX-License-Identifier: GPL-3.0-or-later
// Memory and messages. Nothing is freed piece by piece: what lasts goes into one arena, what is needed
// only until the end of the current function or declaration into another, which is then used anew.
#include "cc.h"

enum { CHUNK_SIZE = 65536, CHUNK_HEADER = 16 };

typedef struct Chunk Chunk;
struct Chunk {
    Chunk *next;
    long size;
};

typedef struct Arena Arena;
struct Arena {
    Chunk *first;
    Chunk *current;
    long used;
};

Arena permanent_arena;
Arena temporary_arena;

void say(char *a, char *b, char *c) {
    write(2, a, strlen(a));
    write(2, b, strlen(b));
    write(2, c, strlen(c));
}

void die(char *what, char *which) {
    say("cc: ", what, which ? ": " : "");
    say(which ? which : "", "\n", "");
    exit(1);
}

void *take(Arena *arena, long size) {
    Chunk *chunk = arena->current;
    size = (size + 15) & ~15;
    while (!chunk || arena->used + size > chunk->size) {
        Chunk *next = chunk ? chunk->next : arena->first;
        if (!next) {
            long room = size > CHUNK_SIZE ? size : CHUNK_SIZE;
            next = malloc(CHUNK_HEADER + room);
            if (!next)
                die("out of memory", 0);
            next->next = 0;
            next->size = room;
            if (chunk)
                chunk->next = next;
            else
                arena->first = next;
        }
        chunk = next;
        arena->current = chunk;
        arena->used = 0;
    }
    char *p = (char *)chunk + CHUNK_HEADER + arena->used;
    arena->used += size;
    memset(p, 0, size);
    return p;
}

void *permanent(long size) {
    return take(&permanent_arena, size);
}

void *temporary(long size) {
    return take(&temporary_arena, size);
}

void release_temporary(void) {
    temporary_arena.current = 0;
    temporary_arena.used = 0;
}

void put(Buffer *b, char *bytes, long size) {
    if (b->size + size > b->capacity) {
        b->capacity = 2 * b->capacity + size + 4096;
        b->data = realloc(b->data, b->capacity);
        if (!b->data)
            die("out of memory", 0);
    }
    if (bytes)
        memcpy(b->data + b->size, bytes, size);
    else
        memset(b->data + b->size, 0, size);
    b->size += size;
}

void set_int(char *at, long value, int size) {
    for (int i = 0; i < size; i++) {
        at[i] = value;
        value >>= 8;
    }
}

void put_int(Buffer *b, long value, int size) {
    put(b, 0, size);
    set_int(b->data + b->size - size, value, size);
}

// The decimal spelling of a number.
char *decimal(long value) {
    char *p = (char *)temporary(24) + 23;
    int negative = value < 0;
    do {
        int digit = value % 10;
        *--p = '0' + (negative ? -digit : digit);
        value /= 10;
    } while (value);
    if (negative)
        *--p = '-';
    return p;
}

// FILE:LINE:COLUMN: WHAT 'WHICH', the source line, and a caret below the place.
void error_at(Token *at, char *what, char *which) {
    File *file = at->file;
    char *line = file->text;
    char *loc = at->loc;
    int number = 1;
    for (char *p = line; p < loc; p++)
        if (*p == '\n') {
            number++;
            line = p + 1;
        }
    say(file->path, ":", decimal(number));
    say(":", decimal(loc - line + 1), ": ");
    say(what, which ? " '" : "", which ? which : "");
    say(which ? "'" : "", "\n  ", "");
    write(2, line, strchr(line, '\n') - line + 1);
    say("  ", "", "");
    for (char *p = line; p < loc; p++)
        write(2, *p == '\t' ? "\t" : " ", 1);
    say("^\n", "", "");
    exit(1);
}

void error_if(int is_wrong, Token *at, char *what, char *which) {
    if (is_wrong)
        error_at(at, what, which);
}
