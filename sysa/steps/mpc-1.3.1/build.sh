# SPDX-License-Identifier: GPL-3.0-or-later
# MPC by whatever gcc is there. Another step can run this again, with its own DESTDIR in the environment.
set -e -o pipefail
RECIPE=/sysa/steps/mpc-1.3.1
DESTDIR=${DESTDIR:-/destdir/mpc-1.3.1}
SOURCE=../mpc-1.3.1

# unpack: by our own program, for busybox's tar does not know this format, which is older than ustar
gzip -dc /distfiles/mpclib3_1.3.1.orig.tar.gz >mpc.tar
untar mpc.tar

# compile
mkdir mpc
cd mpc
: >config.h
make -f ${RECIPE}/files/Makefile -j$(nproc) SOURCE=${SOURCE}

# install
mkdir -p ${DESTDIR}/usr/include ${DESTDIR}/usr/lib
cp ${SOURCE}/src/mpc.h ${DESTDIR}/usr/include
cp libmpc.a ${DESTDIR}/usr/lib
