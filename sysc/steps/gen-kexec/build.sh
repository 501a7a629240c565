# SPDX-License-Identifier: GPL-3.0-or-later
# Linux with a small system in it, as an EFI program; and an archive of what belongs on an EFI system partition.
set -e -o pipefail
RECIPE=/sysc/steps/gen-kexec
DESTDIR=/destdir/gen-kexec/usr/share/gen-kexec

# unpack: of other processors only where Kconfig looks (crypto); without documentation and what only developers use
tar --no-same-owner -xf /distfiles/linux_6.1.8.orig.tar.xz --exclude 'linux-6.1.8/Documentation/*/*' \
    --exclude linux-6.1.8/tools/testing --exclude linux-6.1.8/tools/perf $(for arch in alpha arc arm arm64 csky hexagon ia64 \
        loongarch m68k microblaze mips nios2 openrisc parisc powerpc riscv s390 sh sparc um xtensa; do
            echo --exclude "linux-6.1.8/arch/${arch}/[!c]*"
        done)

# the small system: the kernel makes an archive of it, with the files' times
cp ${RECIPE}/files/init ${RECIPE}/files/shell /bin/busybox /usr/sbin/kexec /usr/sbin/losetup .
touch -d @0 init shell busybox kexec losetup
{
    cat ${RECIPE}/files/initramfs
    for name in $(./busybox --list | grep -v -x -e busybox -e losetup); do # our busybox's losetup cannot set any up
        echo "slink /bin/${name} busybox 777 0 0"
    done
} >initramfs

# Nothing in the kernel says when, where, by whom or for the how manyth time it was built.
export ARCH=x86 KBUILD_BUILD_TIMESTAMP='2000-01-01 00:00:00' KBUILD_BUILD_USER=seedroot KBUILD_BUILD_HOST=seedroot
export KBUILD_BUILD_VERSION=1

# configure: tinyconfig, and then what config says, where the reasons are
cd linux-6.1.8
edit /sysc/steps/linux-6.1-sysc/edits/1-c11.edit
sed -n -e 's/ *#.*//' -e '/^CONFIG_/p' ${RECIPE}/files/config >../wanted
cat kernel/configs/tiny-base.config kernel/configs/tiny.config arch/x86/configs/tiny.config ../wanted >../all
make KCONFIG_ALLCONFIG=../all allnoconfig
dropped=
while read -r option; do
    case ${option} in
        *=n) ! grep -q "^${option%n}" .config ;;
        *) grep -q -x -F "${option}" .config ;;
    esac || dropped="${dropped} ${option}"
done <../wanted
if [ "${dropped}" ]; then
    echo "files/config: not what the kernel's own rules made of it:${dropped}"
    exit 1
fi

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
