# SPDX-License-Identifier: GPL-3.0-or-later
# Linux, for the machine that it will take over.
set -e -o pipefail
RECIPE=/sysa/steps/linux-6.1
DESTDIR=/destdir/linux-6.1

# unpack: of other processors only where Kconfig looks (crypto); without documentation and what only developers use
tar -xJf /distfiles/linux_6.1.8.orig.tar.xz --exclude 'linux-6.1.8/Documentation/*/*' --exclude linux-6.1.8/tools/testing \
    --exclude linux-6.1.8/tools/perf $(for arch in alpha arc arm arm64 csky hexagon ia64 loongarch \
        m68k microblaze mips nios2 openrisc parisc powerpc riscv s390 sh sparc um xtensa; do
            echo --exclude "linux-6.1.8/arch/${arch}/[!c]*"
        done)
cd linux-6.1.8
for edit in ${RECIPE}/edits/*.edit; do
    edit ${edit}
done

# Nothing in the kernel says when, where, by whom or for the how manyth time it was built.
export ARCH=x86 KBUILD_BUILD_TIMESTAMP='2000-01-01 00:00:00' KBUILD_BUILD_USER=seedroot KBUILD_BUILD_HOST=seedroot
export KBUILD_BUILD_VERSION=1
build() { # build ARGUMENTS: make, with the chain's programs under the names that the kernel's makefiles expect otherwise
    make -j$(nproc) HOSTCC=gcc LEX=lex YACC=yacc "$@"
}

# configure: tinyconfig, and then what config says, where the reasons are
sed -n -e 's/ *#.*//' -e '/^CONFIG_/p' ${RECIPE}/files/config >../wanted
cat kernel/configs/tiny-base.config kernel/configs/tiny.config arch/x86/configs/tiny.config ../wanted >../all
build KCONFIG_ALLCONFIG=../all allnoconfig
dropped=
while read option; do
    case ${option} in
        *=n) ! grep -q "^${option%n}" .config ;;
        *) grep -q -x -F "${option}" .config ;;
    esac || dropped="${dropped} ${option}"
done <../wanted
if [ "${dropped}" ]; then
    echo "files/config: not what the kernel's own rules made of it:${dropped}"
    exit 1
fi

# compile
build bzImage

# install; with it the small program that makes archives for a kernel to start with
mkdir -p ${DESTDIR}/boot ${DESTDIR}/usr/bin
cp arch/x86/boot/bzImage ${DESTDIR}/boot/vmlinuz
cp .config ${DESTDIR}/boot/config
strip -o ${DESTDIR}/usr/bin/gen_init_cpio usr/gen_init_cpio
