// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers from strings. (C99)
#include <ctype.h>
#include <decimal.h>
#include <errno.h>
#include <stdlib.h>

// Blanks, a sign and digits in the base. Of a number that is too big the lower 64 bits remain.
static unsigned long scan_integer(const char *s, char **end, int base) {
    const char *after = s;
    unsigned long value = 0;
    int digit;
    int negative;
    while (isspace(*s))
        s++;
    negative = *s == '-';
    if (*s == '-' || *s == '+')
        s++;
    if ((base == 0 || base == 16) && *s == '0' && (s[1] | 32) == 'x' && isxdigit(s[2])) {
        s += 2;
        base = 16;
    }
    if (base == 0)
        base = *s == '0' ? 8 : 10;
    for (;; after = ++s) {
        digit = isdigit(*s) ? *s - '0' : isalpha(*s) ? (*s | 32) - 'a' + 10 : base;
        if (digit >= base)
            break;
        value = value * base + digit;
    }
    if (end)
        *end = (char *)after;
    return negative ? -value : value;
}

long strtol(const char *s, char **end, int base) { return scan_integer(s, end, base); }
unsigned long strtoul(const char *s, char **end, int base) { return scan_integer(s, end, base); }
unsigned long long strtoull(const char *s, char **end, int base) { return strtoul(s, end, base); }
int atoi(const char *s) { return strtol(s, 0, 10); }

// Blanks, a sign and a number (not "inf" or "nan"); see scan_float.
static void scan_real(const char *s, char **end, int bits, long *pattern, long *top) {
    const char *p = s;
    char *after;
    int negative;
    int kind;
    while (isspace(*p))
        p++;
    negative = *p == '-';
    if (*p == '-' || *p == '+')
        p++;
    kind = scan_float((char *)p, &after, bits, pattern, top);
    if (kind == 2)
        errno = ERANGE;
    if (end)
        *end = kind ? after : (char *)s;
    if (kind && negative && bits == EXTENDED_BITS)
        *top |= 0x8000;
    else if (kind && negative)
        *pattern |= 1L << (bits == SINGLE_BITS ? 31 : 63);
}

float strtof(const char *s, char **end) {
    union { long pattern; float value; } u;
    long top;
    scan_real(s, end, SINGLE_BITS, &u.pattern, &top);
    return u.value;
}

double strtod(const char *s, char **end) {
    union { long pattern; double value; } u;
    long top;
    scan_real(s, end, DOUBLE_BITS, &u.pattern, &top);
    return u.value;
}

long double strtold(const char *s, char **end) {
    union { long pattern[2]; long double value; } u;
    scan_real(s, end, EXTENDED_BITS, &u.pattern[0], &u.pattern[1]);
    return u.value;
}
