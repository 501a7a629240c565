// SPDX-License-Identifier: GPL-3.0-or-later
// sscanf with %d only: tcc takes its version number apart. (C99)
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int sscanf(const char *s, const char *format, ...) {
    int done = 0;
    va_list ap;
    va_start(ap, format);
    for (; *format; format++) {
        char *end = (char *)s + 1;
        if (*format == '%' && format[1] == 'd') {
            int value = strtol(s, &end, 10);
            if (end == s)
                break;
            *va_arg(ap, int *) = value;
            done++;
            format++;
        } else if (*s != *format) {
            break;
        }
        s = end;
    }
    va_end(ap);
    return done;
}
