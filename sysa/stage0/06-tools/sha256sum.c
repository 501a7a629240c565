/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sha256sum FILE...       prints a line for each file, as coreutils does
 * sha256sum -c FILE...    checks such lines: "NAME: OK" or "NAME: FAILED" for each, status 1 if any failed
 * A missing file, a line that is not understood and a list without lines are failures too. */
#include "common.h"

static void digest(const char *name, char *hex) {
    static struct text file;
    read_file(&file, name);
    sha256(file.data, file.len, hex);
}

static int check(const char *list) {
    struct text text = {0};
    char *line, *end, found[65];
    int number = 1, checked = 0, failed = 0;
    read_file(&text, list);
    for (line = text.data; line < text.data + text.len; line = end + 1, number++) {
        char *name = line + 66;
        end = line + strcspn(line, "\n");
        if (end == line || *line == '#')
            continue;
        if (end <= name || !*end || strspn(line, "0123456789abcdef") != 64 || memcmp(line + 64, "  ", 2) != 0)
            die("%s:%d: not a line of the form DIGEST  NAME", list, number);
        *end = 0;
        strcpy(found, "no such file");
        if (access(name, R_OK) == 0)
            digest(name, found);
        checked++;
        if (memcmp(found, line, 64) == 0) {
            printf("%s: OK\n", name);
            continue;
        }
        printf("%s: FAILED\n", name);
        fprintf(stderr, "sha256sum: %s:%d: %s: expected %.64s, found %s\n", list, number, name, line, found);
        failed = 1;
    }
    require(checked, list, "no digests in it");
    return failed;
}

int main(int argc, char **argv) {
    char hex[65];
    int i, failed = 0, checking = argc > 1 && strcmp(argv[1], "-c") == 0;
    program = "sha256sum";
    if (argc < 2 + checking)
        die("usage: sha256sum FILE... or sha256sum -c FILE...");
    for (i = 1 + checking; i < argc; i++) {
        if (checking) {
            failed |= check(argv[i]);
        } else {
            digest(argv[i], hex);
            printf("%s  %s\n", hex, argv[i]);
        }
    }
    return failed;
}
