// SPDX-License-Identifier: GPL-3.0-or-later
// How a program starts and ends, its environment, sorting. (C99)
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char **environ;

int main(int argc, char **argv, char **envp);

// Called by _start; sp points at argc.
void __start(long *sp) {
    char **argv = (char **)(sp + 1);
    environ = argv + *sp + 1;
    exit(main(*sp, argv, environ));
}

void exit(int status) {
    fflush(0);
    _exit(status);
}

void abort(void) {
    _exit(134);         // what a shell says of SIGABRT
}

void __assert_fail(const char *what, const char *file, int line) {
    fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, what);
    abort();
}

char *getenv(const char *name) {
    size_t n = strlen(name);
    char **e;
    for (e = environ; e && *e; e++)
        if (!strncmp(*e, name, n) && (*e)[n] == '=')
            return *e + n + 1;
    return 0;
}

// Tries the directories of PATH, unless name has a slash.
int execvp(const char *name, char **argv) {
    const char *dir = strchr(name, '/') ? 0 : getenv("PATH");
    char path[4096];
    int n;
    for (;; dir += n + 1) {
        n = dir ? strcspn(dir, ":") : 0;
        snprintf(path, sizeof path, "%.*s%s%s", n, dir ? dir : "", n ? "/" : "", name);
        execve(path, argv, environ);
        if (!dir || !dir[n])
            return -1;
    }
}

static void swap(char *a, char *b, size_t size) {
    for (; size > 0; size--) {
        char c = *a;
        *a++ = *b;
        *b++ = c;
    }
}

// Heap sort: in place, and never slower than n log n.
void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *)) {
    char *item = base;
    size_t start = count / 2;
    while (count > 1) {
        size_t root;
        size_t child;
        if (start > 0)              // a heap is made, from the last parent to the first
            start--;
        else                        // the greatest goes to the end
            swap(item, item + --count * size, size);
        for (root = start; (child = 2 * root + 1) < count; root = child) {
            if (child + 1 < count && compare(item + child * size, item + (child + 1) * size) < 0)
                child++;
            if (compare(item + root * size, item + child * size) >= 0)
                break;
            swap(item + root * size, item + child * size, size);
        }
    }
}
