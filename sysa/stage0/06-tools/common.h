/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tools share: messages, strings, files, SHA-256. */
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

/* Bytes that become more. {0} is an empty one. Small ones are never freed: the tools are short-lived. */
struct text {
    char *data;
    long len, room;
};
void text_need(struct text *t, long n); /* makes room for n more */
void text_add(struct text *t, const char *bytes, long n);
void text_char(struct text *t, int c);
char *join(const char *a, const char *b, const char *c);

/* Files, each as a whole. */
void read_file(struct text *t, const char *name); /* in the place of what is in `t`, with a 0 behind it */
void write_file(const char *name, int mode, const char *bytes, long n); /* a new one in the place of an old one */

/* Directories. make_parents() makes one for each '/' in the path; one that is there already will do, and a
 * symlink to one where `follow` is set. */
int is_directory(const char *path);
void make_parents(const char *path, int follow);
int list_directory(const char *path, char ***names); /* sorted by bytes, without . and .. */

void sha256(const void *bytes, long n, char *hex); /* 64 digits and a 0 */
