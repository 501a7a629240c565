// SPDX-License-Identifier: GPL-3.0-or-later
// Globals: initialisers and repeated declarations.
#include "io.h"

extern int late;
extern char *titles[3];
extern int early[4];
int plain, other = 5, *pointer = 0, negative = -1;
char letter = 'A', newline = '\n';
char *message = "hello\n";
long big = 0x123456789ABCDEF0, small = -0x123456789AB;
enum { ONE = 1, SIZE = 3 };
int enumerated = SIZE;
int table[] = {1, 2, 3, -4, SIZE, 'x', };
char bytes[10] = {'a', 'b', -1};
long longs[SIZE] = {ONE, -ONE, 0x7FFFFFFFFFFFFFFF};
char *titles[] = {"first", "second", "third"};
char *mixed[4] = {"one", 0, "three"};
int early[4] = {4, 3};
char big_buffer[100000];
int late = 9;
int after[2];
int late;
int *to_table = &table[1];
char **to_titles = titles;

int main(void)
{
    int i;
    show("plain", plain);
    show("other", other);
    show("pointer", pointer == 0);
    show("negative", negative);
    show("letter", letter + newline);
    put(message);
    show("big", big);
    show("small", small);
    show("enumerated", enumerated);
    for (i = 0; i < 6; i++)
        show("table", table[i]);
    for (i = 0; i < 10; i++)
        show("bytes", bytes[i]);
    for (i = 0; i < SIZE; i++)
        show("longs", longs[i]);
    for (i = 0; i < 3; i++)
        put(titles[i]);
    put(mixed[0]);
    put(mixed[2]);
    put("\n");
    show("mixed", !mixed[1] + !mixed[3]);
    show("early", early[0] * 100 + early[1] * 10 + early[2] + early[3]);
    big_buffer[99999] = 3;
    show("big_buffer", big_buffer[99999] + big_buffer[0]);
    show("late", late);
    show("after", after[0] + after[1]);
    show("to_table", *to_table);
    put(to_titles[1]);
    put("\n");
    return 0;
}
