// SPDX-License-Identifier: GPL-3.0-or-later
// What a compiler for C17 must do; test_gcc_10_2.py knows what it prints.
#include <complex.h>
#include <math.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tgmath.h>
#include <threads.h>

_Static_assert(__STDC_VERSION__ == 201710L, "C17");
struct wide { alignas(32) char c; union { int i; float f; }; };
static atomic_int count;
static thread_local int own;

static int work(void *argument)
{
    for (int i = 0; i < *(int *)argument; i++) {
        atomic_fetch_add(&count, 1);
        own++;
    }
    return own;
}

#define KIND(x) _Generic((x), int: "int", double: "double", char *: "text", default: "other")

int main(void)
{
    int n = 1000, results[4];
    thrd_t threads[4];
    for (int i = 0; i < 4; i++)
        thrd_create(&threads[i], work, &n);
    for (int i = 0; i < 4; i++)
        thrd_join(threads[i], &results[i]);
    printf("%d %d %d\n", atomic_load(&count), results[0] + results[3], own);
    printf("%s %s %s %s\n", KIND(1), KIND(1.0), KIND((char *)"a"), KIND(1u));
    printf("%zu %zu\n", alignof(struct wide), sizeof(struct wide));
    double complex z = cexp(I * acos(-1.0));
    printf("%.3f %.3f\n", creal(z), fabs(cimag(z)));
    int table[] = { [3] = 7, [1] = 2 };
    struct wide w = { .c = 'x', .i = 5 };
    printf("%zu %d %d\n", sizeof table / sizeof *table, table[3], w.i);
    __int128 big = (__int128)INT64_MAX * INT64_MAX;
    printf("%llx\n", (unsigned long long)(big >> 64));
    long double l = sqrtl(2.0L);
    printf("%.18Lf\n", l);
    size_t length = 3;
    int vla[length];
    memset(vla, 1, sizeof vla);
    printf("%x\n", vla[2]);
    return 0;
}
