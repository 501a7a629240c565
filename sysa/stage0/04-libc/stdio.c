// SPDX-License-Identifier: GPL-3.0-or-later
// Files with buffers. (C99)
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "file.h"

enum { BACK = 8 };      // room before the buffer for ungetc

static FILE files[3] = {{0, 0, 0, 0, 0, 0}, {1, START, 0, 0, 0, 0}, {2, NO_BUFFER, 0, 0, 0, 0}};
static FILE *all_files;     // but these three
FILE *stdin = &files[0], *stdout = &files[1], *stderr = &files[2];

// Writes what is buffered, or gives back what was read ahead; then the buffer is empty.
static int empty_buffer(FILE *f)
{
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

// A buffer, if there is none yet, and the direction.
static void prepare(FILE *f, int direction)
{
    if (!f->buffer) {
        f->buffer = (char *)malloc(BACK + BUFSIZ) + BACK;
        f->at = f->end = f->buffer;
        if (f->mode & START && !environ)        // run by tcc -run: there will be no exit to write the rest
            f->mode |= NO_BUFFER;
        else if (f->mode & START && isatty(f->fd))
            f->mode |= LINES;
        f->mode &= ~START;
    }
    if ((f->mode & WRITING) != direction) {
        empty_buffer(f);
        f->mode |= direction;
    }
}

int fflush(FILE *f)
{
    int error = 0;
    if (f)
        return f->mode & MEMORY ? 0 : empty_buffer(f);
    for (f = all_files; f; f = f->next)
        if (f->mode & WRITING)
            error |= empty_buffer(f);
    return stdout->mode & WRITING ? error | empty_buffer(stdout) : error;
}

FILE *fdopen(int fd, const char *mode)
{
    FILE *f = calloc(1, sizeof(FILE));
    if (!f)
        return 0;
    f->fd = fd;
    f->next = all_files;
    all_files = f;
    return f;
}

FILE *fopen(const char *path, const char *mode)
{
    int flags = *mode == 'r' ? 0 : *mode == 'w' ? O_CREAT | O_TRUNC : O_CREAT | O_APPEND;
    int fd = open(path, flags | (strchr(mode, '+') ? O_RDWR : *mode == 'r' ? O_RDONLY : O_WRONLY), 0666);
    return fd < 0 ? 0 : fdopen(fd, mode);
}

int fclose(FILE *f)
{
    int error = fflush(f);
    FILE **link = &all_files;
    error |= close(f->fd);
    while (*link && *link != f)
        link = &(*link)->next;
    if (f->buffer)
        free(f->buffer - BACK);
    f->buffer = f->at = f->end = 0;
    if (*link) {
        *link = f->next;
        free(f);
    }
    return error;
}

// Returns 0 at the end of the file or on failure.
static int fill(FILE *f)
{
    ssize_t n;
    prepare(f, 0);
    n = read(f->fd, f->buffer, BUFSIZ);
    f->at = f->end = f->buffer;
    if (n > 0)
        f->end += n;
    else
        f->mode |= n ? FAILED : AT_END;
    return n > 0;
}

int fgetc(FILE *f)
{
    if (f->mode & WRITING || f->at == f->end)
        if (!fill(f))
            return EOF;
    return *f->at++ & 255;
}

int ungetc(int c, FILE *f)
{
    prepare(f, 0);
    if (c == EOF || f->at == f->buffer - BACK)
        return EOF;
    *--f->at = c;
    f->mode &= ~AT_END;
    return c;
}

char *fgets(char *s, int size, FILE *f)
{
    int n = 0;
    int c = 0;
    while (n + 1 < size && c != '\n' && (c = fgetc(f)) != EOF)
        s[n++] = c;
    if (n == 0)
        return 0;
    s[n] = 0;
    return s;
}

size_t fread(void *to, size_t size, size_t count, FILE *f)
{
    size_t wanted = size * count;
    size_t done = 0;
    while (done < wanted) {
        size_t n;
        if ((f->mode & WRITING || f->at == f->end) && !fill(f))
            break;
        n = f->end - f->at;
        if (n > wanted - done)
            n = wanted - done;
        memcpy((char *)to + done, f->at, n);
        f->at += n;
        done += n;
    }
    return size ? done / size : 0;
}

// A file in memory (snprintf) takes what fits and counts the rest.
size_t fwrite(const void *from, size_t size, size_t count, FILE *f)
{
    const char *p = from;
    size_t left = size * count;
    if (!(f->mode & MEMORY))
        prepare(f, WRITING);
    while (left > 0) {
        size_t room = (f->mode & MEMORY ? f->end : f->buffer + BUFSIZ) - f->at;
        if (room > left)
            room = left;
        memcpy(f->at, p, room);
        f->at += room;
        p += room;
        left -= room;
        if (f->mode & MEMORY)
            break;
        if (left > 0) {
            if (empty_buffer(f))
                break;
            f->mode |= WRITING;
        }
    }
    if (f->mode & NO_BUFFER || (f->mode & LINES && memchr(from, '\n', size * count)))
        empty_buffer(f);
    return left && !(f->mode & MEMORY) ? (size * count - left) / size : count;
}

int fputc(int c, FILE *f)
{
    char byte = c;
    if (f->mode == WRITING && f->at < f->buffer + BUFSIZ)
        *f->at++ = c;
    else if (!fwrite(&byte, 1, 1, f))
        return EOF;
    return c & 255;
}

int fputs(const char *s, FILE *f)
{
    size_t n = strlen(s);
    return fwrite(s, 1, n, f) == n ? 0 : EOF;
}

int getc(FILE *f) { return fgetc(f); }
int getchar(void) { return fgetc(stdin); }
int putc(int c, FILE *f) { return fputc(c, f); }
int putchar(int c) { return fputc(c, stdout); }
int puts(const char *s) { return fputs(s, stdout) < 0 || putchar('\n') < 0 ? EOF : 0; }

int fseek(FILE *f, long offset, int whence)
{
    if (fflush(f) || lseek(f->fd, offset, whence) < 0)
        return -1;
    f->mode &= ~AT_END;
    return 0;
}

long ftell(FILE *f)
{
    long at = lseek(f->fd, 0, SEEK_CUR);
    if (at < 0)
        return -1;
    return f->mode & WRITING ? at + (f->at - f->buffer) : at - (f->end - f->at);
}

void rewind(FILE *f)
{
    fseek(f, 0, SEEK_SET);
    clearerr(f);
}

// The buffer and its size are the library's own; only the mode is taken over.
int setvbuf(FILE *f, char *buffer, int mode, size_t size)
{
    f->mode &= ~(NO_BUFFER | LINES | START);
    f->mode |= mode == _IONBF ? NO_BUFFER : mode == _IOLBF ? LINES : 0;
    return 0;
}

int feof(FILE *f) { return (f->mode & AT_END) != 0; }
int ferror(FILE *f) { return (f->mode & FAILED) != 0; }
int fileno(FILE *f) { return f->fd; }
void clearerr(FILE *f) { f->mode &= ~(AT_END | FAILED); }
