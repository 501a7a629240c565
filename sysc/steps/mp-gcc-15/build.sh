# SPDX-License-Identifier: GPL-3.0-or-later
# GMP, MPFR and MPC, each by its own configure, made anew.
set -e -o pipefail
DESTDIR=/destdir/mp-gcc-15
. /sysc/autotools.sh

# build FILE MAKE-ARGUMENTS: compiles and installs one of them, and lets the next ones find it where it is
build() {
    mkdir ${1%%_*}
    cd ${1%%_*}
    unpack $1
    shift
    mkdir -p doc # Debian has removed GMP's manual
    [ -f doc/Makefile.am ] || touch doc/Makefile.am
    regenerate
    configure CPPFLAGS=-I${DESTDIR}/usr/include LDFLAGS=-L${DESTDIR}/usr/lib
    make -j$(nproc) "$@"
    make_install "$@"
    cd ../..
}
build gmp_6.3.0+dfsg.orig.tar.xz SUBDIRS='mpn mpz mpq mpf printf scanf rand'
build mpfr4_4.2.2.orig.tar.xz SUBDIRS=src
build mpclib3_1.3.1.orig.tar.gz SUBDIRS=src
rmdir ${DESTDIR}/usr/share # documentation was there
