# SPDX-License-Identifier: GPL-3.0-or-later
# kexec by GCC 10.
set -e -o pipefail
RECIPE=/sysa/steps/kexec-tools-2.0.29
DESTDIR=/destdir/kexec-tools-2.0.29
SOURCE=../kexec-tools-2.0.29

tar -xJf /distfiles/kexec-tools_2.0.29.orig.tar.xz

# somebody's configure ran before this was packed: without its result the build would notice if ours were not found
rm kexec-tools-2.0.29/include/config.h

# configure: config.h says what it would find out
mkdir -p o/bin o/generated o/util_lib o/kexec/arch/i386 o/kexec/arch/x86_64 o/purgatory/arch/i386 o/purgatory/arch/x86_64
cd o
cp ${RECIPE}/files/config.h generated

# compile
make -f ${RECIPE}/files/Makefile -j$(nproc) SOURCE=${SOURCE} GENERATED=generated

# install
mkdir -p ${DESTDIR}/usr/sbin
strip bin/kexec
cp bin/kexec ${DESTDIR}/usr/sbin
