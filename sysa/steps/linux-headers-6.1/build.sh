# SPDX-License-Identifier: GPL-3.0-or-later
# The kernel's headers for programs.
set -e -o pipefail
DESTDIR=/destdir/linux-headers-6.1

# unpack: the headers, and what makes the rest of them
tar -xJf /distfiles/linux_6.1.8.orig.tar.xz linux-6.1.8/Makefile linux-6.1.8/Kbuild linux-6.1.8/Kconfig linux-6.1.8/include \
    linux-6.1.8/scripts linux-6.1.8/arch/x86 linux-6.1.8/tools/include linux-6.1.8/usr/include
cd linux-6.1.8

# compile: the tables of system calls, and each header without what is the kernel's own business
make ARCH=x86 HOSTCC=gcc headers

# install
mkdir -p ${DESTDIR}/usr
find usr/include ! -name '*.h' -type f -delete
cp -R usr/include ${DESTDIR}/usr
