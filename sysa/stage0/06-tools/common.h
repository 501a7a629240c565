/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tools share: messages, memory, buffered reading, files, SHA-256. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER = 65536 };

/* Messages. main() sets `program`; each of these prints "program: message" and ends with status 1. */
extern const char *program;
void die(const char *format, ...);
void require(int ok, const char *name, const char *what); /* or "name: what" */
long must(long result, const char *name);                 /* result < 0: "name: what errno means" */

/* Memory. Small things are never freed: the tools are short-lived. */
void *take(long bytes);
char *join(const char *a, const char *b, const char *c);

/* A string that grows. `data` always ends in a 0 that `len` does not count. */
struct text {
    char *data;
    long len, room;
};
void text_add(struct text *t, const char *bytes, long n);
void text_char(struct text *t, int c);
void text_set(struct text *t, const char *string);

/* Buffered input. */
struct in {
    const char *name;
    int fd;
    long pos, len;
    unsigned char *buf;
};
void in_open(struct in *in, const char *name); /* "-" is standard input */
int in_refill(struct in *in);                  /* how many bytes there are now: 0 at the end */
int in_byte(struct in *in);                    /* -1 at the end */
int in_line(struct in *in, struct text *line); /* without its newline; 0 at the end */
void in_close(struct in *in);

/* Files. */
int create(const char *name, int mode); /* a new file in the place of whatever file had the name */
void write_all(int fd, const void *bytes, long n, const char *name);
int is_directory(const char *path);
int list_directory(const char *path, char ***names); /* sorted by bytes, without . and .. */

/* One directory, and every directory before the last '/'. A directory that is there already will do;
 * so will a symlink to one, but only where `follow` is set. */
void make_directory(const char *path, int mode, int follow);
void make_parents(const char *path, int follow);

/* sha256.c */
struct sha256 {
    unsigned hash[8];
    unsigned char rest[64]; /* what is not yet a whole block */
    unsigned long length;   /* in bytes */
};
void sha256_start(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *bytes, long n);
void sha256_end(struct sha256 *s, char *hex); /* 64 digits and a 0 */
