// SPDX-License-Identifier: GPL-3.0-or-later
// Files with buffers. (C99)
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "file.h"

static FILE standard[3] = {{0, 0, 0, 0, 0, 0}, {1, 0, 0, 0, 0, 0}, {2, NO_BUFFER, 0, 0, 0, 0}};
FILE *stdin = &standard[0], *stdout = &standard[1], *stderr = &standard[2];
static FILE *opened;

// Writes what is buffered, or gives back what was read ahead; then the buffer is empty.
static int empty_buffer(FILE *f) {
    char *p = f->buffer;
    int error = 0;
    if (!(f->mode & WRITING) && f->end > f->at)
        lseek(f->fd, f->at - f->end, SEEK_CUR);
    while (f->mode & WRITING && p < f->at && !error) {
        ssize_t n = write(f->fd, p, f->at - p);
        if (n >= 0) {
            p += n;
        } else if (errno != EINTR) {
            f->mode |= FAILED;
            error = EOF;
        }
    }
    f->mode &= ~WRITING;
    f->at = f->end = f->buffer;
    return error;
}

// Sees to it that there is a buffer, for this direction (WRITING or 0).
static void prepare(FILE *f, int direction) {
    if (!f->buffer)
        f->at = f->end = f->buffer = malloc(BUFSIZ);
    if ((f->mode & WRITING) != direction)
        empty_buffer(f);
    f->mode |= direction;
}

int fflush(FILE *f) {
    int error = 0;
    if (f)
        return f->mode & STRING ? 0 : empty_buffer(f);
    if (stdout->mode & WRITING)
        error = empty_buffer(stdout);
    for (f = opened; f; f = f->next)
        if (f->mode & WRITING)
            error |= empty_buffer(f);
    return error;
}

FILE *fdopen(int fd, const char *mode) {
    FILE *f = calloc(1, sizeof(FILE));
    f->fd = fd;
    f->next = opened;
    opened = f;
    return f;
}

FILE *fopen(const char *path, const char *mode) {
    int flags = *mode == 'r' ? 0 : *mode == 'w' ? O_CREAT | O_TRUNC : O_CREAT | O_APPEND;
    int fd = open(path, flags | (strchr(mode, '+') ? O_RDWR : *mode == 'r' ? O_RDONLY : O_WRONLY), 0666);
    return fd < 0 ? 0 : fdopen(fd, mode);
}

int fclose(FILE *f) {
    int error = fflush(f);
    FILE **link = &opened;
    error |= close(f->fd);
    free(f->buffer);
    f->buffer = f->at = f->end = 0;
    while (*link && *link != f)
        link = &(*link)->next;
    if (*link) {                    // not one of the standard three
        *link = f->next;
        free(f);
    }
    return error;
}

// Reads on if all that was read is used up. Returns 0 at the end of the file or on failure.
static int fill(FILE *f) {
    ssize_t n;
    if (!(f->mode & WRITING) && f->at < f->end)
        return 1;
    prepare(f, 0);
    n = read(f->fd, f->buffer, BUFSIZ);
    f->at = f->end = f->buffer;
    if (n > 0)
        f->end += n;
    else
        f->mode |= n ? FAILED : AT_END;
    return n > 0;
}

int fgetc(FILE *f) {
    return fill(f) ? *f->at++ & 255 : EOF;
}

char *fgets(char *s, int size, FILE *f) {
    int n = 0;
    int c = 0;
    while (n + 1 < size && c != '\n' && (c = fgetc(f)) != EOF)
        s[n++] = c;
    s[n] = 0;
    return n ? s : 0;
}

size_t fread(void *to, size_t size, size_t count, FILE *f) {
    size_t done = 0;
    while (done < size * count && fill(f)) {
        size_t n = f->end - f->at;
        if (n > size * count - done)
            n = size * count - done;
        memcpy((char *)to + done, f->at, n);
        f->at += n;
        done += n;
    }
    return size ? done / size : 0;
}

// A string takes what fits; the rest is let go.
size_t fwrite(const void *from, size_t size, size_t count, FILE *f) {
    const char *p = from;
    size_t left = size * count;
    size_t n;
    if (!(f->mode & STRING))
        prepare(f, WRITING);
    while (left > 0) {
        n = (f->mode & STRING ? f->end : f->buffer + BUFSIZ) - f->at;
        if (n > left)
            n = left;
        memcpy(f->at, p, n);
        f->at += n;
        p += n;
        left -= n;
        if (f->mode & STRING)
            return count;
        if (left > 0 || f->mode & NO_BUFFER) {
            if (empty_buffer(f))
                return 0;
            f->mode |= WRITING;
        }
    }
    return count;
}

int fputc(int c, FILE *f) {
    char byte = c;
    if (f->mode == WRITING && f->at < f->buffer + BUFSIZ)
        *f->at++ = c;
    else if (!fwrite(&byte, 1, 1, f))
        return EOF;
    return c & 255;
}

int fputs(const char *s, FILE *f) { return fwrite(s, strlen(s), 1, f) ? 0 : EOF; }
int getc(FILE *f) { return fgetc(f); }
int putc(int c, FILE *f) { return fputc(c, f); }
int putchar(int c) { return fputc(c, stdout); }
int puts(const char *s) { return fputs(s, stdout) | (putchar('\n') >> 31); }
int feof(FILE *f) { return (f->mode & AT_END) != 0; }
int ferror(FILE *f) { return (f->mode & FAILED) != 0; }

int fseek(FILE *f, long offset, int whence) {
    f->mode &= ~AT_END;
    return fflush(f) || lseek(f->fd, offset, whence) < 0 ? -1 : 0;
}

long ftell(FILE *f) {
    long at = lseek(f->fd, 0, SEEK_CUR);
    return at < 0 ? -1 : at + (f->mode & WRITING ? f->at - f->buffer : f->at - f->end);
}
