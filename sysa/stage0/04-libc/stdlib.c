// SPDX-License-Identifier: GPL-3.0-or-later
// How a program starts and ends, its environment, sorting, random numbers. (C99)
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char **environ;

int main(int argc, char **argv, char **envp);
void __constructors(void);
void __destructors(void);

static void (*exit_functions[32])(void);
static int exit_count;

// Called by _start; sp points at argc.
void __start(long *sp)
{
    char **argv = (char **)(sp + 1);
    environ = argv + sp[0] + 1;
    __constructors();
    exit(main(sp[0], argv, environ));
}

int atexit(void (*function)(void))
{
    if (exit_count == 32)
        return -1;
    exit_functions[exit_count++] = function;
    return 0;
}

void exit(int status)
{
    while (exit_count > 0)
        exit_functions[--exit_count]();
    __destructors();
    fflush(0);
    _exit(status);
}

void abort(void)
{
    raise(SIGABRT);
    _exit(127);
}

void __assert_fail(const char *what, const char *file, int line)
{
    fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, what);
    abort();
}

char *getenv(const char *name)
{
    size_t n = strlen(name);
    char **e;
    for (e = environ; e && *e; e++)
        if (!strncmp(*e, name, n) && (*e)[n] == '=')
            return *e + n + 1;
    return 0;
}

int execv(const char *path, char **argv)
{
    return execve(path, argv, environ);
}

// Looks for name in the directories of PATH, unless it has a slash.
int execvp(const char *name, char **argv)
{
    const char *dir = getenv("PATH");
    char path[4096];
    if (strchr(name, '/') || !dir)
        return execv(name, argv);
    errno = ENOENT;
    for (; *dir && errno == ENOENT; dir += *dir == ':') {
        size_t n = strcspn(dir, ":");
        if (n + strlen(name) + 2 <= sizeof path) {
            memcpy(path, dir, n);
            path[n] = '/';
            strcpy(path + n + (n > 0), name);
            execv(path, argv);
        }
        dir += n;
    }
    return -1;
}

int abs(int i)
{
    return i < 0 ? -i : i;
}

long labs(long i)
{
    return i < 0 ? -i : i;
}

static unsigned long random_state = 1;

void srand(unsigned seed)
{
    random_state = seed;
}

int rand(void)
{
    random_state = random_state * 6364136223846793005UL + 1442695040888963407UL;
    return random_state >> 33;
}

void *bsearch(const void *key, const void *base, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    const char *low = base;
    while (count > 0) {
        const char *middle = low + count / 2 * size;
        int order = compare(key, middle);
        if (order == 0)
            return (void *)middle;
        if (order > 0) {
            low = middle + size;
            count--;
        }
        count /= 2;
    }
    return 0;
}

static void swap(char *a, char *b, size_t size)
{
    for (; size > 0; size--) {
        char c = *a;
        *a++ = *b;
        *b++ = c;
    }
}

// Heap sort: in place, and never slower than n log n.
// sift lets the item at `root` sink until no child is greater.
static void sift(char *base, size_t root, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    size_t child;
    while ((child = 2 * root + 1) < count) {
        if (child + 1 < count && compare(base + child * size, base + (child + 1) * size) < 0)
            child++;
        if (compare(base + root * size, base + child * size) >= 0)
            return;
        swap(base + root * size, base + child * size, size);
        root = child;
    }
}

void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    size_t i;
    for (i = count / 2; i > 0; i--)
        sift(base, i - 1, count, size, compare);
    for (i = count; i > 1; i--) {
        swap(base, (char *)base + (i - 1) * size, size);
        sift(base, 0, i - 1, size, compare);
    }
}
