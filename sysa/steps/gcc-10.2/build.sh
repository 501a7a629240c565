# SPDX-License-Identifier: GPL-3.0-or-later
# GCC 10.2 by itself, for the C library that is kept: the compilers for C and C++, and all their libraries.
set -e -o pipefail
RECIPE=/sysa/steps/gcc-10.2
DESTDIR=/destdir/gcc-10.2

# unpack
. ${RECIPE}/unpack.sh

# compile; the libraries by what has just been compiled
mkdir o
cd o
. ${RECIPE}/generate.sh
sh ${RECIPE}/c++.sh ${SOURCE} c++
make -f ${RECIPE}/files/Makefile -j$(nproc) SOURCE=${SOURCE} CC=gcc CXX=g++ CFLAGS='-O2 -w' compilers libgcc libstdc++ libatomic

# install
. ${RECIPE}/install.sh
