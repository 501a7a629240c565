// SPDX-License-Identifier: GPL-3.0-or-later
// Statements.
#include "io.h"

enum { APPLE = 3, PEAR = -2 };
int calls;

int yes(void) { calls++; return 1; }
int no(void) { calls++; return 0; }

int classify(int c)
{
    switch (c) {
    case 'a': case 'e': case 'i':
        return 1;
    case '0':
        c = 5;
    case '1':
        c++;
        break;
    case APPLE: return 100;
    case PEAR: return 200;
    case 0x7FFFFFFF: return 300;
    default:
        if (c > 100)
            break;
        return -1;
    case ' ':
        return 2;
    }
    return c;
}

long wide(long n)
{
    switch (n) {
    case 0x100000000: return 1;
    case -1: return 2;
    case 0xFFFFFFFF: return 3;
    }
    return 4;
}

int nested(int a, int b)
{
    int r = 0;
    switch (a) {
    case 1:
        switch (b) {
        case 1: r = 11; break;
        case 2: r = 12;
        default: r += 100;
        }
        break;
    case 2:
        for (;;) {
            if (b++ > 5)
                break;
            if (b & 1)
                continue;
            r += b;
            switch (r) { case 4: r = 40; continue; case 46: r = 50; break; }
            r++;
        }
    }
    return r;
}

void no_value(int *p)
{
    if (*p > 3)
        return;
    *p = 3;
}

int dangling(int a, int b)
{
    if (a)
        if (b) return 1;
        else return 2;
    return 3;
}

int main(void)
{
    int i, j, n = 0;
    for (i = 0; i < 5; i++)
        for (j = i; j < 5; j++) {
            if (j == 3) continue;
            if (i == 3) break;
            n = n * 3 + i * j;
        }
    show("for", n);
    while (i--) if (i == 2) break;
    show("while", i);
    do i += 3; while (i < 20);
    show("do", i);
    n = 0;
    do { if (++n == 3) continue; if (n > 6) break; } while (n < 10);
    show("do continue", n);
    n = 0;
    for (int k = 0; ; ) { if (k++ == 4) { n += k; break; } }
    for (; n < 20; ) n += 4;
    show("for parts", n);
    while (1) { while (1) break; n++; if (n > 25) break; }
    show("while 1", n);
    while (0) n = 1000;
    if (0) n = 1000; else n++;
    if (1) n++; else n = 1000;
    if (!n) ; else if (n == 28) n = 29; else n = 30;
    show("if", n);
    show("a", classify('a'));
    show("i", classify('i'));
    show("0", classify('0'));
    show("1", classify('1'));
    show("APPLE", classify(APPLE));
    show("PEAR", classify(PEAR));
    show("max", classify(0x7FFFFFFF));
    show("space", classify(' '));
    show("200", classify(200));
    show("50", classify(50));
    show("wide", wide(0x100000000) * 1000 + wide(-1) * 100 + wide(0xFFFFFFFF) * 10 + wide(0));
    show("nested 1 1", nested(1, 1));
    show("nested 1 2", nested(1, 2));
    show("nested 1 3", nested(1, 3));
    show("nested 2 0", nested(2, 0));
    show("nested 3 0", nested(3, 0));
    no_value(&n);
    no_value(&i);
    i = 1;
    no_value(&i);
    show("return", n + i);
    show("dangling", dangling(1, 1) * 100 + dangling(1, 0) * 10 + dangling(0, 1));
    if (yes() && no() && yes()) n = 0;
    show("and", calls);
    if (no() || yes() || no()) n++;
    show("or", calls);
    yes() && no();
    no() || yes() && yes();
    show("effects", calls);
    while (no() || n-- > 20 && (n & 1 || yes())) ;
    show("mixed", n * 100 + calls);
    for (i = 0; i < 3 && (yes() || no()); i++) { int i = 50; n += i; }
    show("scope", n);
    { int n = 1; { int n = 2; { int n = 3; calls = n; } calls += n * 10; } calls += n * 100; }
    show("blocks", calls);
    switch (n) { }
    switch (4) { int z; case 4: z = 9; n = z; }
    show("switch 4", n);
    ;
    return 7;
}
