# SPDX-License-Identifier: GPL-3.0-or-later
# Linux with a small system in it, as an EFI program; and an archive of what belongs on an EFI system partition.
set -e -o pipefail
RECIPE=/sysc/steps/gen-kexec
DESTDIR=/destdir/gen-kexec/usr/share/gen-kexec
. /sysc/kernel.sh

# unpack
kernel_source

# the small system: the kernel makes an archive of it, with the files' times
cp ${RECIPE}/files/init ${RECIPE}/files/shell /bin/busybox /usr/sbin/kexec /usr/sbin/losetup .
touch -d @0 init shell busybox kexec losetup
{
    cat ${RECIPE}/files/initramfs
    for name in $(./busybox --list | grep -v -x -e busybox -e losetup); do # our busybox's losetup cannot set any up
        echo "slink /bin/${name} busybox 777 0 0"
    done
} >initramfs

# configure
cd linux-6.1.8
edit /sysc/steps/linux-6.1-sysc/edits/1-c11.edit
kernel_config ${RECIPE}/files/config

# compile; objtool, a program of the build, is why libelf is needed
make -j$(nproc) bzImage
cd ..

# The archive: always in the same order and with the same owners and times; as small as xz can make it.
mkdir -p efi/EFI/Boot ${DESTDIR}
cp linux-6.1.8/arch/x86/boot/bzImage efi/EFI/Boot/bootx64.efi
cp ${RECIPE}/files/kexec.sourceme efi
tar -C efi --sort=name --format=ustar --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --mtime=@0 -cf efi.tar .
xz -9e -T1 <efi.tar >${DESTDIR}/efi.tar.xz
cp linux-6.1.8/.config ${DESTDIR}/config
