# SPDX-License-Identifier: GPL-3.0-or-later
# musl by GCC 3.4.6. Its configure and its makefile are written by hand, and used.
set -e -o pipefail
RECIPE=/sysa/steps/musl-1.2.3-gcc
DESTDIR=/destdir/musl-1.2.3-gcc

# unpack and edit
tar -xzf /distfiles/musl_1.2.3.orig.tar.gz
cd musl-1.2.3
edit ${RECIPE}/edits/1-alias-address.edit

# build and install
./configure --prefix=/usr --disable-shared CC=gcc
make -j$(nproc)
make DESTDIR=${DESTDIR} install
