// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>
// Pointers, arrays, functions through pointers.
static int grid[3][4] = {{1, 2, 3, 4}, {5, 6}, {9}};
static char *words[] = {"one", "two" "three", "", 0};
static char text[] = "hello";
static char cut[3] = "abcdef";
static int *middle = &grid[1][1];
static char *tail = text + 2;
static long distance = sizeof grid / sizeof *grid;
static int add(int a, int b) { return a + b; }
static int sub(int a, int b) { return a - b; }
static int (*operations[])(int, int) = {add, sub, &add};
static int apply(int (*f)(int, int), int a, int b) { return f(a, b) + (*f)(b, a); }
typedef int (*chooser)(int, int);
static chooser choose(int which) { return which ? add : sub; }

int main(void)
{
    int a[5] = {1, 2, 3}, *p = a, **pp = &p, (*row)[4] = grid + 1;
    char buffer[20], *s = buffer;
    const char *q;
    long i;
    *p++ = 10;
    *++p = 30;
    (*pp)[1] = 40;
    printf("%d %d %d %d %d\n", a[0], a[1], a[2], a[3], 2[a]);
    printf("%ld %ld %d %d\n", p - a, (char *)p - (char *)a, p > a, p == &a[2]);
    printf("%d %d %d %ld\n", (*row)[1], row[1][0], grid[0][3], (long)(&grid[2] - grid));
    printf("%d %c %ld %ld\n", *middle, *tail, distance, sizeof text + sizeof cut);
    for (i = 0; words[i]; i++)
        printf("%s,%ld;", words[i], strlen(words[i]));
    for (q = "copy"; (*s++ = *q++);)
        ;
    printf("%s %ld %.3s\n", buffer, s - buffer, cut);
    printf("%d %d %d\n", operations[1](7, 3), apply(sub, 9, 4), apply(operations[2], 1, 2));
    printf("%d %d %d\n", choose(1)(5, 6), (*choose(0))(5, 6), (choose(1) == add) + !choose);
    p = 0;
    printf("%d %d %d\n", !p, p == (void *)0, p ? *p : -1);
    return 0;
}
