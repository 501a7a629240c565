# SPDX-License-Identifier: GPL-3.0-or-later
# Linux by the last compiler, with objtool.
set -e -o pipefail
RECIPE=/sysc/steps/linux-6.1-sysc
DESTDIR=/destdir/linux-6.1-sysc

# unpack: of other processors only where Kconfig looks (crypto); without documentation and what only developers use
tar --no-same-owner -xJf /distfiles/linux_6.1.8.orig.tar.xz --exclude 'linux-6.1.8/Documentation/*/*' \
    --exclude linux-6.1.8/tools/testing --exclude linux-6.1.8/tools/perf $(for arch in alpha arc arm arm64 csky hexagon ia64 \
        loongarch m68k microblaze mips nios2 openrisc parisc powerpc riscv s390 sh sparc um xtensa; do
            echo --exclude "linux-6.1.8/arch/${arch}/[!c]*"
        done)
cd linux-6.1.8
edit ${RECIPE}/edits/1-c11.edit

# Nothing in the kernel says when, where, by whom or for the how manyth time it was built.
export ARCH=x86 KBUILD_BUILD_TIMESTAMP='2000-01-01 00:00:00' KBUILD_BUILD_USER=seedroot KBUILD_BUILD_HOST=seedroot
export KBUILD_BUILD_VERSION=1

# configure: tinyconfig, and then what config and beyond say, where the reasons are
sed -n -e 's/ *#.*//' -e '/^CONFIG_/p' ${RECIPE}/files/config ${RECIPE}/files/beyond >../wanted
cat kernel/configs/tiny-base.config kernel/configs/tiny.config arch/x86/configs/tiny.config ../wanted >../all
make KCONFIG_ALLCONFIG=../all allnoconfig
dropped=
while read option; do
    case ${option} in
        *=n) ! grep -q "^${option%n}" .config ;;
        *) grep -q -x -F "${option}" .config ;;
    esac || dropped="${dropped} ${option}"
done <../wanted
if [ "${dropped}" ]; then
    echo "files: not what the kernel's own rules made of them:${dropped}"
    exit 1
fi

# compile
make -j$(nproc) bzImage

# install
mkdir -p ${DESTDIR}/boot
cp arch/x86/boot/bzImage ${DESTDIR}/boot/vmlinuz
cp .config ${DESTDIR}/boot/config
