// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include "bits.h"
// Initialisers with and without inner braces, partial, nested, of locals and statics.
struct point { int x, y; };
struct shape { char *name; struct point corner[2]; char tag[4]; union { int i; char c; } u; };
static struct shape shapes[] = {
    {"a", {{1, 2}, {3, 4}}, "xy", {65}},
    {"b", 5, 6, 7, 8, {'p', 'q'}, 66},
    {"c", {{9}}},
};
static int matrix[2][3] = {1, 2, 3, 4}, open[][2] = {{1}, {2, 3}, {4}};
static char *const names[3] = {"x", 1 ? "y" : "z"};
static unsigned char bytes[] = {1, 0xff, 'a',}, strings[][4] = {"ab", {"cd"}, "efgh"};
static long address = (long)&((struct shape *)16)->corner[1].y;
static double reals[3] = {1, 2.5};
int tentative;
int tentative;
extern int tentative;

int main(void)
{
    struct shape local = {"l", {{1}, 2, 3}, "t"}, copy = local, *list[] = {&local, &copy, 0};
    int numbers[] = {local.corner[1].x, 2 * 3, 7}, zeros[4] = {0}, i, j;
    char text[] = "text", room[10] = "room";
    static int counter = 5, *where = &counter;
    for (i = 0; i < 3; i++)
        printf("%s %d %d %d %d %.4s %d\n", shapes[i].name, shapes[i].corner[0].x, shapes[i].corner[0].y,
               shapes[i].corner[1].x, shapes[i].corner[1].y, shapes[i].tag, shapes[i].u.c);
    for (i = 0; i < 2; i++)
        for (j = 0; j < 3; j++)
            printf("%d ", matrix[i][j]);
    for (i = 0; i < (int)(sizeof open / sizeof *open); i++)
        printf("%d,%d ", open[i][0], open[i][1]);
    printf("%ld %d %.4s %.4s %ld %lx %lx\n", sizeof bytes, bytes[1], strings[1], strings[2], sizeof strings,
           bits(reals[1]), bits(reals[2]));
    for (i = 0; list[i]; i++)
        printf("%s %d %d %d %s\n", list[i]->name, list[i]->corner[0].y, list[i]->corner[1].x, list[i]->u.i, list[i]->tag);
    printf("%d %d %d %ld %d %s %ld %s %d\n", numbers[0], numbers[1], numbers[2], sizeof numbers, zeros[3], text,
           sizeof text, room, room[9]);
    printf("%s %d %d %ld\n", names[1], ++*where, tentative, address);
    return 0;
}
