// SPDX-License-Identifier: GPL-3.0-or-later
// What the test programs print with. cc0 is given this file first; for gcc they include it.
long __syscall(long number, long a, long b, long c, long d, long e);

void put_char(int c)
{
    char buffer[1];
    buffer[0] = c;
    __syscall(1, 1, (long)buffer, 1, 0, 0);
}

void put(char *s)
{
    long n = 0;
    while (s[n])
        n++;
    __syscall(1, 1, (long)s, n, 0, 0);
}

void put_digits(long n)
{
    if (n <= -10)
        put_digits(n / 10);
    put_char('0' - n % 10);
}

// name = number
void show(char *name, long n)
{
    put(name);
    put(" = ");
    if (n < 0)
        put("-");
    put_digits(n < 0 ? n : -n);
    put("\n");
}
