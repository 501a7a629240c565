/* SPDX-License-Identifier: GPL-3.0-or-later */
/* glob COMMAND ARGUMENT...
 *
 * Runs COMMAND, a program in PATH or a path, as a shell would: each argument with a '*' is replaced by the names of the files
 * that match it, sorted by bytes. No match is an error. For the time before there is a shell. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_WORDS = 8192 };

static char *words[MAX_WORDS + 1];
static int count;

static void die(const char *name, const char *what) {
    fprintf(stderr, "glob: %s: %s\n", name, what);
    exit(1);
}

static void add(char *word) {
    if (count == MAX_WORDS)
        die(word, "too many words");
    words[count++] = word;
}

/* The first `len` bytes of `a`, and then `b` and `c`. */
static char *join(const char *a, long len, const char *b, const char *c) {
    char *all = calloc(len + strlen(b) + strlen(c) + 1, 1);
    if (!all)
        die(a, "out of memory");
    memcpy(all, a, len);
    return strcat(strcat(all, b), c);
}

static int matches(const char *pattern, const char *name) {
    if (*pattern == '*')
        return matches(pattern + 1, name) || (*name && matches(pattern, name + 1));
    return *pattern == *name && (!*name || matches(pattern + 1, name + 1));
}

static int by_bytes(const void *a, const void *b) {
    return strcmp(*(char **)a, *(char **)b);
}

/* DIRECTORY/PATTERN/REST: the matches of PATTERN, the first part that has a '*', and of REST in each. Hidden names don't match. */
static void expand(char *path) {
    char *star = strchr(path, '*'), *start = star, *rest, *directory, *pattern;
    struct dirent *entry;
    DIR *d;
    if (!star) {
        if (access(path, F_OK) == 0)
            add(path);
        return;
    }
    while (start > path && start[-1] != '/')
        start--;
    rest = star + strcspn(star, "/");
    pattern = join(start, rest - start, "", "");
    directory = join(path, start - path, "", "");
    d = opendir(*directory ? directory : ".");
    if (!d)
        return;
    while ((entry = readdir(d)))
        if (entry->d_name[0] != '.' && matches(pattern, entry->d_name))
            expand(join(directory, start - path, entry->d_name, rest));
    closedir(d);
}

int main(int argc, char **argv) {
    int i, first;
    if (argc < 2) {
        fprintf(stderr, "usage: glob COMMAND ARGUMENT...\n");
        return 1;
    }
    for (i = 1; i < argc; i++) {
        first = count;
        if (strchr(argv[i], '*'))
            expand(argv[i]);
        else
            add(argv[i]);
        if (count == first)
            die(argv[i], "no file matches");
        qsort(words + first, count - first, sizeof *words, by_bytes);
    }
    execvp(words[0], words);
    die(words[0], strerror(errno));
}
