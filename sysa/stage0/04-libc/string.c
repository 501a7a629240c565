// SPDX-License-Identifier: GPL-3.0-or-later
// Strings and memory. This file is C0: char is signed, so bytes are compared after & 255.
#include <string.h>
#include <stdlib.h>

// memcpy and memset move 8 bytes at a time while there are so many.
void *memcpy(void *to, const void *from, size_t n) {
    char *t = to;
    const char *f = from;
    for (; n >= 8; n -= 8) {
        *(long *)t = *(long *)f;
        t += 8;
        f += 8;
    }
    for (; n > 0; n--)
        *t++ = *f++;
    return to;
}

void *memmove(void *to, const void *from, size_t n) {
    char *t = to;
    const char *f = from;
    if (t <= f || t - f >= (long)n)
        return memcpy(to, from, n);
    while (n > 0) {
        n--;
        t[n] = f[n];
    }
    return to;
}

void *memset(void *to, int c, size_t n) {
    char *t = to;
    long bytes = (c & 255) * 0x101010101010101;
    for (; n >= 8; n -= 8) {
        *(long *)t = bytes;
        t += 8;
    }
    for (; n > 0; n--)
        *t++ = c;
    return to;
}

int memcmp(const void *a, const void *b, size_t n) {
    const char *s = a;
    const char *t = b;
    for (; n > 0; n--) {
        if (*s != *t)
            return (*s & 255) - (*t & 255);
        s++;
        t++;
    }
    return 0;
}

void *memchr(const void *s, int c, size_t n) {
    char *p = (char *)s;
    for (; n > 0; n--) {
        if ((*p & 255) == (c & 255))
            return p;
        p++;
    }
    return 0;
}

size_t strlen(const char *s) {
    const char *p = s;
    while (*p)
        p++;
    return p - s;
}

int strcmp(const char *a, const char *b) {
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return (*a & 255) - (*b & 255);
}

int strncmp(const char *a, const char *b, size_t n) {
    for (; n > 0; n--) {
        if (*a != *b || !*a)
            return (*a & 255) - (*b & 255);
        a++;
        b++;
    }
    return 0;
}

char *strcpy(char *to, const char *from) {
    memcpy(to, from, strlen(from) + 1);
    return to;
}

char *strcat(char *to, const char *from) {
    strcpy(to + strlen(to), from);
    return to;
}

// The first c in s, or s's end if that is what c is, or 0.
char *strchr(const char *s, int c) {
    for (; (*s & 255) != (c & 255); s++)
        if (!*s)
            return 0;
    return (char *)s;
}

char *strrchr(const char *s, int c) {
    char *last = 0;
    char *p = (char *)s;
    for (; p && (p = strchr(p, c)); p = *p ? p + 1 : 0)
        last = p;
    return last;
}

char *strstr(const char *s, const char *part) {
    size_t n = strlen(part);
    for (; *s; s++)
        if (!strncmp(s, part, n))
            return (char *)s;
    return n ? 0 : (char *)s;
}

// How many leading characters of s are in set, and how many are not.
size_t strspn(const char *s, const char *set) {
    size_t n = 0;
    while (s[n] && strchr(set, s[n]))
        n++;
    return n;
}

size_t strcspn(const char *s, const char *set) {
    size_t n = 0;
    while (s[n] && !strchr(set, s[n]))
        n++;
    return n;
}
