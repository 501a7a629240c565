# SPDX-License-Identifier: GPL-3.0-or-later
# musl by GCC 10. Its configure and its makefile are written by hand, and used.
set -e -o pipefail
DESTDIR=/destdir/musl-1.2.5

tar -xzf /distfiles/musl_1.2.5.orig.tar.gz
cd musl-1.2.5
./configure --prefix=/usr --disable-shared CC=gcc
make -j$(nproc)
make DESTDIR=${DESTDIR} install
