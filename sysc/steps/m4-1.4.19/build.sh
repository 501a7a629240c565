# SPDX-License-Identifier: GPL-3.0-or-later
# GNU m4, with a makefile of ours.
set -e -o pipefail
RECIPE=/sysc/steps/m4-1.4.19
DESTDIR=/destdir/m4-1.4.19
. /sysc/autotools.sh
SOURCE=../m4-1.4.19

unpack m4_1.4.19.orig.tar.xz

# configure: config.h says what it would find out. What gnulib's macros put into every config.h, attributes of functions and
# the meaning of `inline`, is in the macros as C, and taken from there.
mkdir -p ../o
cd ../o
mkdir -p include src lib/glthread lib/malloc
cp ${RECIPE}/files/config.h include
sed -n -e '/^ *AH_VERBATIM(\[/,/\])$/{/AH_VERBATIM/d;/^]dnl/d;/undef restrict/d;s/^\[//;s/\])$//;p}' \
    ${SOURCE}/m4/gnulib-common.m4 ${SOURCE}/m4/extern-inline.m4 >include/gnulib.h
: >include/configmake.h # folders that m4 does not look into

# compile
make -f ${RECIPE}/files/Makefile -j$(nproc) RECIPE=${RECIPE} SOURCE=${SOURCE}

# does it work?
cat >try.m4 <<'END'
changequote([,])define([twice], [$1$1])twice([ab]) eval(6 * 7) regexp([GNUs not Unix], [\<[a-z]\w+]) esyscmd([echo x])
END
test "$(./m4 try.m4)" = 'abab 42 5 x'

# install
mkdir -p ${DESTDIR}/usr/bin
cp m4 ${DESTDIR}/usr/bin
strip ${DESTDIR}/usr/bin/m4
