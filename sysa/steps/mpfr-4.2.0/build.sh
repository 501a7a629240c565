# SPDX-License-Identifier: GPL-3.0-or-later
# MPFR by whatever gcc is there. Another step can run this again, with its own DESTDIR in the environment.
set -e -o pipefail
RECIPE=/sysa/steps/mpfr-4.2.0
DESTDIR=${DESTDIR:-/destdir/mpfr-4.2.0}
SOURCE=../mpfr-4.2.0

# unpack: by our own program, for busybox's tar does not know this format, which is older than ustar
xz -dc /distfiles/mpfr4_4.2.0.orig.tar.xz >mpfr.tar
untar mpfr.tar

# configure: config.h says what it would find out; mparam.h.in chooses the machine by itself
mkdir mpfr
cd mpfr
cp ${RECIPE}/files/config.h config.h
cp ${SOURCE}/src/mparam_h.in mparam.h
sh ${SOURCE}/tools/get_patches.sh ${SOURCE}/PATCHES >get_patches.c

# compile
make -f ${RECIPE}/files/Makefile -j$(nproc) SOURCE=${SOURCE}

# install
mkdir -p ${DESTDIR}/usr/include ${DESTDIR}/usr/lib
cp ${SOURCE}/src/mpfr.h ${SOURCE}/src/mpf2mpfr.h ${DESTDIR}/usr/include
cp libmpfr.a ${DESTDIR}/usr/lib
