/* SPDX-License-Identifier: GPL-3.0-or-later */
/* untar [-C DIR] [--strip N] FILE    unpacks a .tar, .tar.gz or .tar.bz2, whatever its name is. */
#include "untar.h"

int main(int argc, char **argv) {
    const char *root = "";
    struct in in;
    int i = 1, strip = 0;
    program = "untar";
    for (; i + 1 < argc && argv[i][0] == '-'; i += 2) {
        if (strcmp(argv[i], "-C") == 0)
            root = join(argv[i + 1], "/", "");
        else if (strcmp(argv[i], "--strip") == 0)
            strip = atoi(argv[i + 1]);
        else
            break;
    }
    if (argc - i != 1 || strip < 0)
        die("usage: untar [-C DIR] [--strip N] FILE");
    in_open(&in, argv[i]);
    tar_start(argv[i], root, strip);
    if (in_refill(&in) >= 2 && in.buf[0] == 0x1f && in.buf[1] == 0x8b)
        inflate(&in);
    else if (in.len >= 3 && memcmp(in.buf, "BZh", 3) == 0)
        bunzip2(&in);
    else
        for (; in.len; in_refill(&in))
            tar_feed(in.buf, in.len);
    tar_end();
    return 0;
}
