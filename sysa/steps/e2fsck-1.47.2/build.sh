# SPDX-License-Identifier: GPL-3.0-or-later
# e2fsck, mke2fs and resize2fs by GCC 10.
set -e -o pipefail
RECIPE=/sysa/steps/e2fsck-1.47.2
DESTDIR=/destdir/e2fsck-1.47.2
SOURCE=../e2fsprogs-1.47.2

# unpack: what is needed of it
tar -xzf /distfiles/e2fsprogs_1.47.2.orig.tar.gz --exclude '*/tests' e2fsprogs-1.47.2/lib e2fsprogs-1.47.2/e2fsck \
    e2fsprogs-1.47.2/misc e2fsprogs-1.47.2/resize e2fsprogs-1.47.2/version.h
cd e2fsprogs-1.47.2
rm lib/ext2fs/utf8data.h # made from the Unicode database, which is not there; no_casefold.c does without
edit ${RECIPE}/edits/1-no-libarchive.edit
cd ..

# configure: config.h says what it would find out
mkdir -p o/generated
cd o
mkdir -p bin e2fsck misc resize lib/ext2fs lib/e2p lib/et lib/support lib/uuid lib/blkid
cd generated
mkdir ext2fs support uuid blkid
cp ${RECIPE}/files/config.h ${RECIPE}/files/no_casefold.c .
cd ..
fill() { # fill FILE.in TO
    sed -e 's/@E2FSPROGS_VERSION@/1.47.2/' -e 's/@SIZEOF_SHORT@/2/' -e 's/@SIZEOF_INT@/4/' -e 's/@SIZEOF_LONG@/8/' \
        -e 's/@SIZEOF_LONG_LONG@/8/' -e '/@.*_HEADER@/d' ${SOURCE}/lib/$1 >generated/$2
}
fill ext2fs/ext2_err.et.in ext2_err.et
for header in ext2fs/ext2_types.h uuid/uuid.h uuid/uuid_types.h blkid/blkid.h blkid/blkid_types.h; do
    fill ${header}.in ${header}
done

# compile
make -f ${RECIPE}/files/Makefile -j$(nproc) SOURCE=${SOURCE}

# install
mkdir -p ${DESTDIR}/usr/sbin
strip bin/*
cp bin/* ${DESTDIR}/usr/sbin
