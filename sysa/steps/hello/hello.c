// SPDX-License-Identifier: GPL-3.0-or-later
// A bit of everything that a compiler and its library must get right.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_length(const void *a, const void *b)
{
    return (int)strlen(*(char **)a) - (int)strlen(*(char **)b);
}

int main(int argc, char **argv)
{
    char *words[] = {"compiled", "by", "the", "tcc", "that", "grew", "here"};
    FILE *out = argc > 1 ? fopen(argv[1], "w") : stdout;
    if (!out) {
        fprintf(stderr, "%s: cannot be written\n", argv[1]);
        return 1;
    }
    qsort(words, sizeof words / sizeof *words, sizeof *words, by_length);
    fprintf(out, "hello, %s %s\n", words[0], words[6]);
    fprintf(out, "%d %x %lld\n", (int)(1e6 / 3), 0xdeadbeef, (long long)0x1.8p62L);
    return fclose(out) != 0;
}
