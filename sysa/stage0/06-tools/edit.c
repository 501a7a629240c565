/* SPDX-License-Identifier: GPL-3.0-or-later */
/* edit FILE.edit    replaces lines in files, as docs/edit.md describes
 * Every edit is made in memory first: if one can't be made, no file is touched. */
#include "common.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct in in;
static int line_number;
static struct text line;

static void check(int ok, const char *what) {
    if (!ok)
        die("%s:%d: %s", in.name, line_number, what);
}

static int next_line(void) {
    line_number++;
    return in_line(&in, &line);
}

/* ---- the files that are edited, as they are going to be ---- */

static struct target {
    char *name;
    struct text text;
    struct target *next;
} *targets;

static struct target *open_target(const char *name) {
    struct target *t;
    for (t = targets; t; t = t->next)
        if (strcmp(t->name, name) == 0)
            return t;
    t = take(sizeof *t);
    memset(t, 0, sizeof *t);
    t->name = join(name, "", "");
    read_file(t->name, &t->text);
    t->next = targets;
    return targets = t;
}

/* A file is replaced as a whole, so that it is never seen half written. */
static void write_target(struct target *t) {
    char *partial = join(t->name, ".partial", "");
    struct stat st;
    int fd;
    must(stat(t->name, &st), t->name);
    fd = create(partial, st.st_mode & 0777);
    write_all(fd, t->text.data, t->text.len, partial);
    close(fd);
    must(rename(partial, t->name), t->name);
}

/* ---- one edit ---- */

/* Reads the lines up to `end`. */
static void read_block(struct text *block, const char *end) {
    text_set(block, "");
    for (;;) {
        if (!next_line())
            die("%s: ends within an edit, before its '%s'", in.name, end);
        if (strcmp(line.data, end) == 0)
            return;
        check(strncmp(line.data, "---- ", 5) != 0, "not the '---- ' line that must come next");
        text_add(block, line.data, line.len);
        text_char(block, '\n');
    }
}

static void replace(struct target *t, struct text *old, struct text *new, int where) {
    struct text result = {0};
    char *p = t->text.data, *end = p + t->text.len, *found = 0;
    int count = 0;
    while (p && end - p >= old->len) {
        if (memcmp(p, old->data, old->len) == 0) {
            found = p;
            count++;
        }
        p = memchr(p, '\n', end - p);
        if (p)
            p++;
    }
    if (count != 1)
        die("%s:%d: %s: the old lines occur %d times, not once", in.name, where, t->name, count);
    text_add(&result, t->text.data, found - t->text.data);
    text_add(&result, new->data, new->len);
    text_add(&result, found + old->len, end - found - old->len);
    free(t->text.data);
    t->text = result;
}

int main(int argc, char **argv) {
    struct target *target = 0;
    struct text old = {0}, new = {0};
    program = "edit";
    if (argc != 2)
        die("usage: edit FILE.edit");
    in_open(&in, argv[1]);
    while (next_line()) {
        int where = line_number;
        if (line.len == 0 || line.data[0] == '#')
            continue;
        if (strncmp(line.data, "file ", 5) == 0) {
            target = open_target(line.data + 5);
            continue;
        }
        check(strcmp(line.data, "---- old") == 0, "neither a comment nor 'file NAME' nor '---- old'");
        check(target != 0, "no 'file NAME' before the first edit");
        read_block(&old, "---- new");
        check(old.len > 0, "no old lines");
        read_block(&new, "---- end");
        replace(target, &old, &new, where);
    }
    require(new.data != 0, in.name, "no edits in it");
    for (; targets; targets = targets->next)
        write_target(targets);
    return 0;
}
