/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Six small commands in one program, which does what its own name says:
 *
 *     cp SOURCE DEST             copies a file, with its mode
 *     cp SOURCE... DIRECTORY     copies files into a directory
 *     mkdir [-p] DIRECTORY...    -p: with its parents; one that exists will do
 *     chmod MODE FILE...         MODE in octal
 *     rm [-r] FILE...            -r: directories too, with what is in them
 *     ln -s TARGET NAME          makes a symlink
 *     cmp A B                    status 0 if the bytes are the same; else says where they first differ, status 1 */
#include "common.h"

static void cp(int count, char **names) {
    static struct text file;
    struct stat st;
    char *dest = names[--count], *slash;
    require(count == 1 || is_directory(dest), dest, "not a directory");
    for (; count > 0; count--, names++) {
        must(stat(*names, &st), *names);
        require(S_ISREG(st.st_mode), *names, "not a regular file");
        slash = strrchr(*names, '/');
        read_file(&file, *names);
        write_file(is_directory(dest) ? join(dest, "/", slash ? slash + 1 : *names) : dest, st.st_mode & 0777,
                   file.data, file.len);
    }
}

static void remove_tree(const char *path, int directories) {
    struct stat st;
    char **names;
    int count;
    must(lstat(path, &st), path);
    if (S_ISDIR(st.st_mode)) {
        require(directories, path, "is a directory");
        for (count = list_directory(path, &names); count > 0; count--)
            remove_tree(join(path, "/", names[count - 1]), 1);
    }
    must(remove(path), path);
}

static void cmp(const char *first, const char *second) {
    struct text a = {0}, b = {0};
    long i = 0, least;
    read_file(&a, first);
    read_file(&b, second);
    least = a.len < b.len ? a.len : b.len;
    while (i < least && a.data[i] == b.data[i])
        i++;
    if (i < least)
        die("%s and %s differ: byte %ld is 0x%02x in one and 0x%02x in the other", first, second, i + 1,
            a.data[i] & 255, b.data[i] & 255);
    if (a.len != b.len)
        die("%s ends after %ld bytes, %s goes on", a.len < b.len ? first : second, i, a.len < b.len ? second : first);
}

/* Is it this command? Then its arguments must be right. */
static int is(const char *command, const char *option, int count, int least, const char *usage) {
    if (strcmp(program, command) != 0)
        return 0;
    if (count < least || !strstr(usage, option))
        die("usage: %s %s", command, usage);
    return 1;
}

int main(int count, char **names) {
    const char *option = "";
    program = strrchr(names[0], '/') ? strrchr(names[0], '/') + 1 : names[0];
    names++;
    count--;
    if (count > 0 && **names == '-') {
        option = *names++;
        count--;
    }
    if (is("cp", option, count, 2, "SOURCE... DEST")) {
        cp(count, names);
    } else if (is("mkdir", option, count, 1, "[-p] DIRECTORY...")) {
        for (; count > 0; count--, names++) {
            if (*option)
                make_parents(join(*names, "/", ""), 1);
            else
                must(mkdir(*names, 0777), *names);
        }
    } else if (is("chmod", option, count, 2, "OCTAL-MODE FILE...")) {
        char *end;
        long mode = strtol(*names, &end, 8);
        require(*end == 0 && mode >= 0 && mode <= 07777, *names, "not an octal mode");
        for (names++; count > 1; count--, names++)
            must(chmod(*names, mode), *names);
    } else if (is("rm", option, count, 1, "[-r] FILE...")) {
        for (; count > 0; count--, names++)
            remove_tree(*names, *option);
    } else if (is("ln", option, count == 2 && *option, 1, "-s TARGET NAME")) {
        must(symlink(names[0], names[1]), names[1]);
    } else if (is("cmp", option, count == 2, 1, "A B")) {
        cmp(names[0], names[1]);
    } else {
        die("must be called cp, mkdir, chmod, rm, ln or cmp");
    }
    return 0;
}
