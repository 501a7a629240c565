# SPDX-License-Identifier: GPL-3.0-or-later
# GCC 10.2 by g++ 3.4.6: the compilers that compile GCC 10.2 again, and their libraries.
set -e -o pipefail
RECIPE=/sysa/steps/gcc-10.2
DESTDIR=/destdir/gcc-10.2-cxx

# unpack
. ${RECIPE}/unpack.sh

# compile; of one function 3.4.6 would make so much by inlining that no memory is enough
mkdir o
cd o
. ${RECIPE}/generate.sh
sh ${RECIPE}/c++.sh ${SOURCE} c++
make -f ${RECIPE}/files/Makefile -j$(nproc) SOURCE=${SOURCE} CC=gcc CXX=g++ CFLAGS='-O1 -w' CXXFLAGS_i386_common=-fno-inline \
    compilers libgcc libstdc++

# install
. ${RECIPE}/install.sh
