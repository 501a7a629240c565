# SPDX-License-Identifier: GPL-3.0-or-later
# For recipes of kernels. Nothing in a kernel says when, where, by whom or for the how manyth time it was built.
export ARCH=x86 KBUILD_BUILD_TIMESTAMP='2000-01-01 00:00:00' KBUILD_BUILD_USER=seedroot KBUILD_BUILD_HOST=seedroot
export KBUILD_BUILD_VERSION=1

kernel_source() { # unpack: of other processors only where Kconfig looks (crypto); without documentation and what only developers use
    tar --no-same-owner -xJf /distfiles/linux_6.1.8.orig.tar.xz --exclude 'linux-6.1.8/Documentation/*/*' \
        --exclude linux-6.1.8/tools/testing --exclude linux-6.1.8/tools/perf $(for arch in alpha arc arm arm64 csky hexagon ia64 \
            loongarch m68k microblaze mips nios2 openrisc parisc powerpc riscv s390 sh sparc um xtensa; do
                echo --exclude "linux-6.1.8/arch/${arch}/[!c]*"
            done)
}

kernel_config() { # kernel_config FILE...: tinyconfig, and then what the files say, where the reasons are
    local option dropped=
    sed -n -e 's/ *#.*//' -e '/^CONFIG_/p' "$@" >../wanted
    cat kernel/configs/tiny-base.config kernel/configs/tiny.config arch/x86/configs/tiny.config ../wanted >../all
    make KCONFIG_ALLCONFIG=../all allnoconfig
    while read -r option; do
        case ${option} in
            *=n) ! grep -q "^${option%n}" .config ;;
            *) grep -q -x -F "${option}" .config ;;
        esac || dropped="${dropped} ${option}"
    done <../wanted
    if [ "${dropped}" ]; then
        echo "$*: not what the kernel's own rules made of it:${dropped}"
        return 1
    fi
}
