// SPDX-License-Identifier: GPL-3.0-or-later
// The printf family: C99's, but for floating point, %#o, %n, wide characters and the flags + and blank. (C99)
#include <ctype.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include "file.h"

// One conversion: %[flags][width][.precision][size]letter
struct conversion {
    FILE *file;
    va_list ap;
    int flags;
    int width;
    int precision;      // -1: none
    int size;           // -2 for hh, -1 for h, 0, 1 or more for l, ll, j, z and t
    int letter;
};

static const char flag_letters[] = "-0#";
enum { LEFT = 1, ZERO = 2, ALTERNATE = 4 };     // in that order

static void pad(FILE *f, int c, int n) {
    for (; n > 0; n--)
        fputc(c, f);
}

// Writes prefix (sign, 0x), zeros and text, padded to the width. Returns how many characters that are.
static int put_field(struct conversion *c, const char *prefix, int zeros, const char *text, int length) {
    int prefix_length = strlen(prefix);
    int blanks = c->width - prefix_length - zeros - length;
    if (blanks < 0)
        blanks = 0;
    if ((c->flags & (ZERO | LEFT)) == ZERO) {
        zeros += blanks;
        blanks = 0;
    }
    if (!(c->flags & LEFT))
        pad(c->file, ' ', blanks);
    fwrite(prefix, 1, prefix_length, c->file);
    pad(c->file, '0', zeros);
    fwrite(text, 1, length, c->file);
    if (c->flags & LEFT)
        pad(c->file, ' ', blanks);
    return blanks + prefix_length + zeros + length;
}

static int put_integer(struct conversion *c, unsigned long value) {
    char text[24];
    char *p = text + sizeof text;
    const char *prefix = "";
    int base = c->letter == 'o' ? 8 : c->letter == 'x' || c->letter == 'X' ? 16 : 10;
    int zeros;
    if (c->letter == 'd' && (long)value < 0) {
        prefix = "-";
        value = -value;
    } else if (base == 16 && c->flags & ALTERNATE && value) {
        prefix = c->letter == 'X' ? "0X" : "0x";
    }
    for (; value; value /= base)
        *--p = (c->letter == 'X' ? "0123456789ABCDEF" : "0123456789abcdef")[value % base];
    if (c->precision >= 0)
        c->flags &= ~ZERO;
    zeros = (c->precision >= 0 ? c->precision : 1) - (text + sizeof text - p);
    return put_field(c, prefix, zeros > 0 ? zeros : 0, p, text + sizeof text - p);
}

static int next_integer(struct conversion *c) {
    unsigned long value = c->size > 0 ? va_arg(c->ap, unsigned long) : va_arg(c->ap, unsigned);
    if (c->letter == 'i')
        c->letter = 'd';
    if (c->letter == 'd' && c->size <= 0)
        value = c->size == -2 ? (signed char)value : c->size == -1 ? (short)value : (int)value;
    else if (c->size < 0)
        value = c->size == -2 ? (unsigned char)value : (unsigned short)value;
    return put_integer(c, value);
}

static int next_string(struct conversion *c) {
    const char *text = va_arg(c->ap, char *);
    const char *end;
    c->flags &= ~ZERO;
    if (!text)
        text = "(null)";
    end = c->precision < 0 ? text + strlen(text) : memchr(text, 0, c->precision);
    return put_field(c, "", 0, text, end ? end - text : c->precision);
}

// A width or precision: a number or *.
static const char *scan_number(struct conversion *c, const char *p, int *number) {
    *number = 0;
    if (*p == '*') {
        *number = va_arg(c->ap, int);
        return p + 1;
    }
    for (; isdigit(*p); p++)
        *number = *number * 10 + *p - '0';
    return p;
}

// Everything after the % but the letter. Returns where that is.
static const char *scan_conversion(struct conversion *c, const char *p) {
    const char *flag;
    c->flags = 0;
    for (; *p && (flag = strchr(flag_letters, *p)); p++)
        c->flags |= 1 << (flag - flag_letters);
    p = scan_number(c, p, &c->width);
    if (c->width < 0) {
        c->flags |= LEFT;
        c->width = -c->width;
    }
    c->precision = -1;
    if (*p == '.')
        p = scan_number(c, p + 1, &c->precision);
    c->size = 0;
    for (; *p && strchr("hljzt", *p); p++)
        c->size += *p == 'h' ? -1 : 1;
    c->letter = *p;
    return p;
}

static int convert(struct conversion *c) {
    char letter = c->letter;
    switch (letter) {
    case 'd': case 'i': case 'u': case 'o': case 'x': case 'X':
        return next_integer(c);
    case 's':
        return next_string(c);
    case 'p':
        c->letter = 'x';
        c->size = 1;
        c->flags |= ALTERNATE;
        return next_integer(c);
    case 'c':
        c->flags &= ~ZERO;
        letter = va_arg(c->ap, int);
    }
    return put_field(c, "", 0, &letter, 1);     // %c, %%, or something unknown as it is
}

int vfprintf(FILE *f, const char *format, va_list ap) {
    struct conversion c;
    int count = 0;
    int unbuffered = f->mode & NO_BUFFER;
    c.file = f;
    va_copy(c.ap, ap);
    f->mode &= ~NO_BUFFER;          // for one write of it all
    while (*format) {
        size_t n = strcspn(format, "%");
        count += fwrite(format, 1, n, f);
        format += n;
        if (!*format)
            break;
        format = scan_conversion(&c, format + 1);
        if (!*format)
            break;
        count += convert(&c);
        format++;
    }
    va_end(c.ap);
    f->mode |= unbuffered;
    if (f->mode & NO_BUFFER)
        fflush(f);
    return f->mode & FAILED ? -1 : count;
}

int vsnprintf(char *s, size_t size, const char *format, va_list ap) {
    FILE f;
    int count;
    memset(&f, 0, sizeof f);
    f.mode = STRING;
    f.at = s;
    f.end = size ? s + size - 1 : s;
    count = vfprintf(&f, format, ap);
    if (size)
        *f.at = 0;
    return count;
}

int vsprintf(char *s, const char *format, va_list ap) { return vsnprintf(s, INT_MAX, format, ap); }
int vprintf(const char *format, va_list ap) { return vfprintf(stdout, format, ap); }

int printf(const char *format, ...) {
    va_list ap;
    int count;
    va_start(ap, format);
    count = vfprintf(stdout, format, ap);
    va_end(ap);
    return count;
}

int fprintf(FILE *f, const char *format, ...) {
    va_list ap;
    int count;
    va_start(ap, format);
    count = vfprintf(f, format, ap);
    va_end(ap);
    return count;
}

int sprintf(char *s, const char *format, ...) {
    va_list ap;
    int count;
    va_start(ap, format);
    count = vsprintf(s, format, ap);
    va_end(ap);
    return count;
}

int snprintf(char *s, size_t size, const char *format, ...) {
    va_list ap;
    int count;
    va_start(ap, format);
    count = vsnprintf(s, size, format, ap);
    va_end(ap);
    return count;
}
