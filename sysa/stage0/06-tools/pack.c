/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pack [--root DIR] NAME    makes the package NAME out of /destdir/NAME and installs it
 *
 * The package is /packages/NAME.tar. It depends on nothing but the files' names, bytes and executable bits:
 * ustar, names sorted by bytes in each directory, owner 0:0 without names, all times 0, modes 0755 and 0644,
 * symlinks 0777. Then it is unpacked over / (or DIR) and the line "#: done NAME SHA256" printed. */
#include "untar.h"

enum { BLOCK = 512 };

static char *archive;
static int out;
static struct sha256 sha;
static const char zeros[2 * BLOCK];

static void put(const void *bytes, long n) {
    write_all(out, bytes, n, archive);
    sha256_add(&sha, bytes, n);
}

/* The name field has 100 bytes; what does not fit goes into the prefix of 155, up to a '/' that belongs to neither. */
static void put_name(char *header, const char *name) {
    long len = strlen(name), slash = -1;
    if (len > 100)
        for (slash = len - 2 < 155 ? len - 2 : 155; slash > 0 && name[slash] != '/'; slash--)
            ;
    require(slash != 0 && len - slash - 1 <= 100, name, "the name is too long for tar");
    memcpy(header, name + slash + 1, len - slash - 1);
    memcpy(header + 345, name, slash < 0 ? 0 : slash);
}

static void put_header(const char *name, int type, int mode, long size, const char *target) {
    static const int zero_fields[] = {108, 116, 329, 337}; /* user, group, device numbers */
    char header[BLOCK];
    int i, sum = 0;
    memset(header, 0, BLOCK);
    put_name(header, name);
    sprintf(header + 100, "%07o", mode);
    for (i = 0; i < 4; i++)
        sprintf(header + zero_fields[i], "%07o", 0);
    sprintf(header + 124, "%011lo", size);
    sprintf(header + 136, "%011o", 0); /* time */
    sprintf(header + 148, "        %c", type); /* the place of the checksum counts as blanks */
    require(strlen(target) <= 100, name, "the target of the symlink is too long for tar");
    memcpy(header + 157, target, strlen(target));
    memcpy(header + 257, "ustar\00000", 8);
    for (i = 0; i < BLOCK; i++)
        sum += header[i] & 255;
    sprintf(header + 148, "%06o", sum); /* and the 0 that ends it, and a blank */
    put(header, BLOCK);
}

static void put_file(const char *path, const char *name, struct stat *st) {
    struct in in;
    long size = 0;
    put_header(name, '0', st->st_mode & 0111 ? 0755 : 0644, st->st_size, "");
    in_open(&in, path);
    while (in_refill(&in)) {
        put(in.buf, in.len);
        size += in.len;
    }
    in_close(&in);
    require(size == st->st_size, path, "its size changes while it is read");
    put(zeros, (BLOCK - size % BLOCK) % BLOCK);
}

/* Everything in the directory `path`, whose name in the archive is `prefix`. */
static void put_directory(const char *path, const char *prefix) {
    char **names;
    int count = list_directory(path, &names), i;
    for (i = 0; i < count; i++) {
        char *file = join(path, "/", names[i]), *name = join(prefix, names[i], "");
        struct stat st;
        must(lstat(file, &st), file);
        if (S_ISREG(st.st_mode)) {
            put_file(file, name, &st);
        } else if (S_ISDIR(st.st_mode)) {
            name = join(name, "/", "");
            put_header(name, '5', 0755, 0, "");
            put_directory(file, name);
        } else if (S_ISLNK(st.st_mode)) {
            char target[102];
            target[must(readlink(file, target, 101), file)] = 0;
            put_header(name, '2', 0777, 0, target);
        } else {
            require(0, file, "neither a file nor a directory nor a symlink");
        }
    }
}

int main(int argc, char **argv) {
    const char *root = "";
    char *name = argv[argc - 1], *partial, *from, hex[65];
    struct in in;
    program = "pack";
    if (argc == 4 && strcmp(argv[1], "--root") == 0)
        root = argv[2];
    else if (argc != 2 || *name == '-' || strchr(name, '/'))
        die("usage: pack [--root DIR] NAME");
    from = join(root, "/destdir/", name);
    archive = join(join(root, "/packages/", name), ".tar", "");
    partial = join(archive, ".partial", "");
    require(is_directory(from), from, "not a directory");

    make_parents(archive, 1);
    out = create(partial, 0644);
    sha256_start(&sha);
    put_directory(from, "");
    put(zeros, 2 * BLOCK);
    sha256_end(&sha, hex);
    close(out);
    must(rename(partial, archive), archive);

    in_open(&in, archive);
    tar_start(archive, join(root, "/", ""), 0);
    while (in_refill(&in))
        tar_feed(in.buf, in.len);
    tar_end();
    printf("#: done %s %s\n", name, hex);
    return 0;
}
