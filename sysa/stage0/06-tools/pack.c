/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pack [--root DIR] NAME    makes the package NAME out of /destdir/NAME and installs it
 *
 * The package is /packages/NAME.tar. It depends on nothing but the files' names, bytes and executable bits:
 * ustar, names sorted by bytes in each directory, owner 0:0 without names, all times 0, modes 0755 and 0644,
 * symlinks 0777. Then it is unpacked over / (or DIR) and the line "#: done NAME SHA256" printed. */
#include "tar.h"
#include <fcntl.h>

static struct text tar, content;
static const char zeros[2 * BLOCK];

/* The name field has 100 bytes; what does not fit goes into the prefix of 155, up to a '/' that belongs to neither. */
static void put_name(struct tar_header *h, const char *name) {
    long len = strlen(name), slash = -1;
    if (len > 100)
        for (slash = len - 2 < 155 ? len - 2 : 155; slash > 0 && name[slash] != '/'; slash--)
            ;
    require(slash != 0 && len - slash - 1 <= 100, name, "the name is too long for tar");
    memcpy(h->name, name + slash + 1, len - slash - 1);
    memcpy(h->prefix, name, slash < 0 ? 0 : slash);
}

static void put_header(const char *name, int type, int mode, long size, const char *target) {
    struct tar_header h;
    memset(&h, 0, BLOCK);
    put_name(&h, name);
    sprintf(h.mode, "%07o", mode);
    strcpy(h.user, "0000000");
    strcpy(h.group, "0000000");
    strcpy(h.device[0], "0000000");
    strcpy(h.device[1], "0000000");
    sprintf(h.size, "%011lo", size);
    strcpy(h.time, "00000000000");
    h.type = type;
    memcpy(h.target, target, strlen(target));
    memcpy(h.magic, "ustar\00000", 8);
    sprintf(h.checksum, "%06o", tar_sum(&h));
    h.checksum[7] = ' ';
    text_add(&tar, (char *)&h, BLOCK);
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
            read_file(&content, file);
            put_header(name, '0', st.st_mode & 0111 ? 0755 : 0644, content.len, "");
            text_add(&tar, content.data, content.len);
            text_add(&tar, zeros, (BLOCK - content.len % BLOCK) % BLOCK);
        } else if (S_ISDIR(st.st_mode)) {
            name = join(name, "/", "");
            put_header(name, '5', 0755, 0, "");
            put_directory(file, name);
        } else if (S_ISLNK(st.st_mode)) {
            char target[102];
            long len = must(readlink(file, target, 101), file);
            require(len <= 100, file, "the target of the symlink is too long for tar");
            target[len] = 0;
            put_header(name, '2', 0777, 0, target);
        } else {
            require(0, file, "neither a file nor a directory nor a symlink");
        }
    }
}

/* In a virtual machine the second serial port leads to the host, which takes the package from there. close waits
 * until all is sent. */
static void send_to_host(const char *name) {
    int port = open("dev/ttyS1", O_WRONLY);
    FILE *out = port < 0 ? 0 : fdopen(port, "w");
    if (!out)
        return;
    fprintf(out, "%s %ld\n", name, tar.len);
    fwrite(tar.data, 1, tar.len, out);
    require(fclose(out) == 0, "/dev/ttyS1", "cannot be written");
}

int main(int argc, char **argv) {
    char *name = argv[argc - 1], *archive, hex[65];
    const char *root = "/";
    program = "pack";
    if (argc == 4 && strcmp(argv[1], "--root") == 0)
        root = argv[2];
    else if (argc != 2 || *name == '-' || strchr(name, '/'))
        die("usage: pack [--root DIR] NAME");
    must(chdir(root), root);
    archive = join("packages/", name, ".tar");
    put_directory(join("destdir/", name, ""), "");
    text_add(&tar, zeros, 2 * BLOCK);
    make_parents(archive, 1);
    write_file(archive, 0644, tar.data, tar.len);
    unpack(archive, tar.data, tar.len);
    sha256(tar.data, tar.len, hex);
    send_to_host(name);
    printf("#: done %s %s\n", name, hex);
    return 0;
}
