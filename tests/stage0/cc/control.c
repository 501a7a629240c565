// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
// Statements.
enum color { RED, GREEN = 5, BLUE, LAST = -1 };
static int classify(int n)
{
    switch (n) {
    case -5: return 1;
    case 0:
    case 1: return 2;
    case 'a': case 'b': case 'c': n += 100; break;
    case 1000000: return 3;
    case GREEN: n = BLUE; goto out;
    case 7: default: case 9: n--;
    case 100: n *= 2;
    }
    return n;
out:
    return -n;
}

static int loops(int n)
{
    int count = 0, i, j;
    for (i = 0; ; i++) {
        if (i == n)
            break;
        for (int j = 0; j < i; j++) {
            if (j == 3)
                continue;
            if (j > 5)
                break;
            count += j;
        }
    }
    do
        count++;
    while (--n > 0 && count < 50);
    j = 0;
again:
    if (j++ < 3)
        goto again;
    while (1) {
        int i = 5;
        switch (i) { case 5: if (j > 2) goto done; }
    }
done:
    return count + j + i;
}

int main(void)
{
    static int calls = 3;
    int i;
    for (i = -6; i < 12; i++)
        printf("%d ", classify(i));
    printf("%d %d %d %d\n", classify('a'), classify(100), classify(1000000), classify(12345678));
    for (i = 0; i < 12; i += 3)
        printf("%d ", loops(i));
    { int i = 42; { int i = 43; printf("%d ", i); } printf("%d ", i); }
    printf("%d %d %d %d\n", i, RED, BLUE, LAST);
    switch ((long)i << 33) { case 12l << 33: printf("wide\n"); break; default: printf("narrow\n"); }
    if (i) if (!i) printf("no\n"); else printf("else\n");
    ;
    return calls++ - 3;
}
