/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sha256sum FILE...       prints a line for each file, as coreutils does
 * sha256sum -c FILE...    checks such lines: "NAME: OK" or "NAME: FAILED" for each, status 1 if any failed
 * A missing file, a line that is not understood and a list without lines are failures too. */
#include "common.h"

static void digest(const char *name, char *hex) {
    struct sha256 s;
    struct in in;
    in_open(&in, name);
    sha256_start(&s);
    while (in_refill(&in))
        sha256_add(&s, in.buf, in.len);
    sha256_end(&s, hex);
    in_close(&in);
}

static int check(const char *list) {
    struct text line = {0};
    struct in in;
    char found[65];
    int number, checked = 0, failed = 0;
    in_open(&in, list);
    for (number = 1; in_line(&in, &line); number++) {
        char *name = line.data + 66;
        if (line.len == 0 || line.data[0] == '#')
            continue;
        if (line.len < 67 || strlen(line.data) != line.len || strspn(line.data, "0123456789abcdef") != 64 ||
            name[-2] != ' ' || (name[-1] != ' ' && name[-1] != '*'))
            die("%s:%d: not a line of the form DIGEST  NAME", list, number);
        strcpy(found, "no such file");
        if (access(name, R_OK) == 0)
            digest(name, found);
        checked++;
        if (memcmp(found, line.data, 64) == 0) {
            printf("%s: OK\n", name);
            continue;
        }
        printf("%s: FAILED\n", name);
        fprintf(stderr, "sha256sum: %s:%d: %s: expected %.64s, found %s\n", list, number, name, line.data, found);
        failed = 1;
    }
    in_close(&in);
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
