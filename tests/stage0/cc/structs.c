// SPDX-License-Identifier: GPL-3.0-or-later
#include <stddef.h>
#include <stdio.h>
#include "bits.h"
// Structs, unions, bit-fields: layout, access, copies.
struct inner { char c; short s; };
struct outer {
    char a;
    struct inner in[2];
    union { int i; float f; unsigned char bytes[4]; } u;
    struct { long x, y; };
    struct outer *next;
    char name[5];
};
struct bits {
    unsigned a : 3, b : 5;
    int c : 4;
    unsigned char d : 2, : 0, e : 1;
    unsigned short f : 9;
    unsigned g : 31;
};
typedef struct { int v[3]; } triple;
typedef union { long double ld; double d; unsigned long u; struct { void *p; int n; } s; int tab[4]; } value;

static struct outer first = {'x', {{1, 2}, {3, 4}}, {0x3f800000}, {5, 6}, &first, "abcd"};
static struct bits constant = {5, 17, -3, 2, 1, 300, 0x7fffffff};

static int sum(triple *t) { return t->v[0] + t->v[1] + t->v[2]; }

int main(void)
{
    struct outer copy, *p = &copy;
    struct bits b = constant;
    triple t = {{1, 2, 3}}, s, list[2] = {{{4, 5, 6}}, {7, 8}};
    value v;
    unsigned small;
    printf("%ld %ld %ld %ld\n", sizeof(struct outer), sizeof(struct bits), sizeof(value), sizeof(triple));
    printf("%ld %ld %ld %ld\n", offsetof(struct outer, in), offsetof(struct outer, u), offsetof(struct outer, y),
           offsetof(struct outer, name));
    copy = first;
    p->next = p;
    p->next->next->in[1].s += 40;
    printf("%c %d %d %x %d %ld %ld %s\n", p->a, copy.in[1].s, first.in[1].s, single(p->u.f), p->u.bytes[3], p->x, copy.y,
           (*p).name);
    b.a += 5; b.b--; b.c -= 6; b.d |= 1; b.f <<= 1;
    b.e = 3;
    printf("%d %d %d %d %d %d %d\n", b.a, b.b, b.c, b.d, b.e, b.f, b.g);
    printf("%d %d %d\n", b.a++, ++b.b, b.a - b.b < 0);
    small = b.a;
    printf("%u %d\n", small, (b.c = 7));
    s = t;
    s.v[1] = sum(&t) * 10;
    printf("%d %d %d\n", sum(&s), sum(&list[0]), sum(list + 1));
    *(list + 1) = list[0];
    t = sum(&s) > 10 ? s : t;
    printf("%d %d\n", sum(&list[1]), sum(&t));
    v.u = 0;
    v.s.n = 9;
    printf("%d %d\n", v.tab[2], v.tab[0]);
    return 0;
}
