# SPDX-License-Identifier: GPL-3.0-or-later
# GNU make, by GCC, with its own configure.
set -e -o pipefail
DESTDIR=/destdir/make-4.4.1-gcc
. /sysc/autotools.sh

unpack make-dfsg_4.4.1.orig.tar.xz
mkdir doc # Debian has removed the manual
touch doc/Makefile.am
sed -i '/^AM_INIT_AUTOMAKE/s/ -Werror//' configure.ac # a warning of a newer automake is no error
regenerate
configure --without-guile --disable-load

make -j$(nproc) -C lib
make -j$(nproc) make

# does it work?
printf 'x := $(shell seq 3)\nall: $(x:%%=n-%%)\nn-%%:\n\t@echo $*\n' >try.mk
test "$(./make -f try.mk -j2 -O | sort | tr '\n' ' ')" = '1 2 3 '

# install
mkdir -p ${DESTDIR}/usr/bin
cp make ${DESTDIR}/usr/bin
strip ${DESTDIR}/usr/bin/make
