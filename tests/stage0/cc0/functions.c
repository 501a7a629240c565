// SPDX-License-Identifier: GPL-3.0-or-later
// Calls: arguments, recursion, order of definition, scopes.
#include "io.h"

int later(int, int b);
static inline int helper(void);
extern int shared;
int shared;
int twice(int x), thrice(int x);

long many(long a, long b, long c, long d, long e, long f, long g, long h, char i, int j, long k, long l, long m,
    long n, long o)
{
    return a + b * 2 + c * 3 + d * 4 + e * 5 + f * 6 + g * 7 + h * 8 + i * 9 + j * 10 + k * 11 + l * 12 + m * 13
        + n * 14 + o * 15;
}

int fibonacci(int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }
int is_even(int n);
int is_odd(int n) { return n == 0 ? 0 : is_even(n - 1); }
int is_even(int n) { return n == 0 || is_odd(n - 1); }
int ackermann(int m, int n)
{
    return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}

int count_arguments(int argc, char *argv[])
{
    int n = 0;
    while (argv[n])
        n++;
    return n == argc;
}

int change(int a, int b) { a += b; b = a * 2; return a + b; }
char *choose(int n, char *a, char *b) { return n ? a : b; }
void nothing() { }
int frame(void)
{
    int a[100], b = 5, c[3];
    a[0] = 1;
    a[99] = 2;
    c[2] = 3;
    { long d[20]; d[19] = 4; c[0] = d[19]; }
    { long e = 7; c[1] = e; }
    return a[0] + a[99] * 10 + b * 100 + c[2] * 1000 + c[0] * 10000 + c[1] * 100000;
}

int main(int argc, char **argv)
{
    long x = 1, y = 2;
    show("many", many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
    show("many", many(x, y, x + y, x * y, x - y, x << y, x, -y, x, y, x, y, x, y, many(x, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, y)));
    show("fibonacci", fibonacci(20));
    show("even", is_even(10) * 10 + is_even(7));
    show("ackermann", ackermann(2, 3));
    show("arguments", count_arguments(argc, argv));
    show("change", change(x, y));
    show("x", x);
    show("later", later(3, 4));
    show("undeclared", undeclared(5));
    show("helper", helper());
    show("nested", later(later(1, 2), later(later(3, 4), 5)) - change(change(1, 1), 1));
    put(choose(0, "yes", "no"));
    put(choose(1, "yes", "no\n"));
    put("\n");
    nothing();
    (nothing());
    show("frame", frame());
    shared = 4;
    show("shared", helper());
    show("twice", twice(thrice(2)));
    argc = 6;
    return argc;
}

int later(int a, int b) { return a * 10 + b; }
int undeclared(int n) { return n * n; }
static inline int helper(void) { return shared + 1; }
int twice(int x) { return 2 * x; }
int thrice(int x) { return 3 * x; }
