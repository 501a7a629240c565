// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef _STDIO_H
#define _STDIO_H

#include <stdarg.h>
#include <sys/types.h>

#define EOF (-1)
#define BUFSIZ 16384
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2

typedef struct _FILE FILE;
extern FILE *stdin, *stdout, *stderr;

int fclose(FILE *f);
FILE *fdopen(int fd, const char *mode);
int feof(FILE *f);
int ferror(FILE *f);
int fflush(FILE *f);
int fgetc(FILE *f);
char *fgets(char *s, int size, FILE *f);
FILE *fopen(const char *path, const char *mode);
int fputc(int c, FILE *f);
int fputs(const char *s, FILE *f);
size_t fread(void *to, size_t size, size_t count, FILE *f);
int fseek(FILE *f, long offset, int whence);
long ftell(FILE *f);
size_t fwrite(const void *from, size_t size, size_t count, FILE *f);
int getc(FILE *f);
int putc(int c, FILE *f);
int putchar(int c);
int puts(const char *s);
int remove(const char *path);
int rename(const char *from, const char *to);

int fprintf(FILE *f, const char *format, ...);
int printf(const char *format, ...);
int snprintf(char *s, size_t size, const char *format, ...);
int sprintf(char *s, const char *format, ...);
int sscanf(const char *s, const char *format, ...);
int vfprintf(FILE *f, const char *format, va_list ap);
int vprintf(const char *format, va_list ap);
int vsnprintf(char *s, size_t size, const char *format, va_list ap);
int vsprintf(char *s, const char *format, va_list ap);

#endif
