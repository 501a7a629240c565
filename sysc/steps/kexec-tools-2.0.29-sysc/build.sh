# SPDX-License-Identifier: GPL-3.0-or-later
# kexec-tools, with kernels and archives that are packed by gzip or xz.
set -e -o pipefail
DESTDIR=/destdir/kexec-tools-2.0.29-sysc
. /sysc/autotools.sh

unpack kexec-tools_2.0.29.orig.tar.xz
rm include/config.h # somebody's configure ran before this was packed
regenerate
configure --sbindir=/usr/sbin --without-xen

make -j$(nproc)

# does it work?
./build/sbin/kexec --version | grep 2.0.29

make_install
rm -r ${DESTDIR}/usr/lib ${DESTDIR}/usr/share # usr/lib: a kernel that only says how it was started
