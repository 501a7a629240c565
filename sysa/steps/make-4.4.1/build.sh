# SPDX-License-Identifier: GPL-3.0-or-later
# GNU make, in one command by tcc.
set -e
RECIPE=/sysa/steps/make-4.4.1
DESTDIR=/destdir/make-4.4.1

# unpack: by our own program, for busybox's tar does not know this format, which is older than ustar
xz -dc /distfiles/make-dfsg_4.4.1.orig.tar.xz >make.tar
untar make.tar
cd make-4.4.1

# configure: config.h says what it would find out; glob.in.h and mkconfig.h.in have nothing to fill in on Linux
cp ${RECIPE}/files/config.h src/config.h
cp lib/glob.in.h lib/glob.h

# compile: lib/ has what musl does not: a glob() that reads directories through make's own cache, and two small helpers
cd src
tcc -DHAVE_CONFIG_H -DLIBDIR='"/usr/lib"' -DINCLUDEDIR='"/usr/include"' -DLOCALEDIR='"/usr/share/locale"' \
    -I. -I../lib -o make \
    ar.c arscan.c commands.c default.c dir.c expand.c file.c function.c getopt.c getopt1.c guile.c hash.c implicit.c \
    job.c load.c loadapi.c main.c misc.c output.c posixos.c read.c remake.c remote-stub.c rule.c shuffle.c signame.c \
    strcache.c variable.c version.c vpath.c \
    ../lib/concat-filename.c ../lib/findprog-in.c ../lib/glob.c

# install
mkdir -p ${DESTDIR}/usr/bin
cp make ${DESTDIR}/usr/bin
