// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
// The preprocessor, with the examples of C99 6.10.3.5 that fit.
#define x 3
#define f(a) f(x * (a))
#undef x
#define x 2
#define g f
#define z z[0]
#define m(a) a(w)
#define w 0,1
#define t(a) a
#define p() int
#define q(x) x
#define r(x,y) x ## y
#define str(x) # x
#define xstr(s) str(s)
#define vstr(...) # __VA_ARGS__
#define vxstr(...) vstr(__VA_ARGS__)
#define debug(s, t) printf("x" # s "= %d, x" # t "= %s\n", x ## s, x ## t)
#define INCFILE(n) vers ## n
#define glue(a, b) a ## b
#define xglue(a, b) glue(a, b)
#define HIGHLOW "hello"
#define LOW LOW ", world"
#define show(...) printf(__VA_ARGS__)
#define list(name, ...) printf(name, ## __VA_ARGS__)
#define EMPTY
#define later EMPTY(3)
#define twice(n) n n
#define MAX(a, b) ((a) > \
    (b) ? (a) : (b))
#define hash_hash(a) #a "##" /* a comment \
  over lines */ "end"
#if defined(x) && !defined y && (x + 1 == 3) && 'a' == 97 && !(-1 < 0u) && 7 / 2 * 2 == 6
#define TAKEN "taken"
#elif 1 / 0
#error not evaluated
#else
#error wrong
#endif
#ifdef nothing
# if 1
#  error skipped " ' text
# else
 it's "not code
# endif
#elif x > 1
#define SECOND "second"
#endif
#if 0
/* #endif in a comment
#endif
*/
#else
#define THIRD "third"
#endif

int main(void)
{
    int x1 = 7, file_line = __LINE__, i = 2;
    char *x2 = "two";
    debug(1, 2);
    printf("%s|%s|%s\n", xstr(f(2)), vxstr(g(x + (3, 4) - w)), vxstr(m(f)^m(m)));
    printf("%s|%s\n", str(strncmp("abc\0d", "abc", '\4') == 0) , xstr(r(2, 3) q(p()) t(t)(0)));
    printf("%s|%s\n", glue(HIGH, LOW), xglue(HIGH, LOW));
    show("%d%s", 1, "\n");
    list("none\n");
    list("%d %d\n", 1, twice(+2));
    printf("%s|%s|%s|%s\n", vxstr(later), xstr(INCFILE(2).h), str(  a   b  ), str());
    printf("%d %s %s %s %s\n", MAX(i++, 1), TAKEN, SECOND, THIRD, hash_hash(a "\n"));
    printf("%d %d %d\n", __LINE__ - file_line, MAX(
        MAX(1, 5), 3), i);
    return __FILE__[0] == 0;
}
