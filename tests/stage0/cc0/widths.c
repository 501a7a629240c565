// SPDX-License-Identifier: GPL-3.0-or-later
// char, int and long: what is cut off, what is sign-extended, and where.
#include "io.h"

char gc = 200;
int gi = 0x12345678;
long gl = 0x123456789ABCDEF0;
char chars[4] = {1, -1, 127, -128};
int ints[3] = {-1, 2147483647, 0x10};

char as_char(long n) { return n; }
int as_int(long n) { return n; }
long as_long(int n) { return n; }
long parameters(char c, int i, long l) { return c + i * 10L + l * 100; }
int compare(int a, int b) { return a < b; }

struct mixed { char c; int i; char d; long l; char e; };

int main(int argc, char **argv)
{
    char c = 0x180 + 5;
    int i = -1;
    long l;
    struct mixed m;
    char *pc = &c;
    int *pi = &i;
    show("gc", gc);
    show("gi", gi);
    show("gl", gl);
    show("c", c);
    show("i", i);
    c = gi;
    show("c=gi", c);
    i = gl;
    show("i=gl", i);
    l = i;
    show("l=i", l);
    l = c = 255;
    show("l=c=255", l);
    l = (char)gl;
    show("(char)gl", l);
    l = (int)gl;
    show("(int)gl", l);
    show("(char)300", (char)300);
    show("(int)0x1FFFFFFFF", (int)0x1FFFFFFFF);
    show("(long)(char)-1", (long)(char)-1);
    show("as_char(511)", as_char(511));
    show("as_int(1<<32|7)", as_int(1L << 32 | 7));
    show("as_long(-3)", as_long(-3));
    show("parameters", parameters(300, -2, 3));
    show("compare", compare(-1, 1) + compare(1, -1));
    c = 127;
    c++;
    show("c++", c);
    c = 127;
    show("c++ is", c++);
    c = -128;
    show("--c is", --c);
    i = 2147483647;
    show("i+1L", i + 1L);
    *pc = 77;
    *pi = -77;
    show("*pc", c);
    show("*pi", i);
    *pc += 200;
    *pi <<= 4;
    show("*pc+=200", c);
    show("*pi<<=4", i);
    show("(*pc)++", (*pc)++);
    show("++*pc", ++*pc);
    show("(*pi)--", (*pi)--);
    show("--*pi", --*pi);
    m.c = -1;
    m.i = -2;
    m.d = -3;
    m.l = -4;
    m.e = -5;
    m.i = 0x55555555;
    show("m", m.c + m.d + m.l + m.e);
    show("m.i", m.i);
    show("sizeof", sizeof(char) + 10 * sizeof(int) + 100 * sizeof(long) + 1000 * sizeof(char *));
    show("sizeof m", sizeof(struct mixed));
    for (i = 0; i < 4; i++)
        show("chars", chars[i]);
    for (i = 0; i < 3; i++)
        show("ints", ints[i]);
    c = argc;
    show("argc", c);
    return argc - 2;
}
