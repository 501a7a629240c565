# SPDX-License-Identifier: GPL-3.0-or-later
# bison: first with a parser by byacc, then by itself.
set -e -o pipefail
RECIPE=/sysc/steps/bison-3.8.2
DESTDIR=/destdir/bison-3.8.2
. /sysc/autotools.sh

unpack bison_3.8.2+dfsg.orig.tar.xz
edit ${RECIPE}/edits/1-no-manual.edit
rm src/parse-gram.[ch] src/scan-code.c src/scan-gram.c src/scan-skel.c
regenerate
configure --disable-yacc

# the first bison: its grammar for byacc. The header has the tokens' numbers; byacc would also make macros of their names.
perl ${RECIPE}/files/for-byacc.pl src/parse-gram.y src/parse-gram.h >grammar.y
yacc -o grammar.c grammar.y
sed '/^#define [A-XZ][A-Z_]* [0-9]*$/d' grammar.c >src/parse-gram.c
make -j$(nproc)

# the second, with the parser that the first one makes; it must make the same
parser() { # parser BISON
    BISON_PKGDATADIR=data $1 --defines -Werror -Wall,dangling-alias -o src/parse-gram.c src/parse-gram.y
}
cp src/bison ../bison-1
parser ../bison-1
cp src/parse-gram.[ch] ..
rm src/*.o # the new header numbers the tokens otherwise
make -j$(nproc)
parser src/bison
cmp src/parse-gram.c ../parse-gram.c
cmp src/parse-gram.h ../parse-gram.h

make_install
