# SPDX-License-Identifier: GPL-3.0-or-later
# Linux by the last compiler, with objtool.
set -e -o pipefail
RECIPE=/sysc/steps/linux-6.1-sysc
DESTDIR=/destdir/linux-6.1-sysc
. /sysc/kernel.sh

# unpack
kernel_source
cd linux-6.1.8
edit ${RECIPE}/edits/1-c11.edit

# configure
kernel_config ${RECIPE}/files/config ${RECIPE}/files/beyond

# compile
make -j$(nproc) bzImage

# install
mkdir -p ${DESTDIR}/boot
cp arch/x86/boot/bzImage ${DESTDIR}/boot/vmlinuz
cp .config ${DESTDIR}/boot/config
