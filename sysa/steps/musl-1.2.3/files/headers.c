/* SPDX-License-Identifier: GPL-3.0-or-later */
/* headers    writes the three headers that musl's Makefile makes with sed; run in the folder of musl's source
 *
 *     arch/x86_64/bits/alltypes.h    from alltypes.h.in of the architecture and of all
 *     arch/x86_64/bits/syscall.h     from syscall.h.in
 *     src/internal/version.h         from VERSION
 *
 * The Makefile puts them into folders of their own; these here are in the compiler's path anyway. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char line[1000];
static FILE *out;

static FILE *must_open(const char *name, const char *mode) {
    FILE *f = fopen(name, mode);
    if (!f) {
        fprintf(stderr, "headers: cannot open %s\n", name);
        exit(1);
    }
    return f;
}

/* The word behind `start`, which is cut out of the line. */
static char *cut(char *start, const char *end) {
    char *word = start + strspn(start, " ");
    word[strcspn(word, end)] = 0;
    return word;
}

/* A definition of NAME that a header asks for with __NEED_NAME, and that is made only once. */
static void once(const char *prefix, const char *name, const char *kind, const char *rest, const char *last) {
    fprintf(out, "#if defined(__NEED_%s%s) && !defined(__DEFINED_%s%s)\n", prefix, name, prefix, name);
    fprintf(out, "%s %s %s;\n", kind, rest, last);
    fprintf(out, "#define __DEFINED_%s%s\n#endif\n\n", prefix, name);
}

/* TYPEDEF something NAME;    STRUCT NAME { ... };    UNION NAME { ... };    anything else stays as it is */
static void alltypes(const char *name) {
    FILE *in = must_open(name, "r");
    while (fgets(line, sizeof line, in)) {
        char *end = strrchr(line, ';'), *word;
        if (strncmp(line, "TYPEDEF ", 8) == 0) {
            *end = 0;
            word = strrchr(line, ' ');
            *word++ = 0;
            once("", word, "typedef", line + 8, word);
        } else if (strncmp(line, "STRUCT ", 7) == 0) {
            *end = 0;
            word = cut(line + 7, " ");
            once("struct_", word, "struct", word, word + strlen(word) + 1);
        } else if (strncmp(line, "UNION ", 6) == 0) {
            *end = 0;
            word = cut(line + 6, " ");
            once("union_", word, "union", word, word + strlen(word) + 1);
        } else {
            fputs(line, out);
        }
    }
    fclose(in);
}

/* All as it is, then each __NR_NAME once more as SYS_NAME. */
static void syscalls(const char *name) {
    FILE *in = must_open(name, "r");
    char *number;
    while (fgets(line, sizeof line, in))
        fputs(line, out);
    fseek(in, 0, SEEK_SET);
    while (fgets(line, sizeof line, in)) {
        if ((number = strstr(line, "__NR_"))) {
            *number = 0;
            fprintf(out, "%sSYS_%s", line, number + 5);
        }
    }
    fclose(in);
}

static void finish(void) {
    if (ferror(out) || fclose(out)) {
        fprintf(stderr, "headers: cannot write\n");
        exit(1);
    }
}

int main(void) {
    FILE *in;
    out = must_open("arch/x86_64/bits/alltypes.h", "w");
    alltypes("arch/x86_64/bits/alltypes.h.in");
    alltypes("include/alltypes.h.in");
    finish();
    out = must_open("arch/x86_64/bits/syscall.h", "w");
    syscalls("arch/x86_64/bits/syscall.h.in");
    finish();
    in = must_open("VERSION", "r");
    out = must_open("src/internal/version.h", "w");
    fgets(line, sizeof line, in);
    fprintf(out, "#define VERSION \"%s\"\n", cut(line, "\n"));
    fclose(in);
    finish();
    return 0;
}
