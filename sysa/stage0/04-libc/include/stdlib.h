// SPDX-License-Identifier: GPL-3.0-or-later
#include <stddef.h>

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1

void *calloc(size_t count, size_t size);
void free(void *p);
void *malloc(size_t size);
void *realloc(void *p, size_t size);
void abort(void);
void exit(int status);
char *getenv(const char *name);
void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *));
int atoi(const char *s);
double strtod(const char *s, char **end);
float strtof(const char *s, char **end);
long double strtold(const char *s, char **end);
long strtol(const char *s, char **end, int base);
unsigned long strtoul(const char *s, char **end, int base);
unsigned long long strtoull(const char *s, char **end, int base);
