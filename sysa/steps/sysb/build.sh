# SPDX-License-Identifier: GPL-3.0-or-later
# sysb: an archive of busybox, e2fsck and /init. Not compressed: more archives may follow it.
set -e -o pipefail
RECIPE=/sysa/steps/sysb
DESTDIR=/destdir/sysb
cp ${RECIPE}/files/init /bin/busybox /usr/sbin/e2fsck .
touch -d @0 init busybox e2fsck # the archive has the files' times
{
    for folder in bin dev disk packages proc sys tmp usr usr/sbin; do
        echo "dir /${folder} 755 0 0"
    done
    echo "nod /dev/console 600 0 0 c 5 1"
    echo "file /init init 755 0 0"
    echo "file /bin/busybox busybox 755 0 0"
    echo "file /usr/sbin/e2fsck e2fsck 755 0 0"
    for name in $(busybox --list | grep -v '^busybox$'); do
        echo "slink /bin/${name} busybox 777 0 0"
    done
} >list
mkdir -p ${DESTDIR}/boot
gen_init_cpio -t 0 list >${DESTDIR}/boot/sysb.cpio
