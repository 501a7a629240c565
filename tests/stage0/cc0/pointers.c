// SPDX-License-Identifier: GPL-3.0-or-later
// Pointers and arrays; ++ and -- on everything.
#include "io.h"

int numbers[10];
long longs[4] = {10, 20, 30, 40};
char *words[] = {"zero", "one", "two", "three"};
char text[16];
int *p;
struct pair { int a; int b; long c; } pairs[3];

void fill(int *at, int n)
{
    while (n--)
        *at++ = n;
}

int **indirect(int **pp) { return pp; }

int main(void)
{
    int local[5];
    char buffer[7];
    int i = 2, *q = local + 1, **pp = &q;
    long *l = longs;
    char *s = "hello";
    struct pair *r = pairs;
    fill(numbers, 10);
    fill(local, 5);
    show("numbers[3]", numbers[3]);
    show("*(numbers+3)", *(numbers + 3));
    show("local[i]", local[i]);
    show("local[i+1]", local[i + 1]);
    show("numbers[local[i]]", numbers[local[i]]);
    show("q[-1]", q[-1]);
    show("*q", *q);
    show("**pp", **pp);
    show("(*pp)[1]", (*pp)[1]);
    show("*indirect(pp)[0]", *indirect(pp)[0]);
    *pp = numbers + 9;
    show("q-numbers", q - numbers);
    show("*q--", *q--);
    show("*--q", *--q);
    show("*++q", *++q);
    show("q-numbers", q - numbers);
    q -= 3;
    show("q-=3", q - numbers);
    q += i;
    show("q+=i", q - numbers);
    show("q>numbers", q > numbers);
    show("q==&numbers[7]", q == &numbers[7]);
    show("&numbers[7]-&numbers[2]", &numbers[7] - &numbers[2]);
    show("l[2]", l[2]);
    show("*(l+i)", *(l + i));
    show("*l++", *l++);
    show("*l", *l);
    l[1] += l[0]++ * 2;
    show("longs", longs[1] + longs[2]);
    show("s[1]", s[1]);
    show("*s++", *s++);
    show("*s", *s);
    show("\"abc\"[1]", "abc"[1]);
    put(words[i]);
    put(words[i + 1] + 2);
    put("\n");
    for (i = 0; i < 6; i++)
        buffer[i] = 'a' + i;
    buffer[i] = 0;
    put(buffer);
    put(buffer + 3);
    put(&buffer[5]);
    put("\n");
    i = 0;
    text[i++] = 'x';
    text[i++] = 'y';
    text[i] = 0;
    put(text);
    show(" i", i);
    r->a = 1;
    r->b = 2;
    r->c = 3;
    r++;
    r->a = 4;
    (*r).b = 5;
    r->c = r[-1].c * 10 + r->a++;
    pairs[2] .c = pairs[1].c + pairs[0].b--;
    show("r-pairs", r - pairs);
    show("pairs[1].c", pairs[1].c);
    show("pairs[1].a", pairs[1].a);
    show("pairs[2].c", pairs[2].c);
    show("pairs[0].b", pairs[0].b);
    show("pairs[i-1].b", pairs[i - 1].b);
    show("&r->c", (char *)&r->c - (char *)r);
    p = &pairs[1].b;
    show("*p", *p);
    *p = *p + *p;
    show("*p", *p);
    show("p?1:0", p ? 1 : 0);
    p = 0;
    show("!p", !p);
    show("p==0", p == 0);
    q = i ? numbers : 0;
    show("q[1]", q[1]);
    q = !i ? 0 : numbers;
    show("q[2]", q[2]);
    show("(i?numbers:local)[1]", (i ? numbers : local)[1]);
    show("(char*)q", *((char *)(q + 1)));
    show("void*", *(int *)(void *)(numbers + 4));
    return 0;
}
