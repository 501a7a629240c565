#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# boot.sh KERNEL: from now on this disk starts KERNEL by itself, which has its command line built in.
#
# On UEFI the firmware starts it as /EFI/BOOT/BOOTX64.EFI; the one before stays beside it as BEFORE.EFI, which the firmware's menu or
# its shell can start. For BIOS it lies in the partition seedroot-bios, where the list in the partition's first sector leads the
# loader to it (boot/README.md): in one of two places, so that the kernel before it is what starts until the new one is there,
# whole, and the list is written anew.
KERNEL=$1
PLACES="2048 32768" # sectors of seedroot-bios, with 15 MiB for a kernel behind each
ROOM=$((15 << 20))

fail() {
    echo "boot: $*"
    exit 1
}

partition() { # partition NAME: print the device that has this name in a partition table
    for event in /sys/class/block/*/uevent; do
        if grep -q -x "PARTNAME=$1" "${event}"; then
            sed -n 's:^DEVNAME=:/dev/:p' "${event}"
            break
        fi
    done
}

number() { # number BYTES OFFSET FILE: print so many bytes of a file as a number
    od -A n -t "u$1" -j "$2" -N "$1" "$3" | tr -d ' '
}

escaped() { # escaped NUMBER: its four bytes, as printf wants them
    printf '\\%03o\\%03o\\%03o\\%03o' $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24 & 255))
}

patch_at() { # patch_at OFFSET TEXT: write a few bytes to the device of the loader
    printf "$2" | dd of="${bios}" bs=1 seek="$1" conv=notrunc 2>/dev/null
}

esp=$(partition seedroot-esp)
if [ "${esp}" ]; then
    mkdir -p /tmp/esp
    mount -t vfat "${esp}" /tmp/esp || fail "${esp} cannot be mounted"
    program=/tmp/esp/EFI/BOOT/BOOTX64
    if ! cmp -s "${KERNEL}" ${program}.EFI; then
        mkdir -p /tmp/esp/EFI/BOOT &&
            { [ ! -f ${program}.EFI ] || cp ${program}.EFI /tmp/esp/EFI/BOOT/BEFORE.EFI; } &&
            cp "${KERNEL}" ${program}.NEW && sync && mv ${program}.NEW ${program}.EFI && sync ||
            { rm -f ${program}.NEW; umount /tmp/esp; fail "${KERNEL} cannot be copied to ${esp}: is it full?"; }
        echo "boot: UEFI starts ${KERNEL} from ${esp}"
    fi
    umount /tmp/esp
fi

bios=$(partition seedroot-bios)
if [ "${bios}" ]; then
    first=$(cat "/sys/class/block/${bios##*/}/start")
    size=$(wc -c <"${KERNEL}")
    [ "${size}" -le ${ROOM} ] || fail "${KERNEL} is too large for ${bios}"
    sectors=$(((size + 511) / 512))
    head=$(($(number 1 497 "${KERNEL}") + 1)) # sectors of real-mode code (the kernel's Documentation/x86/boot.rst: setup_sects)
    set -- ${PLACES}
    place=$1
    now=$(number 4 4 "${bios}") # where the first row leads
    [ "${now}" != $((first + $1)) ] || place=$2
    dd if="${KERNEL}" of="${bios}" bs=512 seek="${place}" conv=notrunc 2>/dev/null || fail "${bios} cannot be written"
    at=$((place * 512))
    flags=$(($(number 1 $((0x211)) "${KERNEL}") | 128))
    patch_at $((at + 0x210)) "\\377$(printf '\\%03o' ${flags})" # type_of_loader: none that has a number; loadflags: there is a heap
    patch_at $((at + 0x224)) '\000\336'                          # heap_end_ptr: below the stack
    sync
    list="SEED$(escaped $((first + place)))$(escaped ${head})$(escaped $((0x10000)))"
    list="${list}$(escaped $((first + place + head)))$(escaped $((sectors - head)))$(escaped $((0x100000)))"
    printf "${list}" | dd of="${bios}" bs=512 count=1 conv=sync,notrunc 2>/dev/null || fail "${bios} cannot be written"
    sync
    echo "boot: BIOS starts ${KERNEL} from ${bios}"
fi
[ "${esp}${bios}" ] || echo "boot: no partition is called seedroot-esp or seedroot-bios: the disk does not start by itself"
