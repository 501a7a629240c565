# SPDX-License-Identifier: GPL-3.0-or-later
"""What generates sources, as grown (Perl, autotools, bison, ...), makes a package of what a person writes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.e2e import cli
from tests.e2e.conftest import Grown
from tests.e2e.grown import guest

LAST = "bison-3.8.2"

pytestmark = [pytest.mark.far(LAST), pytest.mark.timeout(7200)]
PACKAGE = {
    "configure.ac": """
        AC_INIT([reckon], [1.0])
        AC_CONFIG_AUX_DIR([build-aux])
        AC_CONFIG_HEADERS([config.h])
        AM_INIT_AUTOMAKE([foreign subdir-objects])
        AC_PROG_CC
        AM_ICONV
        AC_PROG_YACC
        LT_INIT
        PKG_CHECK_MODULES([ANSWER], [answer])
        AC_CHECK_FUNCS([strlcpy no_such_function])
        AC_CONFIG_FILES([Makefile])
        AC_OUTPUT
    """,
    "Makefile.am": """
        AM_YFLAGS = -d
        bin_PROGRAMS = reckon
        reckon_SOURCES = main.c sum.y
        reckon_CPPFLAGS = $(ANSWER_CFLAGS)
        reckon_LDADD = libten.la $(ANSWER_LIBS)
        noinst_LTLIBRARIES = libten.la
        libten_la_SOURCES = ten.c
    """,
    "ten.c": "int ten(void) { return 10; }\n",
    "main.c": """
        #include "config.h"
        #include <stdio.h>
        int ten(void), yyparse(void);
        long result;
        int main(void) {
        #if HAVE_STRLCPY && !defined HAVE_NO_SUCH_FUNCTION
            if (yyparse() == 0)
                printf("%ld %d %s\\n", result, ten() + ANSWER, PACKAGE_STRING);
        #endif
            return 0;
        }
    """,
    "sum.y": """
        %define parse.error verbose
        %code { #include <stdio.h>
                int yylex(void); void yyerror(const char *text) { puts(text); }
                extern long result; }
        %define api.value.type {long}
        %token NUMBER
        %left '+'
        %left '*'
        %%
        input: sum[s] { result = $s; };
        sum: NUMBER | sum[a] '+' sum[b] { $$ = $a + $b; } | sum[a] '*' sum[b] { $$ = $a * $b; };
        %%
        int yylex(void) {
            int c = getchar();
            if (c < '0' || c > '9')
                return c == '\\n' ? 0 : c;
            for (yylval = 0; c >= '0' && c <= '9'; c = getchar())
                yylval = 10 * yylval + c - '0';
            ungetc(c, stdin);
            return NUMBER;
        }
    """,
    "answer.pc": """
        Name: answer
        Description: needs a library of its own, which only static linking must name
        Version: 1
        Cflags: -DANSWER=32
        Libs.private: -lm
    """,
}


@pytest.fixture(scope="module")
def root(grown: Grown) -> Path:
    """A grown root. Tests put files into its /tmp."""
    return grown(LAST).root_of("sysc")


def test_a_package(root: Path) -> None:
    folder = root / "tmp/reckon"
    folder.mkdir()
    for name, text in PACKAGE.items():
        indent = len(text.lstrip("\n")) - len(text.lstrip())
        lines = (line[indent:] for line in text.lstrip("\n").splitlines())
        (folder / name).write_text("\n".join(lines).rstrip() + "\n")
    shutil.copy(cli.BASE / "sysc/autotools.sh", root / "tmp")
    commands = """
        set -e -o pipefail
        . /tmp/autotools.sh
        DESTDIR=/tmp/reckon/installed
        export PKG_CONFIG_PATH=/tmp/reckon
        cd reckon
        mkdir build-aux
        cp /usr/share/gettext/config.rpath build-aux # as packages bring it
        { regenerate && configure && make && make_install; } >log 2>&1 || { cat log; exit 1; }
        grep -c 'ANSWER_LIBS = -lm' Makefile
        find installed -type f
        echo '2+3*4' | installed/usr/bin/reckon
        echo '2++' | installed/usr/bin/reckon
    """
    assert guest(root, "/bin/sh", "-c", commands, timeout=600).splitlines() == [
        "1",
        "installed/usr/bin/reckon",
        "14 42 reckon 1.0",
        "syntax error, unexpected '+', expecting NUMBER",
    ]


@pytest.mark.parametrize(
    ("program", "printed"),
    [
        ("use POSIX; print strftime('%F', gmtime 86400), ' ', floor(-1.5)", "1970-01-02 -2"),
        ("use List::Util 'sum'; use Data::Dumper; $Data::Dumper::Terse = 1; print Dumper(sum 1..4)", "10\n"),
        ("use Digest::SHA 'sha1_hex'; print sha1_hex('abc')", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("use Encode; print length decode('UTF-8', qq(\\303\\244))", "1"),
        ("use Encode; print encode('cp1252', qq(\\x{20ac})) eq qq(\\x80)", "1"),
        ("use Unicode::Normalize; print length NFD(chr 228)", "2"),
        ("print join ' ', 'Straße' =~ /\\p{Lu}|\\p{L}/g ? 'letters' : ''", "letters"),
        ("use Errno; mkdir '/tmp'; print $!{EEXIST} ? 'there' : $!", "there"),
        ("use Storable qw(freeze thaw); print ${thaw freeze \\7}", "7"),
        ("use File::Glob ':bsd_glob'; print bsd_glob('/us{r,x}/bin/per[l]', GLOB_BRACE)", "/usr/bin/perl"),
        ("use Socket; print inet_ntoa(INADDR_LOOPBACK)", "127.0.0.1"),
        ("use JSON::PP; print encode_json [1, 'a']", '[1,"a"]'),
        ("use Math::BigInt; print Math::BigInt->new(2) ** 100", "1267650600228229401496703205376"),
        ("print `echo 1 2 | wc -w` + 0", "2"),
    ],
)
def test_perl(root: Path, program: str, printed: str) -> None:
    assert guest(root, "/usr/bin/perl", "-we", program) == printed
