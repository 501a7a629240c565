// SPDX-License-Identifier: GPL-3.0-or-later
// The printf family. (C99)
#include <ctype.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include "file.h"
#include "real.h"

// One conversion: %[flags][width][.precision]letter
struct spec {
    int left, zero, plus, space, alternate;     // flags - 0 + blank #
    int width;
    int precision;                              // -1: none
    int letter;
};

static void pad(FILE *f, int c, int n)
{
    char many[32];
    memset(many, c, sizeof many);
    for (; n > 0; n -= sizeof many)
        fwrite(many, 1, n < 32 ? n : 32, f);
}

// Writes prefix (sign, 0x), zeros and text, padded to the width. Returns how many characters that are.
static int put_field(FILE *f, struct spec *s, const char *prefix, int zeros, const char *text, int length)
{
    int prefix_length = strlen(prefix);
    int blanks = s->width - prefix_length - zeros - length;
    if (blanks < 0)
        blanks = 0;
    if (s->zero && !s->left) {
        zeros += blanks;
        blanks = 0;
    }
    if (!s->left)
        pad(f, ' ', blanks);
    fwrite(prefix, 1, prefix_length, f);
    pad(f, '0', zeros);
    fwrite(text, 1, length, f);
    if (s->left)
        pad(f, ' ', blanks);
    return blanks + prefix_length + zeros + length;
}

static const char *sign_prefix(struct spec *s, int negative)
{
    return negative ? "-" : s->plus ? "+" : s->space ? " " : "";
}

static int put_integer(FILE *f, struct spec *s, unsigned long value)
{
    char text[24];
    char *p = text + sizeof text;
    const char *prefix = "";
    const char *set = s->letter == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    int base = s->letter == 'o' ? 8 : s->letter == 'x' || s->letter == 'X' || s->letter == 'p' ? 16 : 10;
    int length;
    if (s->letter == 'd') {
        prefix = sign_prefix(s, (long)value < 0);
        if ((long)value < 0)
            value = -value;
    } else if (base == 16 && s->alternate && value) {
        prefix = s->letter == 'X' ? "0X" : "0x";
    }
    for (; value; value /= base)
        *--p = set[value % base];
    length = text + sizeof text - p;
    if (s->precision >= 0)
        s->zero = 0;
    else
        s->precision = 1;
    if (base == 8 && s->alternate && s->precision <= length)
        s->precision = length + 1;
    return put_field(f, s, prefix, length < s->precision ? s->precision - length : 0, p, length);
}

// field and mantissa: the exponent and mantissa bits of a long double or a double.
static int put_real(FILE *f, struct spec *s, int is_long, int negative, int field, unsigned long mantissa)
{
    static char text[REAL_TEXT];
    char prefix[4];
    char *end;
    char *p;
    int lower = tolower(s->letter);
    strcpy(prefix, sign_prefix(s, negative));
    if (field == (is_long ? 0x7fff : 0x7ff)) {
        strcpy(text, (is_long ? mantissa << 1 : mantissa) ? "nan" : "inf");
        end = text + 3;
        s->zero = 0;
    } else {
        if (field && !is_long)
            mantissa |= 1L << 52;
        field += !field - (is_long ? 16383 + 63 : 1023 + 52);
        if (lower == 'a')
            strcat(prefix, "0x");
        end = format_real(text, mantissa, mantissa ? field : 0, lower, s->precision, s->alternate, is_long ? 60 : 52);
    }
    if (isupper(s->letter)) {
        for (p = text; p < end; p++)
            *p = toupper(*p);
        for (p = prefix; *p; p++)
            *p = toupper(*p);
    }
    return put_field(f, s, prefix, 0, text, end - text);
}

struct arguments {
    va_list ap;         // in a struct, to be passed by reference whatever its type is
};

static int next_real(FILE *f, struct spec *s, struct arguments *args, int is_long)
{
    union { double value; unsigned long bits; } d;
    union { long double value; struct { unsigned long mantissa; unsigned short top; } bits; } l;
    if (is_long) {
        l.value = va_arg(args->ap, long double);
        return put_real(f, s, 1, l.bits.top >> 15, l.bits.top & 0x7fff, l.bits.mantissa);
    }
    d.value = va_arg(args->ap, double);
    return put_real(f, s, 0, d.bits >> 63, d.bits >> 52 & 0x7ff, d.bits & 0xfffffffffffffUL);
}

// size: -2 for hh, -1 for h, 0, 1 or more for l, ll, j, z, t.
static int next_integer(FILE *f, struct spec *s, struct arguments *args, int size)
{
    unsigned long value = size > 0 ? va_arg(args->ap, unsigned long) : va_arg(args->ap, unsigned);
    if (s->letter == 'i')
        s->letter = 'd';
    if (s->letter == 'd')
        value = size == -2 ? (signed char)value : size == -1 ? (short)value : size == 0 ? (int)value : (long)value;
    else
        value = size == -2 ? (unsigned char)value : size == -1 ? (unsigned short)value : value;
    return put_integer(f, s, value);
}

static int next_string(FILE *f, struct spec *s, struct arguments *args)
{
    const char *text = va_arg(args->ap, char *);
    const char *end;
    if (!text)
        text = "(null)";
    end = s->precision < 0 ? 0 : memchr(text, 0, s->precision);
    return put_field(f, s, "", 0, text, end ? end - text : s->precision < 0 ? (int)strlen(text) : s->precision);
}

static int next_pointer(FILE *f, struct spec *s, struct arguments *args)
{
    unsigned long value = (unsigned long)va_arg(args->ap, void *);
    s->alternate = 1;
    return value ? put_integer(f, s, value) : put_field(f, s, "", 0, "(nil)", 5);
}

// A width or precision: a number or *.
static const char *scan_number(const char *p, int *number, struct arguments *args)
{
    *number = 0;
    if (*p == '*') {
        *number = va_arg(args->ap, int);
        return p + 1;
    }
    for (; isdigit(*p); p++)
        *number = *number * 10 + *p - '0';
    return p;
}

// The conversion after a %. *count is what was written so far, and grows.
static const char *convert(FILE *f, const char *p, struct arguments *args, int *count)
{
    struct spec s;
    int size = 0;
    char c;
    memset(&s, 0, sizeof s);
    for (;; p++)
        if (*p == '-')
            s.left = 1;
        else if (*p == '0')
            s.zero = 1;
        else if (*p == '+')
            s.plus = 1;
        else if (*p == ' ')
            s.space = 1;
        else if (*p == '#')
            s.alternate = 1;
        else
            break;
    p = scan_number(p, &s.width, args);
    if (s.width < 0) {
        s.left = 1;
        s.width = -s.width;
    }
    s.precision = -1;
    if (*p == '.')
        p = scan_number(p + 1, &s.precision, args);
    for (; *p && strchr("hljztL", *p); p++)
        size += *p == 'h' ? -1 : 1;
    s.letter = *p;
    if (strchr("csp", s.letter))
        s.zero = 0;
    switch (s.letter) {
    case 'd': case 'i': case 'u': case 'x': case 'X': case 'o':
        *count += next_integer(f, &s, args, size);
        break;
    case 'f': case 'F': case 'e': case 'E': case 'g': case 'G': case 'a': case 'A':
        *count += next_real(f, &s, args, p[-1] == 'L');
        break;
    case 's':
        *count += next_string(f, &s, args);
        break;
    case 'p':
        *count += next_pointer(f, &s, args);
        break;
    case 'n':
        *va_arg(args->ap, int *) = *count;
        break;
    case 'c':
        c = va_arg(args->ap, int);
        *count += put_field(f, &s, "", 0, &c, 1);
        break;
    default:            // %%, or something unknown, which is shown as it is
        c = *p;
        *count += fwrite(&c, 1, c != 0, f);
    }
    return *p ? p + 1 : p;
}

int vfprintf(FILE *f, const char *format, va_list ap)
{
    struct arguments args;
    int count = 0;
    int unbuffered = f->mode & NO_BUFFER;
    size_t n;
    va_copy(args.ap, ap);
    f->mode &= ~NO_BUFFER;          // for one write of it all
    while (*format) {
        n = strcspn(format, "%");
        count += fwrite(format, 1, n, f);
        format += n;
        if (*format)
            format = convert(f, format + 1, &args, &count);
    }
    va_end(args.ap);
    f->mode |= unbuffered;
    if (unbuffered)
        fflush(f);
    return f->mode & FAILED ? -1 : count;
}

int vsnprintf(char *s, size_t size, const char *format, va_list ap)
{
    FILE f;
    int count;
    memset(&f, 0, sizeof f);
    f.mode = MEMORY;
    f.at = s;
    f.end = size ? s + size - 1 : s;
    count = vfprintf(&f, format, ap);
    if (size)
        *f.at = 0;
    return count;
}

int vsprintf(char *s, const char *format, va_list ap)
{
    return vsnprintf(s, INT_MAX, format, ap);
}

int vprintf(const char *format, va_list ap)
{
    return vfprintf(stdout, format, ap);
}

int printf(const char *format, ...)
{
    va_list ap;
    int count;
    va_start(ap, format);
    count = vfprintf(stdout, format, ap);
    va_end(ap);
    return count;
}

int fprintf(FILE *f, const char *format, ...)
{
    va_list ap;
    int count;
    va_start(ap, format);
    count = vfprintf(f, format, ap);
    va_end(ap);
    return count;
}

int sprintf(char *s, const char *format, ...)
{
    va_list ap;
    int count;
    va_start(ap, format);
    count = vsnprintf(s, INT_MAX, format, ap);
    va_end(ap);
    return count;
}

int snprintf(char *s, size_t size, const char *format, ...)
{
    va_list ap;
    int count;
    va_start(ap, format);
    count = vsnprintf(s, size, format, ap);
    va_end(ap);
    return count;
}
