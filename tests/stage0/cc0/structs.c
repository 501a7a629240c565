// SPDX-License-Identifier: GPL-3.0-or-later
// Structures: layout, nesting, lists; typedefs and enums.
#include "io.h"

typedef struct node Node;
typedef long Number;
typedef char *String;

enum { RED, GREEN = 5, BLUE, DARK = -3, DARKER, LAST = GREEN + 2 * 3 };
enum { WHITE = 'w' };

struct point { char tag; int x, y; };
struct node {
    char kind, flags[3];
    Node *next, **where;
    struct point from, to[2];
    Number value;
    String name;
    int color;
    char last;
};
struct empty_tail { long l; char c; };

Node nodes[4];
Node global_node;

static Node *push(Node *list, Node *n, long value)
{
    n->next = list;
    n->value = value;
    n->name = "node";
    return n;
}

long sum(const Node *list)
{
    long total = 0;
    for (; list; list = list->next)
        total += list->value;
    return total;
}

int main(void)
{
    Node local, *list = 0;
    Node *n = &local;
    struct point p;
    typedef int Local;
    Local t = 3;
    show("point", sizeof(struct point));
    show("node", sizeof(Node));
    show("empty_tail", sizeof(struct empty_tail));
    show("flags", (char *)n->flags - (char *)n);
    show("next", (char *)&n->next - (char *)n);
    show("where", (char *)&n->where - (char *)n);
    show("from", (char *)&n->from - (char *)n);
    show("to", (char *)n->to - (char *)n);
    show("to[1].y", (char *)&n->to[1].y - (char *)n);
    show("value", (char *)&n->value - (char *)n);
    show("name", (char *)&n->name - (char *)n);
    show("last", (char *)&n->last - (char *)n);
    for (int i = 0; i < 4; i++)
        list = push(list, &nodes[i], i * i + 1);
    show("sum", sum(list));
    show("list->next->next->value", list->next->next->value);
    put(list->next->name);
    put("\n");
    n->where = &list;
    (*n->where)->value = 1000;
    show("nodes[3].value", nodes[3].value);
    n->from.x = 7;
    local.from.y = 8;
    local.to[1].x = n->from.x + local.from.y;
    n->to[t - 3].y = 20;
    n->to[0].y += local.to[1].x++;
    show("to[0].y", n->to[0].y);
    show("to[1].x", n->to[1].x);
    local.flags[1] = 'f';
    local.kind = local.flags[0] = 1;
    show("flags", local.flags[1] + local.flags[0]);
    p.x = 3;
    p.y = p.x = p.x + 1;
    p.tag = p.y << 5;
    show("p", p.x * 100 + p.y);
    show("p.tag", p.tag);
    global_node.to[1].y = 9;
    global_node.next = n;
    show("global", global_node.to[1].y + global_node.next->from.x);
    n = &global_node;
    n->next->next = list;
    show("n", n->next->next->value);
    show("enum", RED * 10000 + GREEN * 1000 + BLUE * 100 + DARK * 10 + DARKER);
    show("LAST", LAST);
    n->color = WHITE;
    show("color", n->color);
    return 0;
}
