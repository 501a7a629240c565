// SPDX-License-Identifier: GPL-3.0-or-later
#include <stddef.h>

void *memchr(const void *s, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int c, size_t n);
char *strcat(char *to, const char *from);
char *strchr(const char *s, int c);
int strcmp(const char *a, const char *b);
char *strcpy(char *to, const char *from);
size_t strcspn(const char *s, const char *set);
char *strerror(int error);
size_t strlen(const char *s);
int strncmp(const char *a, const char *b, size_t n);
char *strrchr(const char *s, int c);
size_t strspn(const char *s, const char *set);
char *strstr(const char *s, const char *part);
