// SPDX-License-Identifier: GPL-3.0-or-later
// Eight queens, a calculator and a hash table: small programs of the kind that cc0 is for.
#include "io.h"

int column[8], up[16], down[16], solutions;

void place(int row)
{
    if (row == 8) {
        solutions++;
        return;
    }
    for (int c = 0; c < 8; c++)
        if (!column[c] && !up[row + c] && !down[row - c + 8]) {
            column[c] = up[row + c] = down[row - c + 8] = 1;
            place(row + 1);
            column[c] = up[row + c] = down[row - c + 8] = 0;
        }
}

// --- sum = term { ("+" | "-") term }; term = factor { ("*" | "/") factor }

char *input;
long sum(void);

long factor(void)
{
    long n = 0;
    if (*input == '(') {
        input++;
        n = sum();
        input++;
        return n;
    }
    if (*input == '-') {
        input++;
        return -factor();
    }
    while (*input >= '0' && *input <= '9')
        n = n * 10 + *input++ - '0';
    return n;
}

long term(void)
{
    long n = factor();
    for (;;) {
        switch (*input) {
        case '*': input++; n *= factor(); continue;
        case '/': input++; n /= factor(); continue;
        }
        return n;
    }
}

long sum(void)
{
    long n = term();
    while (*input == '+' || *input == '-')
        if (*input++ == '+')
            n += term();
        else
            n -= term();
    return n;
}

long calculate(char *text)
{
    input = text;
    return sum();
}

// --- a hash table of words

enum { BUCKETS = 64, POOL = 4096 };
typedef struct entry Entry;
struct entry { Entry *next; char *name; int count; };
Entry *buckets[BUCKETS];
char pool[POOL];
int used;

char *take(int size)
{
    char *p = &pool[used];
    used += size + 7 & -8;
    return p;
}

int same(char *a, char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

Entry *find(char *name)
{
    int hash = 0;
    Entry *e;
    for (char *p = name; *p; p++)
        hash = hash * 31 + *p & 0xFFFFFF;
    Entry **bucket = &buckets[hash % BUCKETS];
    for (e = *bucket; e; e = e->next)
        if (same(e->name, name))
            return e;
    e = (Entry *)take(sizeof(Entry));
    e->next = *bucket;
    e->name = name;
    e->count = 0;
    *bucket = e;
    return e;
}

char *words[] = {"the", "cat", "and", "the", "dog", "and", "the", "end"};

int main(void)
{
    place(0);
    show("queens", solutions);
    show("1+2*3", calculate("1+2*3"));
    show("(1+2)*3-100/7/2", calculate("(1+2)*3-100/7/2"));
    show("-(-5*(3-8))+2", calculate("-(-5*(3-8))+2"));
    for (int i = 0; i < 8; i++)
        find(words[i])->count++;
    show("the", find("the")->count);
    show("and", find("and")->count);
    show("none", find("none")->count);
    return 0;
}
