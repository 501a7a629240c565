// SPDX-License-Identifier: GPL-3.0-or-later
// sscanf with %d %u %x %o %i (also h, l, ll), %s, %c and %n; no widths. (C99)
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void store(void *to, int size, long value)
{
    if (size > 0)
        *(long *)to = value;
    else if (size < 0)
        *(short *)to = value;
    else
        *(int *)to = value;
}

int sscanf(const char *s, const char *format, ...)
{
    const char *start = s;
    int done = 0;
    va_list ap;
    va_start(ap, format);
    for (; *format; format++) {
        int size = 0;
        char *end;
        char *to;
        long value;
        if (isspace(*format) || (*format == '%' && format[1] != 'c'))
            while (isspace(*s))
                s++;
        if (isspace(*format))
            continue;
        if (*format != '%' || *++format == '%') {
            if (*s != *format)
                break;
            s++;
            continue;
        }
        for (; *format == 'h' || *format == 'l'; format++)
            size += *format == 'h' ? -1 : 1;
        to = va_arg(ap, char *);
        if (*format == 'n') {
            store(to, size, s - start);
            continue;
        }
        if (!*s) {
            done += !done ? EOF : 0;
            break;
        }
        if (*format == 'c') {
            *to = *s++;
        } else if (*format == 's') {
            while (*s && !isspace(*s))
                *to++ = *s++;
            *to = 0;
        } else {
            value = strtoul(s, &end, *format == 'x' ? 16 : *format == 'o' ? 8 : *format == 'i' ? 0 : 10);
            if (end == s)
                break;
            store(to, size, value);
            s = end;
        }
        done++;
    }
    va_end(ap);
    return done;
}
