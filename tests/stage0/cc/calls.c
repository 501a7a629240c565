// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdarg.h>
#include <stdio.h>
#include "bits.h"
// Arguments of all kinds, in registers and on the stack; variable arguments.
static long many(char a, short b, int c, long d, unsigned char e, unsigned f, long g, char h)
{
    return a + b * 2 + c * 3 + d * 4 + e * 5 + f * 6 + g * 7 + h * 8;
}
static double mixed(int a, float b, double c, long d, float e, int f, double g, int h)
{
    return a + b * 2 + c * 3 + d * 4 + e * 5 + f * 6 + g * 7 + h * 8;
}
static long total(const char *kinds, ...)
{
    va_list args, copy;
    long sum = 0;
    const char *k;
    va_start(args, kinds);
    va_copy(copy, args);
    for (k = kinds; *k; k++)
        switch (*k) {
        case 'i': sum += va_arg(args, int); break;
        case 'l': sum += va_arg(args, long); break;
        case 'd': sum += va_arg(args, double); break;
        case 'D': sum += va_arg(args, long double); break;
        case 's': sum += *va_arg(args, char *); break;
        }
    va_end(args);
    sum = sum * 1000 + (*kinds == 'i' ? va_arg(copy, int) : 0);
    va_end(copy);
    return sum;
}
static void print(char *out, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsprintf(out, format, args);
    va_end(args);
}
static int even(unsigned n);
static int odd(unsigned n) { return n ? even(n - 1) : 0; }
static int even(unsigned n) { return n ? odd(n - 1) : 1; }
static int ackermann(int m, int n) { return !m ? n + 1 : ackermann(m - 1, n ? ackermann(m, n - 1) : 1); }
static signed char narrow(int n) { return n; }
static void nothing(void) {}

int main(void)
{
    char buffer[100];
    long (*f)() = many;
    printf("%ld\n", many(-1, -2, 3, -4, 255, 6, 7, -8));
    printf("%ld\n", f((char)1, (short)2, 3, 4l, (unsigned char)5, 6u, 7l, (char)8));
    printf("%lx\n", bits(mixed(1, 2.5f, 3.25, 4, 5.5f, 6, 7.75, 8)));
    printf("%ld %ld\n", total("ildDsilDd", 1, 2l, 3.5, 4.5L, "A", 7, 8l, 9.0L, 10.0), total(""));
    print(buffer, "%d %s %c %ld %d %d %d %u", 1, "two", '4', 5l, 6, 7, 8, 9);
    printf("%s %d %d %d\n", buffer, even(10), odd(7), ackermann(2, 3));
    printf("%d %d\n", narrow(200), narrow(many(1, 1, 1, 1, 1, 1, 1, 1) + 100));
    nothing();
    return 0;
}
