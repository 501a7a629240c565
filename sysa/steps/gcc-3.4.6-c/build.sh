# SPDX-License-Identifier: GPL-3.0-or-later
# GCC 3.4.6 by tcc: the compiler for C.
set -e -o pipefail
RECIPE=/sysa/steps/gcc-3.4.6
DESTDIR=/destdir/gcc-3.4.6-c

# unpack and edit
. ${RECIPE}/unpack.sh

# compile
mkdir o
cd o
. ${RECIPE}/generate.sh
make -f ${RECIPE}/files/Makefile -j$(nproc) SOURCE=${SOURCE} CC=tcc c libgcc

# install
mkdir -p ${DESTDIR}/usr/bin ${DESTDIR}/usr/lib/gcc/x86_64-linux-musl/3.4.6 ${DESTDIR}/usr/libexec/gcc/x86_64-linux-musl/3.4.6
cp bin/gcc ${DESTDIR}/usr/bin
cp bin/cc1 bin/collect2 ${DESTDIR}/usr/libexec/gcc/x86_64-linux-musl/3.4.6
cp -r include libgcc.a libgcc/crt*.o ${DESTDIR}/usr/lib/gcc/x86_64-linux-musl/3.4.6
