/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>

/* ---- messages ---- */

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

/* ---- memory and strings ---- */

void *take(long bytes) {
    void *p = malloc(bytes);
    require(p != 0, "memory", "there is no more");
    return p;
}

char *join(const char *a, const char *b, const char *c) {
    char *s = take(strlen(a) + strlen(b) + strlen(c) + 1);
    return strcat(strcat(strcpy(s, a), b), c);
}

void text_add(struct text *t, const char *bytes, long n) {
    if (t->len + n + 1 > t->room) {
        char *old = t->data;
        t->room = 2 * (t->len + n) + 64;
        t->data = take(t->room);
        memcpy(t->data, old ? old : "", t->len);
        free(old);
    }
    memcpy(t->data + t->len, bytes, n);
    t->len += n;
    t->data[t->len] = 0;
}

void text_char(struct text *t, int c) {
    char byte = c;
    text_add(t, &byte, 1);
}

void text_set(struct text *t, const char *string) {
    t->len = 0;
    text_add(t, string, strlen(string));
}

/* ---- input ---- */

void in_open(struct in *in, const char *name) {
    in->name = name;
    in->fd = strcmp(name, "-") == 0 ? 0 : must(open(name, O_RDONLY), name);
    in->pos = in->len = 0;
    in->buf = take(BUFFER);
}

int in_refill(struct in *in) {
    in->pos = 0;
    return in->len = must(read(in->fd, in->buf, BUFFER), in->name);
}

int in_byte(struct in *in) {
    return in->pos < in->len || in_refill(in) ? in->buf[in->pos++] : -1;
}

int in_line(struct in *in, struct text *line) {
    int c = in_byte(in), any = c >= 0;
    for (text_set(line, ""); c >= 0 && c != '\n'; c = in_byte(in))
        text_char(line, c);
    return any;
}

void in_close(struct in *in) {
    close(in->fd);
    free(in->buf);
}

/* ---- files ---- */

int create(const char *name, int mode) {
    int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, mode);
    if (fd < 0 && errno == EEXIST && unlink(name) == 0)
        fd = open(name, O_WRONLY | O_CREAT | O_EXCL, mode);
    must(fd, name);
    must(chmod(name, mode), name); /* open() was subject to the umask */
    return fd;
}

void write_all(int fd, const void *bytes, long n, const char *name) {
    const char *p = bytes, *end = p + n;
    while (p < end)
        p += must(write(fd, p, end - p), name);
}

int is_directory(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

void make_directory(const char *path, int mode, int follow) {
    struct stat st;
    if (mkdir(path, mode) < 0) {
        must(errno == EEXIST ? 0 : -1, path);
        must(follow ? stat(path, &st) : lstat(path, &st), path);
        require(S_ISDIR(st.st_mode), path, "is in the way: not a directory");
    }
}

void make_parents(const char *path, int follow) {
    char *copy = join(path, "", ""), *p = copy;
    while ((p = strchr(p + 1, '/'))) {
        *p = 0;
        make_directory(copy, 0777, follow);
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
    text_set(&list, "");
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
