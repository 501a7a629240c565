# SPDX-License-Identifier: GPL-3.0-or-later
# GMP by whatever gcc is there. Another step can run this again, with its own DESTDIR in the environment.
set -e -o pipefail
RECIPE=/sysa/steps/gmp-6.2.1
DESTDIR=${DESTDIR:-/destdir/gmp-6.2.1}
SOURCE=../gmp-6.2.1

# unpack: without the tests and the programs around the library
tar -xJf /distfiles/gmp_6.2.1+dfsg1.orig.tar.xz --exclude '*/tests' --exclude '*/tune' --exclude '*/demos' --exclude '*/doc'

# configure: config.h says what it would find out
mkdir -p gmp/generated gmp/mpn/generic
cd gmp
mkdir mpz mpq mpf printf scanf rand
cp ${RECIPE}/files/config.h generated
sed -e 's/@HAVE_HOST_CPU_FAMILY_[a-z]*@/0/' -e 's/@GMP_LIMB_BITS@/64/' -e 's/@GMP_NAIL_BITS@/0/' -e 's/@LIBGMP_DLL@/0/' \
    -e '/@DEFN_LONG_LONG_LIMB@/d' -e 's/@CC@/gcc/' -e 's/@CFLAGS@/-O2/' ${SOURCE}/gmp-h.in >generated/gmp.h

# compile
make -f ${RECIPE}/files/Makefile -j$(nproc) SOURCE=${SOURCE}

# install
mkdir -p ${DESTDIR}/usr/include ${DESTDIR}/usr/lib
cp generated/gmp.h ${DESTDIR}/usr/include
cp libgmp.a ${DESTDIR}/usr/lib
