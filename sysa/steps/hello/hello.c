// SPDX-License-Identifier: GPL-3.0-or-later
// A bit of everything that a compiler and its library must get right.
#include <math.h>
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
    fprintf(out, "%.17g %Lg %g %lld\n", 1.0 / 3, 0x1p16383L, ldexp(1.5f, -3), 1LL << 62);
    return fclose(out) != 0;
}
