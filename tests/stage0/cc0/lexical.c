// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef NEVER
#define NEVER 1
# define x this is skipped "by cc0
#undef x
#include "io.h"
#endif
/* a comment
   of several lines // with ** another / in it */
int/**/a/* between */=/***/5;// at the end
char *quote = "\"'\\"; char quotes = '"';
int _under_score9 = 0xaBcD, Z = 010;

int main ( void )
{
	show("a", a);
    show("_under_score9", _under_score9 + Z);
    put(quote);
    put("\n\t|\r|\a|\b|\f|\v|\x41|\101|\x7e|// no comment /* none */|\n");
    show("'\\n'", '\n');
    show("'\\0'", '\0');
    show("'\\''", '\'');
    show("'\"'", '"' + quotes);
    show("'\\\\'", '\\');
    show("'\\xff'", '\xff');
    show("'a'", 'a');
    show("0", 0);
    show("1L", 1L);
    show("a+++Z", a+++Z);
    show("a---Z", a---Z);
    show("a-- -Z", a-- -Z);
    show("a>>1>=1", a>>1>=1);
    show("a<<=1", a<<=1);
    show("a&&a&a", a&&a&a);
    a=-a;a=!a;
    show("a", a);
    show("''", "a\0b"[2]);
    put("");
    return 0;
}
#pragma "open, and the last line without its newline