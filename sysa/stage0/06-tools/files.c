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

static char *options = ""; /* the letters that were given */

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
    char *to = names[--count], *slash;
    require(count == 1 || is_directory(to), to, "not a directory");
    for (; count > 0; count--, names++) {
        slash = strrchr(*names, '/');
        copy(*names, is_directory(to) ? join(to, "/", slash ? slash + 1 : *names) : to);
    }
}

static void make(const char *path) {
    if (option('p'))
        make_parents(path, 1);
    if (option('p') && is_directory(path))
        return;
    must(mkdir(path, 0777), path);
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

/* Is it this command? Then its arguments must be right. */
static int is(const char *command, int count, int least, const char *letters, const char *usage) {
    if (strcmp(program, command) != 0)
        return 0;
    if (count < least || options[strspn(options, letters)])
        die("usage: %s %s", command, usage);
    return 1;
}

int main(int count, char **names) {
    program = strrchr(names[0], '/') ? strrchr(names[0], '/') + 1 : names[0];
    for (count--, names++; count > 0 && names[0][0] == '-'; count--, names++)
        options = join(options, names[0] + 1, "");
    if (is("cp", count, 2, "", "SOURCE... DEST")) {
        cp(count, names);
    } else if (is("mkdir", count, 1, "p", "[-p] DIRECTORY...")) {
        for (; count > 0; count--)
            make(*names++);
    } else if (is("chmod", count, 2, "", "OCTAL-MODE FILE...")) {
        char *end;
        long mode = strtol(*names, &end, 8);
        require(!*end && mode >= 0 && mode <= 07777, *names, "not a mode in octal");
        for (names++; --count > 0; names++)
            must(chmod(*names, mode), *names);
    } else if (is("rm", count, !option('f'), "rf", "[-r] [-f] FILE...")) {
        for (; count > 0; count--)
            remove_tree(*names++);
    } else if (is("ln", count == 2, 1, "s", "[-s] TARGET NAME")) {
        must(option('s') ? symlink(names[0], names[1]) : link(names[0], names[1]), names[1]);
    } else if (is("cmp", count == 2, 1, "", "A B")) {
        cmp(names[0], names[1]);
    } else {
        die("must be called cp, mkdir, chmod, rm, ln or cmp");
    }
    return 0;
}
