/* SPDX-License-Identifier: GPL-3.0-or-later */
/* configure OPTIONS FILE...
 *
 * What busybox's scripts and its menu program make out of its sources. OPTIONS is a file that names the options that are on:
 * words of the form NAME or NAME=VALUE, and comments from a '#' to the end of the line. FILE... are the sources, by their
 * names below the current directory. What is looked for in them:
 *
 *     in a .c file           in a Config.*      in a Kbuild.src
 *     //config:config A      config A                                there is an option A
 *     //config:  int "..."     int "..."                             it has a value (also hex, string)
 *     //config:  default 4     default 4                             this one, unless OPTIONS has another
 *     //kbuild:lib-y += b.o                     lib-y += b.o         b.c belongs to busybox
 *     //kbuild:lib-$(CONFIG_A) += b.o           lib-$(CONFIG_A)...   it does if A is on
 *     //applet:IF_A(...)                                             a line of applets.h
 *
 * It writes
 *     include/autoconf.h           what the sources know of the options
 *     include/applets.h            include/applets.src.h, with the lines about applets in it
 *     include/common_bufsiz.h      one buffer for many purposes: not at the end of .bss, where gcc's build looks for room
 *     include/usage_compressed.h   nothing: the applets' help texts are left out
 *     sources                      the names of the .c files that belong to busybox */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_OPTIONS = 4096, MAX_SOURCES = 2048, MAX_VARIABLES = 16 };

struct option {
    char *name;
    char *value; /* of an option that has one, else NULL */
    int on;
    int described; /* in the sources */
};
static struct option options[MAX_OPTIONS];
static int option_count;

static struct {
    char *name, *value;
} variables[MAX_VARIABLES]; /* of makefiles */
static int variable_count;

static char *sources[MAX_SOURCES];
static int source_count;

static FILE *out; /* applets.h while the sources are read */

static void die(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "configure: ");
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
    exit(1);
}

static FILE *must_open(const char *name, const char *mode) {
    FILE *f = fopen(name, mode);
    if (!f)
        die("cannot open %s", name);
    return f;
}

static void finish(FILE *f) {
    if (ferror(f) || fclose(f))
        die("cannot write");
}

static char *copy(const char *text, int len) {
    char *c = calloc(len + 1, 1);
    if (!c)
        die("out of memory");
    return memcpy(c, text, len);
}

static int starts(const char *text, const char *start) {
    return strncmp(text, start, strlen(start)) == 0;
}

/* ---- options ---- */

/* The option whose name is what `text` begins with, up to one of the characters in `end`. */
static struct option *option(const char *text, const char *end) {
    int len = strcspn(text, end);
    struct option *o;
    for (o = options; o < options + option_count; o++)
        if (strncmp(o->name, text, len) == 0 && !o->name[len])
            return o;
    if (option_count++ == MAX_OPTIONS)
        die("too many options");
    o->name = copy(text, len);
    return o;
}

static void read_options(const char *name) {
    char line[4096], *word, *value;
    FILE *in = must_open(name, "r");
    while (fgets(line, sizeof line, in)) {
        line[strcspn(line, "#")] = 0;
        for (word = strtok(line, " \t\n"); word; word = strtok(NULL, " \t\n")) {
            struct option *o = option(word, "=");
            o->on = 1;
            if ((value = strchr(word, '=')))
                o->value = copy(value + 1, strlen(value + 1));
        }
    }
    fclose(in);
}

/* A line of the description of `current`, which it may be the end of. Returns the option that the next line is about. */
static struct option *config(const char *text, struct option *current) {
    if (starts(text, "config ")) {
        current = option(text + 7 + strspn(text + 7, " "), " \t\n");
        current->described = 1;
        return current;
    }
    text += strspn(text, " \t");
    if (!current || starts(text, "help"))
        return NULL;
    if (!current->value && (starts(text, "int ") || starts(text, "hex ") || starts(text, "string ")))
        current->value = "";
    if (current->value && !*current->value && starts(text, "default "))
        current->value = copy(text + 8, text[8] == '"' ? strcspn(text + 9, "\"") + 2 : strcspn(text + 8, " \t\n"));
    return current;
}

static void write_autoconf(void) {
    struct option *o;
    for (o = options; o < options + option_count; o++) {
        if (o->on && !o->described)
            die("there is no option %s", o->name);
        if (o->value) {
            fprintf(out, "#define CONFIG_%s %s\n", o->name, o->value);
            o->on = 1;
        } else if (o->on) {
            fprintf(out, "#define CONFIG_%s 1\n", o->name);
        }
        fprintf(out, "#define ENABLE_%s %d\n", o->name, o->on);
        fprintf(out, "#define IF_%s(...) %s\n", o->name, o->on ? "__VA_ARGS__" : "");
        fprintf(out, "#define IF_NOT_%s(...) %s\n", o->name, o->on ? "" : "__VA_ARGS__");
    }
}

/* ---- sources ---- */

/* Reads a line, with those that follow it if it ends with a '\'. Returns 0 at the end. */
static int read_line(FILE *in, char *line, int size) {
    int len = 0;
    while (fgets(line + len, size - len, in)) {
        len += strlen(line + len);
        if (len < 2 || strcmp(line + len - 2, "\\\n") != 0)
            return 1;
        len -= 2;
    }
    return len > 0;
}

static void add_source(const char *folder, const char *object, int len) {
    char name[256];
    int i;
    if (len < 3 || !starts(object + len - 2, ".o"))
        die("%s/%.*s is not understood", folder, len, object);
    sprintf(name, "%s/%.*s.c", folder, len - 2, object);
    for (i = 0; i < source_count; i++)
        if (strcmp(sources[i], name) == 0)
            return;
    if (source_count == MAX_SOURCES)
        die("too many sources");
    sources[source_count++] = copy(name, strlen(name));
}

/* Words of a makefile: objects, or $(NAME) for those that were set before. */
static void add_sources(const char *folder, const char *text) {
    int len, i;
    for (; text += strspn(text, " \t\n"), *text && *text != '#'; text += len) {
        len = strcspn(text, " \t\n");
        for (i = 0; i < variable_count && !(starts(text, "$(") && starts(text + 2, variables[i].name)); i++)
            ;
        if (i < variable_count)
            add_sources(folder, variables[i].value);
        else
            add_source(folder, text, len);
    }
}

/* A line of a makefile. "if" and its like are overlooked: they are about things that we leave out. */
static void kbuild(const char *text, const char *folder) {
    const char *value = strchr(text, '=');
    text += strspn(text, " ");
    if (!value)
        return;
    if (starts(text, "lib-y") || (starts(text, "lib-$(CONFIG_") && option(text + 13, ")")->on)) {
        add_sources(folder, value + 1);
    } else if (*text >= 'A' && *text <= 'Z') {
        if (variable_count == MAX_VARIABLES)
            die("too many variables");
        variables[variable_count].name = copy(text, strcspn(text, ": \t="));
        variables[variable_count++].value = copy(value + 1, strlen(value + 1));
    }
}

static void read_source(const char *name) {
    const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;
    const char *folder = slash ? copy(name, slash - name) : ".";
    struct option *current = NULL;
    FILE *in = must_open(name, "r");
    char line[4096];
    while (read_line(in, line, sizeof line)) {
        if (starts(base, "Kbuild"))
            kbuild(line, folder);
        else if (starts(base, "Config"))
            current = config(line, current);
        else if (starts(line, "//config:"))
            current = config(line + 9, current);
        else if (starts(line, "//kbuild:"))
            kbuild(line + 9, folder);
        else if (starts(line, "//applet:"))
            fputs(line + 9, out);
    }
    fclose(in);
}

/* ---- what is written ---- */

/* Copies a file up to a line "INSERT" or its end. */
static void copy_lines(FILE *in) {
    char line[4096];
    while (fgets(line, sizeof line, in) && strcmp(line, "INSERT\n") != 0)
        fputs(line, out);
}

int main(int argc, char **argv) {
    FILE *in;
    int i;
    if (argc < 3)
        die("usage: configure OPTIONS FILE...");
    read_options(argv[1]);

    in = must_open("include/applets.src.h", "r");
    out = must_open("include/applets.h", "w");
    copy_lines(in);
    for (i = 2; i < argc; i++)
        read_source(argv[i]);
    copy_lines(in);
    fclose(in);
    finish(out);

    out = must_open("include/autoconf.h", "w");
    write_autoconf();
    finish(out);

    out = must_open("include/common_bufsiz.h", "w");
    fprintf(out, "enum { COMMON_BUFSIZE = 1024 };\nextern char bb_common_bufsiz1[];\n#define setup_common_bufsiz() ((void)0)\n");
    finish(out);
    finish(must_open("include/usage_compressed.h", "w"));

    out = must_open("sources", "w");
    for (i = 0; i < source_count; i++)
        fprintf(out, "%s\n", sources[i]);
    finish(out);
    return 0;
}
