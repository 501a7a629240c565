# SPDX-License-Identifier: GPL-3.0-or-later
# bc and dc, without their configure.
set -e -o pipefail
DESTDIR=/destdir/bc-1.07.1
. /sysc/autotools.sh

unpack bc_1.07.1.orig.tar.gz

# the parser and the scanner
rm bc/bc.c bc/bc.h bc/scan.c
cd bc
yacc -d -o bc.c bc.y
flex -I -8 -o scan.c scan.l
cd ..

# configure: these few facts about musl are all that it would find out
cat >config.h <<'END'
#define HAVE_ERRNO_H 1
#define HAVE_FSTAT 1
#define HAVE_ISGRAPH 1
#define HAVE_LIMITS_H 1
#define HAVE_SETVBUF 1
#define HAVE_STDARG_H 1
#define HAVE_STDDEF_H 1
#define HAVE_STDLIB_H 1
#define HAVE_STRING_H 1
#define HAVE_STRTOL 1
#define HAVE_SYS_STAT_H 1
#define HAVE_SYS_TYPES_H 1
#define HAVE_UNISTD_H 1
#define HAVE_VPRINTF 1
#define PACKAGE "bc"
#define VERSION "1.07.1"
#define DC_VERSION "1.4.1"
END
sed -n '/^AC_DEFINE(\[[BD]C_COPYRIGHT\]/{s/.*\[\(.*\)\].*/#define \1/;N;s/\n[^[]*\[\(.*\)\],/ \1/;p}' configure.ac >>config.h

# compile: first a bc without its library of functions, which turns libmath.b into what the final one has in it
compile() { # compile PROGRAM FILES
    gcc ${CFLAGS} -DHAVE_CONFIG_H -I. -Ibc -Ih -static -s -o "$@" lib/number.c
}
bc='bc/main.c bc/bc.c bc/scan.c bc/execute.c bc/load.c bc/storage.c bc/util.c bc/global.c bc/warranty.c'
echo '{0}' >bc/libmath.h
compile first ${bc}
./first -c bc/libmath.b </dev/null >libmath
sed -e '1s/^/{"/' -e '2,$s/^/"/' -e 's/$/",/' -e '$d' libmath | sed '$s/,$/,0}/' >bc/libmath.h # as fix-libmath_h does
compile bc.static ${bc}
compile dc.static dc/dc.c dc/misc.c dc/eval.c dc/stack.c dc/array.c dc/numeric.c dc/string.c

# does it work?
test "$(echo 'scale=30; 4*a(1); 2^100; ibase=16; FF' | ./bc.static -l | tr '\n' ' ')" = \
    '3.141592653589793238462643383276 1267650600228229401496703205376 255 '
test "$(./dc.static -e '20k 2v p 7 3 ^ p')" = "$(printf '1.41421356237309504880\n343')"

# install
mkdir -p ${DESTDIR}/usr/bin
cp bc.static ${DESTDIR}/usr/bin/bc
cp dc.static ${DESTDIR}/usr/bin/dc
