/* SPDX-License-Identifier: GPL-3.0-or-later */
/* edit FILE.edit    replaces lines in files, as docs/edit.md describes
 * All edits of a file are made in memory first: if one can't be made, the file is not touched. */
#include "common.h"

static struct in in;
static int line_number;
static struct text line;

static char *target; /* the name of the file that is edited, or 0 */
static struct text content;

static void check(int ok, const char *what) {
    if (!ok)
        die("%s:%d: %s", in.name, line_number, what);
}

static int next_line(void) {
    line_number++;
    return in_line(&in, &line);
}

/* Reads the lines up to `end`. */
static void read_block(struct text *block, const char *end) {
    for (text_set(block, "");;) {
        check(next_line(), "the file ends within an edit");
        if (strcmp(line.data, end) == 0)
            return;
        check(strncmp(line.data, "---- ", 5) != 0, "not the '---- ' line that must come next");
        text_add(block, line.data, line.len);
        text_char(block, '\n');
    }
}

static void read_file(const char *name) {
    struct in file;
    in_open(&file, name);
    for (text_set(&content, ""); in_refill(&file);)
        text_add(&content, (char *)file.buf, file.len);
    in_close(&file);
}

static void replace(struct text *old, struct text *new, int where) {
    struct text result = {0};
    char *p = content.data, *end = p + content.len, *found = 0;
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
        die("%s:%d: %s: the old lines occur %d times, not once", in.name, where, target, count);
    text_add(&result, content.data, found - content.data);
    text_add(&result, new->data, new->len);
    text_add(&result, found + old->len, end - found - old->len);
    free(content.data);
    content = result;
}

/* The file is replaced as a whole, so that it is never seen half written. */
static void write_target(void) {
    char *partial = join(target, ".partial", "");
    struct stat st;
    int fd;
    must(stat(target, &st), target);
    fd = create(partial, st.st_mode & 0777);
    write_all(fd, content.data, content.len, partial);
    close(fd);
    must(rename(partial, target), target);
}

int main(int argc, char **argv) {
    struct text old = {0}, new = {0};
    int where;
    program = "edit";
    if (argc != 2)
        die("usage: edit FILE.edit");
    in_open(&in, argv[1]);
    while (next_line()) {
        if (line.len == 0 || line.data[0] == '#')
            continue;
        if (strncmp(line.data, "file ", 5) == 0) {
            if (target)
                write_target();
            target = join(line.data + 5, "", "");
            read_file(target);
            continue;
        }
        where = line_number;
        check(strcmp(line.data, "---- old") == 0, "neither a comment nor 'file NAME' nor '---- old'");
        check(target != 0, "no 'file NAME' before the first edit");
        read_block(&old, "---- new");
        check(old.len > 0, "no old lines");
        read_block(&new, "---- end");
        replace(&old, &new, where);
    }
    require(new.data != 0, in.name, "no edits in it");
    write_target();
    return 0;
}
