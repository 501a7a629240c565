# SPDX-License-Identifier: GPL-3.0-or-later
# Settings: files/ is /etc, but for two links. pack gives each file 0755 or 0644: /etc/rc makes shadow private at the first start.
set -e -o pipefail
DESTDIR=/destdir/etc
mkdir -p ${DESTDIR}/etc ${DESTDIR}/sbin ${DESTDIR}/root ${DESTDIR}/home
cp /sysc/steps/etc/files/* ${DESTDIR}/etc
chmod 755 ${DESTDIR}/etc/rc ${DESTDIR}/etc/udhcpc
ln -s ../bin/busybox ${DESTDIR}/sbin/init
ln -s /proc/mounts ${DESTDIR}/etc/mtab
