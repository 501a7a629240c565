/* SPDX-License-Identifier: GPL-3.0-or-later */
/* glob COMMAND ARGUMENT...
 *
 * Runs COMMAND, a program in PATH or a path, as a shell would: each argument whose last part has a '*' is replaced
 * by the names that match it, sorted by bytes. No match is an error. For the time before there is a shell. */
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

static int matches(const char *pattern, const char *name) {
    if (*pattern == '*')
        return matches(pattern + 1, name) || (*name && matches(pattern, name + 1));
    return *pattern == *name && (!*name || matches(pattern + 1, name + 1));
}

static int by_bytes(const void *a, const void *b) {
    return strcmp(*(char **)a, *(char **)b);
}

/* The names in `directory` (which ends in a '/', or is empty) that match. Hidden ones don't. */
static void expand(char *word, const char *directory, const char *pattern) {
    int first = count;
    DIR *d = opendir(*directory ? directory : ".");
    struct dirent *entry;
    if (!d)
        die(directory, strerror(errno));
    while ((entry = readdir(d))) {
        if (entry->d_name[0] != '.' && matches(pattern, entry->d_name)) {
            char *path = malloc(strlen(directory) + strlen(entry->d_name) + 1);
            strcpy(path, directory);
            strcat(path, entry->d_name);
            add(path);
        }
    }
    closedir(d);
    if (count == first)
        die(word, "no file matches");
    qsort(words + first, count - first, sizeof *words, by_bytes);
}

int main(int argc, char **argv) {
    int i;
    if (argc < 2) {
        fprintf(stderr, "usage: glob COMMAND ARGUMENT...\n");
        return 1;
    }
    for (i = 1; i < argc; i++) {
        char *slash = strrchr(argv[i], '/'), *last = slash ? slash + 1 : argv[i], *directory;
        if (!strchr(last, '*')) {
            add(argv[i]);
            continue;
        }
        directory = calloc(last - argv[i] + 1, 1);
        memcpy(directory, argv[i], last - argv[i]);
        expand(argv[i], directory, last);
    }
    execvp(words[0], words);
    die(words[0], strerror(errno));
}
