# SPDX-License-Identifier: GPL-3.0-or-later
# flex: once with a scanner by our lex, then with one by itself.
set -e -o pipefail
DESTDIR=/destdir/flex-2.6.4

gzip -dc /distfiles/flex_2.6.4.orig.tar.gz >flex.tar
untar flex.tar # older than ustar: busybox does not know the format
cd flex-2.6.4/src

# what others have generated is made anew
rm parse.c parse.h scan.c skel.c
sh mkskel.sh . m4 2.6.4 >skel.c
yacc -d -o parse.c parse.y
echo 'extern int yylval;' >>parse.h # bison would say so there
lex -o scan.c scan.l

# configure: few facts matter
flags='-O2 -D_GNU_SOURCE -DHAVE_LIMITS_H -DHAVE_NETINET_IN_H -DHAVE_REALLOCARRAY'
compile() {
    gcc ${flags} -DM4='"/usr/bin/m4"' -DPACKAGE='"flex"' -DVERSION='"2.6.4"' -c "$@"
}

# compile: each flex makes the scanner of the next one; the second and the third scanner have to be equal
compile buf.c ccl.c dfa.c ecs.c filter.c gen.c libmain.c libyywrap.c main.c misc.c nfa.c options.c parse.c regex.c scan.c \
    scanflags.c scanopt.c skel.c sym.c tables.c tables_shared.c tblcmp.c yylex.c
parts='buf.o ccl.o dfa.o ecs.o filter.o gen.o main.o misc.o nfa.o options.o parse.o regex.o scan.o
    scanflags.o scanopt.o skel.o sym.o tables.o tables_shared.o tblcmp.o yylex.o'
gcc -o flex1 ${parts} -lm
./flex1 -o scan.c scan.l
compile scan.c
gcc -s -o flex ${parts} -lm
mv scan.c scan2.c
./flex -o scan.c scan.l
cmp scan.c scan2.c
ar cr libfl.a libmain.o libyywrap.o

# install
mkdir -p ${DESTDIR}/usr/bin ${DESTDIR}/usr/lib ${DESTDIR}/usr/include
cp flex ${DESTDIR}/usr/bin
cp libfl.a ${DESTDIR}/usr/lib
cp FlexLexer.h ${DESTDIR}/usr/include
