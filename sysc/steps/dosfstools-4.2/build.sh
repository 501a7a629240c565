# SPDX-License-Identifier: GPL-3.0-or-later
# dosfstools, without its configure: three programs, in one command each.
set -e -o pipefail
DESTDIR=/destdir/dosfstools-4.2
. /sysc/autotools.sh

unpack dosfstools_4.2.orig.tar.gz
cd src

# configure: these few facts about musl and Linux are all that it would find out
sed -e 's/@PACKAGE_VERSION@/4.2/' -e 's/@RELEASE_DATE@/2021-01-31/' version.h.in >version.h
compile() { # compile PROGRAM FILES
    gcc ${CFLAGS} -D_GNU_SOURCE -DHAVE_ENDIAN_H -DHAVE_LINUX_FD_H -DHAVE_LINUX_HDREG_H -DHAVE_LINUX_LOOP_H \
        -DHAVE_LINUX_VERSION_H -DHAVE_VASPRINTF -DHAVE_DECL_GETMNTENT=1 -I. -Iblkdev -static -s -o "$@"
}

# compile
compile fsck.fat fsck.fat.c check.c file.c lfn.c boot.c common.c fat.c io.c charconv.c
compile fatlabel fatlabel.c boot.c common.c fat.c io.c charconv.c
compile mkfs.fat mkfs.fat.c common.c charconv.c device_info.c blkdev/blkdev.c blkdev/linux_version.c

# does it work?
./mkfs.fat -C -F 32 -n SEEDROOT image 40000
./fsck.fat -n image
test "$(./fatlabel image)" = SEEDROOT

# install
mkdir -p ${DESTDIR}/usr/sbin
cp fsck.fat fatlabel mkfs.fat ${DESTDIR}/usr/sbin
ln -s fsck.fat ${DESTDIR}/usr/sbin/fsck.vfat
ln -s mkfs.fat ${DESTDIR}/usr/sbin/mkfs.vfat
