# SPDX-License-Identifier: GPL-3.0-or-later
# util-linux: of its programs those that a small system needs.
set -e -o pipefail
DESTDIR=/destdir/util-linux-2.41.5
. /sysc/autotools.sh

# This tar is in a format that untar does not know.
tar --no-same-owner -xf /distfiles/util-linux_2.41.5.orig.tar.xz
cd *
find . -type f -exec touch -t 200001010000 {} + # as unpack does

# the parser and the scanner of lsblk --filter; make looks at the stamps
cd libsmartcols/src
rm filter-parser.[ch] filter-scanner.[ch] ../../sys-utils/hwclock-parse-date.c
touch filter-parser.stamp filter-scanner.stamp
bison --output=filter-parser.c --defines=filter-parser.h filter-parser.y
flex --header-file=filter-scanner.h --outfile=filter-scanner.c filter-scanner.l
cd ../..

regenerate
configure --disable-asciidoc --disable-poman --disable-gtk-doc --disable-bash-completion --without-python --without-systemd \
    --without-udev --without-tinfo --without-ncurses --without-ncursesw --without-readline --without-cap-ng --without-econf \
    --without-libmagic --without-cryptsetup --without-libz --disable-liblastlog2 --disable-pam_lastlog2

# Only these: the switches of configure are not as fine.
bin='mount umount findmnt lsblk unshare nsenter uuidgen'
sbin='losetup swapon swapoff mkswap fsck blkid findfs wipefs fdisk sfdisk partx fstrim'
make -j$(nproc) ${bin} ${sbin}

# does it work?
truncate -s 8M disk
printf 'label: gpt\nlabel-id: 6D4D4D00-0000-4000-8000-000000000001\nsize=2M, name=first\n' | ./sfdisk --quiet disk
./sfdisk --dump disk | grep 'start= *2048, size= *4096.*name="first"'
./blkid -p -o value -s PTTYPE disk | grep gpt
./findmnt --help | grep findmnt

# install
mkdir -p ${DESTDIR}/usr/bin ${DESTDIR}/usr/sbin
cp ${bin} ${DESTDIR}/usr/bin
cp ${sbin} ${DESTDIR}/usr/sbin
strip ${DESTDIR}/usr/bin/* ${DESTDIR}/usr/sbin/*
