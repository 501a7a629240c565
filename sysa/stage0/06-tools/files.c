/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Six small commands in one program, which does what its own name says:
 *
 *     cp SOURCE DEST             copies a file, with its mode
 *     cp SOURCE... DIRECTORY     copies files into a directory
 *     mkdir [-p] DIRECTORY...    -p: with its parents; one that exists will do
 *     chmod MODE FILE...         MODE in octal
 *     rm [-r] [-f] FILE...       -r: directories too, with what is in them; -f: one that doesn't exist will do
 *     ln [-s] TARGET NAME        makes NAME another name of TARGET; -s: a symlink to it
 *     cmp A B                    status 0 if the bytes are the same; else says where they first differ, status 1 */
#include "common.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char options[3]; /* the letters that were given as options */

static int option(int letter) {
    return strchr(options, letter) != 0;
}

static void copy(const char *from, const char *to) {
    struct stat st;
    struct in in;
    int fd;
    must(stat(from, &st), from);
    require(S_ISREG(st.st_mode), from, "not a regular file");
    in_open(&in, from);
    fd = create(to, st.st_mode & 0777);
    while (in_refill(&in))
        write_all(fd, in.buf, in.len, to);
    close(fd);
    in_close(&in);
}

static void cp(int count, char **names) {
    char *to = names[--count];
    int i;
    require(count == 1 || is_directory(to), to, "not a directory");
    for (i = 0; i < count; i++) {
        char *slash = strrchr(names[i], '/');
        copy(names[i], is_directory(to) ? join(to, "/", slash ? slash + 1 : names[i]) : to);
    }
}

static void remove_tree(const char *path) {
    struct stat st;
    char **names;
    int count;
    if (lstat(path, &st) < 0 && errno == ENOENT && option('f'))
        return;
    must(lstat(path, &st), path);
    if (S_ISDIR(st.st_mode)) {
        require(option('r'), path, "is a directory");
        for (count = list_directory(path, &names); count > 0; count--)
            remove_tree(join(path, "/", names[count - 1]));
        must(rmdir(path), path);
    } else {
        must(unlink(path), path);
    }
}

static void cmp(char *first, char *second) {
    struct in a, b;
    long place = 1;
    int x, y;
    in_open(&a, first);
    in_open(&b, second);
    for (; (x = in_byte(&a)) == (y = in_byte(&b)); place++)
        if (x < 0)
            return;
    if (x < 0 || y < 0)
        die("%s ends after %ld bytes, %s goes on", x < 0 ? first : second, place - 1, x < 0 ? second : first);
    die("%s and %s differ: byte %ld is 0x%02x in one and 0x%02x in the other", first, second, place, x, y);
}

static void usage(int ok, const char *arguments) {
    if (!ok)
        die("usage: %s %s", program, arguments);
}

int main(int argc, char **argv) {
    char *slash = strrchr(argv[0], '/'), *end;
    int i;
    program = slash ? slash + 1 : argv[0];
    for (argc--, argv++; argc > 0 && argv[0][0] == '-'; argc--, argv++) {
        usage(strlen(options) + strlen(argv[0] + 1) < sizeof options, "...: unknown option");
        strcat(options, argv[0] + 1);
    }
    if (strcmp(program, "cp") == 0) {
        usage(argc >= 2 && !options[0], "SOURCE... DEST");
        cp(argc, argv);
    } else if (strcmp(program, "mkdir") == 0) {
        usage(argc >= 1 && !options[strspn(options, "p")], "[-p] DIRECTORY...");
        for (i = 0; i < argc; i++) {
            if (option('p'))
                make_parents(argv[i], 1);
            if (!option('p') || !is_directory(argv[i]))
                must(mkdir(argv[i], 0777), argv[i]);
        }
    } else if (strcmp(program, "chmod") == 0) {
        long mode = argc >= 2 ? strtol(argv[0], &end, 8) : -1;
        usage(argc >= 2 && !options[0] && !*end && mode >= 0 && mode <= 07777, "OCTAL-MODE FILE...");
        for (i = 1; i < argc; i++)
            must(chmod(argv[i], mode), argv[i]);
    } else if (strcmp(program, "rm") == 0) {
        usage((argc >= 1 || option('f')) && !options[strspn(options, "rf")], "[-r] [-f] FILE...");
        for (i = 0; i < argc; i++)
            remove_tree(argv[i]);
    } else if (strcmp(program, "ln") == 0) {
        usage(argc == 2 && !options[strspn(options, "s")], "[-s] TARGET NAME");
        must(option('s') ? symlink(argv[0], argv[1]) : link(argv[0], argv[1]), argv[1]);
    } else if (strcmp(program, "cmp") == 0) {
        usage(argc == 2 && !options[0], "A B");
        cmp(argv[0], argv[1]);
    } else {
        die("must be called cp, mkdir, chmod, rm, ln or cmp");
    }
    return 0;
}
