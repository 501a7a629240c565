# SPDX-License-Identifier: GPL-3.0-or-later
# zlib, without its configure.
set -e -o pipefail
RECIPE=/sysc/steps/zlib-1.3.1
DESTDIR=/destdir/zlib-1.3.1

tar -xzf /distfiles/zlib_1.3.dfsg+really1.3.1.orig.tar.gz
cd zlib-1.3.1

# configure: two of C's headers are there
sed -e '/^#ifdef HAVE_UNISTD_H/s/def HAVE_UNISTD_H/ 1/' -e '/^#ifdef HAVE_STDARG_H/s/def HAVE_STDARG_H/ 1/' zconf.h.in >zconf.h

# tables: zlib can make them itself. Each program includes or links the file that knows how.
rm crc32.h inffixed.h trees.h
gcc -DMAKECRCH -o makecrc crc32.c
./makecrc
gcc -DGEN_TREES_H -o maketrees ${RECIPE}/files/maketrees.c -I.
./maketrees
gcc -DMAKEFIXED -o makefixed ${RECIPE}/files/makefixed.c inflate.c inftrees.c inffast.c adler32.c crc32.c zutil.c
./makefixed >inffixed.h

# compile; off64_t is there, so that gzopen64 and its like are too
gcc -O2 -D_LARGEFILE64_SOURCE=1 -DHAVE_HIDDEN -c adler32.c crc32.c deflate.c infback.c inffast.c inflate.c inftrees.c trees.c \
    zutil.c compress.c uncompr.c gzclose.c gzlib.c gzread.c gzwrite.c
ar cr libz.a adler32.o crc32.o deflate.o infback.o inffast.o inflate.o inftrees.o trees.o zutil.o \
    compress.o uncompr.o gzclose.o gzlib.o gzread.o gzwrite.o

# install
mkdir -p ${DESTDIR}/usr/include ${DESTDIR}/usr/lib/pkgconfig
cp zlib.h zconf.h ${DESTDIR}/usr/include
cp libz.a ${DESTDIR}/usr/lib
sed -e 's|@prefix@|/usr|' -e 's|@exec_prefix@|/usr|' -e 's|@includedir@|/usr/include|' -e 's|@[a-z]*libdir@|/usr/lib|' \
    -e 's|@VERSION@|1.3.1|' zlib.pc.in >${DESTDIR}/usr/lib/pkgconfig/zlib.pc
