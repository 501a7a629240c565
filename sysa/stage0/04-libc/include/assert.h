// SPDX-License-Identifier: GPL-3.0-or-later
void __assert_fail(const char *what, const char *file, int line);

#ifdef NDEBUG
#define assert(x) ((void)0)
#else
#define assert(x) ((x) ? (void)0 : __assert_fail(#x, __FILE__, __LINE__))
#endif
