/* SPDX-License-Identifier: GPL-3.0-or-later */
/* edit FILE.edit    replaces lines in files, as docs/edit.md describes
 * All edits of a file are made in memory first: if one can't be made, the file is not touched. */
#include "common.h"

static const char *edits; /* the name of the file with the edits */
static char *at, *end;    /* what has not been read of it */
static int line_number;

static char *target; /* the name of the file that is edited, or 0 */
static struct text content;

static void check(int ok, const char *what) {
    if (!ok)
        die("%s:%d: %s", edits, line_number, what);
}

static int begins(const char *line, const char *with) {
    return strncmp(line, with, strlen(with)) == 0;
}

static char *next_line(void) {
    char *line = at;
    line_number++;
    check(at < end, "the file ends within an edit");
    at = (char *)memchr(at, '\n', end - at) + 1;
    return line;
}

/* Reads the lines up to `last`. Returns their length. */
static long block(const char *last) {
    char *start = at, *line = next_line();
    for (; !begins(line, last); line = next_line())
        check(!begins(line, "---- "), "not the '---- ' line that must come next");
    return line - start;
}

static void replace(const char *old, long old_len, const char *new, long new_len, int where) {
    struct text result = {0};
    char *p = content.data, *content_end = p + content.len, *found = 0;
    int count = 0;
    while (p && content_end - p >= old_len) {
        if (memcmp(p, old, old_len) == 0) {
            found = p;
            count++;
        }
        p = memchr(p, '\n', content_end - p);
        if (p)
            p++;
    }
    if (count != 1)
        die("%s:%d: %s: the old lines occur %d times, not once", edits, where, target, count);
    text_add(&result, content.data, found - content.data);
    text_add(&result, new, new_len);
    text_add(&result, found + old_len, content_end - found - old_len);
    free(content.data);
    content = result;
}

static void write_target(void) {
    struct stat st;
    must(stat(target, &st), target);
    write_file(target, st.st_mode & 0777, content.data, content.len);
}

int main(int argc, char **argv) {
    struct text text = {0};
    int where, any = 0;
    program = "edit";
    if (argc != 2)
        die("usage: edit FILE.edit");
    edits = argv[1];
    read_file(&text, edits);
    if (text.len > 0 && text.data[text.len - 1] != '\n')
        text_char(&text, '\n');
    at = text.data;
    end = at + text.len;
    while (at < end) {
        char *line = next_line(), *old = at, *new;
        long old_len;
        if (*line == '\n' || *line == '#')
            continue;
        if (begins(line, "file ")) {
            if (target)
                write_target();
            at[-1] = 0;
            target = line + 5;
            read_file(&content, target);
            continue;
        }
        where = line_number;
        check(begins(line, "---- old\n"), "neither a comment nor 'file NAME' nor '---- old'");
        check(target != 0, "no 'file NAME' before the first edit");
        old_len = block("---- new\n");
        check(old_len > 0, "no old lines");
        new = at;
        replace(old, old_len, new, block("---- end\n"), where);
        any = 1;
    }
    require(any, edits, "no edits in it");
    write_target();
    return 0;
}
