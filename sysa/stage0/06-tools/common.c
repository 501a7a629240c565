/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>

const char *program;

void die(const char *format, ...) {
    va_list args;
    fflush(stdout);
    fprintf(stderr, "%s: ", program);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, "\n");
    exit(1);
}

void require(int ok, const char *name, const char *what) {
    if (!ok)
        die("%s: %s", name, what);
}

long must(long result, const char *name) {
    if (result < 0)
        die("%s: %s", name, strerror(errno));
    return result;
}

/* ---- strings ---- */

void text_need(struct text *t, long n) {
    if (t->room - t->len < n) {
        t->room = 2 * (t->len + n) + 64;
        t->data = realloc(t->data, t->room);
        require(t->data != 0, "memory", "there is no more");
    }
}

void text_add(struct text *t, const char *bytes, long n) {
    text_need(t, n + 1);
    memcpy(t->data + t->len, bytes, n);
    t->len += n;
}

void text_char(struct text *t, int c) {
    text_need(t, 1);
    t->data[t->len++] = c;
}

char *join(const char *a, const char *b, const char *c) {
    struct text t = {0};
    text_add(&t, a, strlen(a));
    text_add(&t, b, strlen(b));
    text_add(&t, c, strlen(c) + 1);
    return t.data;
}

/* ---- files ---- */

void read_file(struct text *t, const char *name) {
    int fd = must(open(name, O_RDONLY), name);
    long n;
    t->len = 0;
    do {
        text_need(t, BUFFER);
        n = must(read(fd, t->data + t->len, BUFFER - 1), name);
        t->len += n;
    } while (n > 0);
    t->data[t->len] = 0;
    close(fd);
}

void write_file(const char *name, int mode, const char *bytes, long n) {
    int fd;
    unlink(name);
    fd = must(open(name, O_WRONLY | O_CREAT | O_EXCL, mode), name);
    must(chmod(name, mode), name); /* open() was subject to the umask */
    while (n > 0) {
        long done = must(write(fd, bytes, n), name);
        bytes += done;
        n -= done;
    }
    close(fd);
}

/* ---- directories ---- */

int is_directory(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

void make_parents(const char *path, int follow) {
    char *copy = join(path, "", ""), *p = copy;
    while ((p = strchr(p + 1, '/'))) {
        struct stat st;
        *p = 0;
        if (mkdir(copy, 0777) < 0) {
            must(errno == EEXIST ? 0 : -1, copy);
            must(follow ? stat(copy, &st) : lstat(copy, &st), copy);
            require(S_ISDIR(st.st_mode), copy, "is in the way: not a directory");
        }
        *p = '/';
    }
    free(copy);
}

static int by_bytes(const void *a, const void *b) {
    return strcmp(*(char **)a, *(char **)b);
}

int list_directory(const char *path, char ***names) {
    struct dirent *entry;
    struct text list = {0}; /* of pointers */
    DIR *dir = opendir(path);
    must(dir ? 0 : -1, path);
    text_need(&list, 1);
    while ((entry = readdir(dir))) {
        char *name = join(entry->d_name, "", "");
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
            text_add(&list, (char *)&name, sizeof name);
    }
    closedir(dir);
    *names = (char **)list.data;
    qsort(*names, list.len / sizeof(char *), sizeof(char *), by_bytes);
    return list.len / sizeof(char *);
}
