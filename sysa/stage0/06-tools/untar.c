/* SPDX-License-Identifier: GPL-3.0-or-later */
/* untar FILE    unpacks a .tar, .tar.gz or .tar.bz2, whatever its name is, in the current directory. */
#include "tar.h"
#include "bits.h"

int main(int argc, char **argv) {
    struct text file = {0};
    program = "untar";
    if (argc != 2)
        die("usage: untar FILE");
    read_file(&file, argv[1]);
    if (memcmp(file.data, "\x1f\x8b", 2) == 0 || memcmp(file.data, "BZh", 3) == 0)
        decompress(argv[1], &file, *file.data != 'B');
    unpack(argv[1], file.data, file.len);
    return 0;
}
