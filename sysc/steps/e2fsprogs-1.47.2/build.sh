# SPDX-License-Identifier: GPL-3.0-or-later
# e2fsprogs, whole but for names that are the same in capitals.
set -e -o pipefail
RECIPE=/sysc/steps/e2fsprogs-1.47.2
DESTDIR=/destdir/e2fsprogs-1.47.2
. /sysc/autotools.sh

unpack e2fsprogs_1.47.2.orig.tar.gz
: >lib/ext2fs/utf8data.h # made from the Unicode database, which is not there; nls_utf8.c does without
cp ${RECIPE}/files/nls_utf8.c lib/ext2fs

# in the place of a macro of the autoconf archive, which is not there: musl's threads need no options
cat >>acinclude.m4 <<'END'
AC_DEFUN([AX_PTHREAD], [AC_SUBST([PTHREAD_CC], ["$CC"]) AC_SUBST([PTHREAD_CFLAGS]) AC_SUBST([PTHREAD_LIBS])
    AC_DEFINE([HAVE_PTHREAD], [1], [Threads.])])
END

rm config/config.guess config/config.sub config/ltmain.sh # put there anew, or not needed
regenerate
configure --enable-libuuid --enable-libblkid --disable-uuidd --with-udev-rules-dir=no --with-crond-dir=no \
    --with-systemd-unit-dir=no

make -j$(nproc) libs
for folder in e2fsck debugfs misc resize; do
    make -j$(nproc) -C ${folder}
done

# does it work?
truncate -s 8M disk
MKE2FS_CONFIG=misc/mke2fs.conf ./misc/mke2fs -q -t ext4 -L label -d lib/uuid disk
./e2fsck/e2fsck -f -n disk
./debugfs/debugfs -R 'cat uuid.h' disk | cmp - lib/uuid/uuid.h
./misc/tune2fs -l disk | grep -x "Filesystem volume name: *label"

# install: what util-linux has as well (blkid, uuidgen) is left to it, and nobody needs the libraries
mkdir -p ${DESTDIR}/usr/bin ${DESTDIR}/usr/sbin ${DESTDIR}/etc
cp misc/chattr misc/lsattr ${DESTDIR}/usr/bin
cp e2fsck/e2fsck debugfs/debugfs resize/resize2fs ${DESTDIR}/usr/sbin
cd misc
cp badblocks dumpe2fs e2freefrag e2image e2undo e4defrag filefrag mke2fs tune2fs ${DESTDIR}/usr/sbin
cp mke2fs.conf ${DESTDIR}/etc
strip ${DESTDIR}/usr/bin/* ${DESTDIR}/usr/sbin/*
cd ${DESTDIR}/usr/sbin
ln -s tune2fs e2label
for version in 2 3 4; do
    ln -s e2fsck fsck.ext${version}
    ln -s mke2fs mkfs.ext${version}
done
