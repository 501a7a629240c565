# SPDX-License-Identifier: GPL-3.0-or-later
# GCC 3.4.6 by itself: the compilers for C and C++, and the library for C++.
set -e -o pipefail
RECIPE=/sysa/steps/gcc-3.4.6
DESTDIR=/destdir/gcc-3.4.6

# unpack and edit
. ${RECIPE}/unpack.sh

# compile; the library for C++ by what has just been compiled
mkdir o
cd o
. ${RECIPE}/generate.sh
sh ${RECIPE}/c++.sh ${SOURCE} c++
make -f ${RECIPE}/files/Makefile -j$(nproc) SOURCE=${SOURCE} CC=gcc CFLAGS=-O2 c cxx libgcc libstdc++

# install
mkdir -p ${DESTDIR}/usr/bin ${DESTDIR}/usr/include/c++ ${DESTDIR}/usr/lib/gcc/x86_64-linux-musl/3.4.6 \
    ${DESTDIR}/usr/libexec/gcc/x86_64-linux-musl/3.4.6
cp bin/gcc bin/g++ ${DESTDIR}/usr/bin
cp bin/cc1 bin/cc1plus bin/collect2 ${DESTDIR}/usr/libexec/gcc/x86_64-linux-musl/3.4.6
cp -r include libgcc.a libgcc/crt*.o ${DESTDIR}/usr/lib/gcc/x86_64-linux-musl/3.4.6
cp libstdc++.a ${DESTDIR}/usr/lib
cp -r c++ ${DESTDIR}/usr/include/c++/3.4.6
