// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers from strings. (C99)
#include <ctype.h>
#include <decimal.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

// Blanks, a sign and digits in the base. Too big a number gives the limit and ERANGE.
static unsigned long scan_integer(const char *s, char **end, int base, int is_signed)
{
    const char *after = s;
    unsigned long value = 0;
    unsigned long limit;
    int digit;
    int negative;
    int overflow = 0;
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
        if (value > (ULONG_MAX - digit) / base)
            overflow = 1;
        value = value * base + digit;
    }
    if (end)
        *end = (char *)after;
    limit = is_signed ? (unsigned long)LONG_MAX + negative : ULONG_MAX;
    if (overflow || value > limit) {
        errno = ERANGE;
        return limit;
    }
    return negative ? -value : value;
}

long strtol(const char *s, char **end, int base) { return scan_integer(s, end, base, 1); }
unsigned long strtoul(const char *s, char **end, int base) { return scan_integer(s, end, base, 0); }
long long strtoll(const char *s, char **end, int base) { return strtol(s, end, base); }
unsigned long long strtoull(const char *s, char **end, int base) { return strtoul(s, end, base); }
int atoi(const char *s) { return strtol(s, 0, 10); }

// Blanks, a sign and a number (not "inf" or "nan"). Returns the IEEE pattern as pack_float does.
static long scan_real(const char *s, char **end, int bits, int minexp, int maxexp, long *mantissa)
{
    const char *p = s;
    char *after;
    long sign;
    int exponent;
    int kind;
    while (isspace(*p))
        p++;
    sign = *p == '-';
    if (*p == '-' || *p == '+')
        p++;
    kind = scan_float((char *)p, &after, bits, minexp, maxexp, mantissa, &exponent);
    if (kind >= 2)
        errno = ERANGE;
    if (end)
        *end = kind ? after : (char *)s;
    if (!kind)
        sign = 0;
    return pack_float(bits, *mantissa, exponent) | sign << (bits == SINGLE_BITS ? 31 : bits == DOUBLE_BITS ? 63 : 15);
}

float strtof(const char *s, char **end)
{
    union { unsigned pattern; float value; } u;
    long mantissa;
    u.pattern = scan_real(s, end, SINGLE_BITS, SINGLE_MIN, SINGLE_MAX, &mantissa);
    return u.value;
}

double strtod(const char *s, char **end)
{
    union { long pattern; double value; } u;
    long mantissa;
    u.pattern = scan_real(s, end, DOUBLE_BITS, DOUBLE_MIN, DOUBLE_MAX, &mantissa);
    return u.value;
}

long double strtold(const char *s, char **end)
{
    union { struct { long mantissa; long top; } pattern; long double value; } u;
    u.pattern.top = scan_real(s, end, EXTENDED_BITS, EXTENDED_MIN, EXTENDED_MAX, &u.pattern.mantissa);
    return u.value;
}
