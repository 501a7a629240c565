# SPDX-License-Identifier: GPL-3.0-or-later
# bzip2, without its makefile.
set -e -o pipefail
DESTDIR=/destdir/bzip2-1.0.8

tar -xzf /distfiles/bzip2_1.0.8.orig.tar.gz
cd bzip2-1.0.8

# the table of the checksum, from its polynomial
rm crctable.c
{
    echo '#include "bzlib_private.h"'
    echo 'UInt32 BZ2_crc32Table[256] = {'
    i=0
    while [ ${i} -lt 256 ]; do
        crc=$((i << 24))
        for bit in 1 2 3 4 5 6 7 8; do
            crc=$(((crc << 1 & 0xffffffff) ^ (crc >> 31) * 0x04c11db7))
        done
        printf '0x%08x,\n' ${crc}
        i=$((i + 1))
    done
    echo '};'
} >crctable.c

# compile
gcc -O2 -D_FILE_OFFSET_BITS=64 -c blocksort.c huffman.c crctable.c randtable.c compress.c decompress.c bzlib.c
ar cr libbz2.a blocksort.o huffman.o crctable.o randtable.o compress.o decompress.o bzlib.o
gcc -O2 -D_FILE_OFFSET_BITS=64 -s -o bzip2 bzip2.c libbz2.a
gcc -O2 -D_FILE_OFFSET_BITS=64 -s -o bzip2recover bzip2recover.c

# the table is right: a sample becomes what its authors' bzip2 made of it, and the other way round
./bzip2 -1 <sample1.ref | cmp - sample1.bz2
./bzip2 -d <sample2.bz2 | cmp - sample2.ref

# install
mkdir -p ${DESTDIR}/usr/bin ${DESTDIR}/usr/include ${DESTDIR}/usr/lib
cp bzip2 bzip2recover bzdiff bzgrep bzmore ${DESTDIR}/usr/bin
chmod 755 ${DESTDIR}/usr/bin/*
ln -s bzip2 ${DESTDIR}/usr/bin/bunzip2
ln -s bzip2 ${DESTDIR}/usr/bin/bzcat
ln -s bzdiff ${DESTDIR}/usr/bin/bzcmp
cp bzlib.h ${DESTDIR}/usr/include
cp libbz2.a ${DESTDIR}/usr/lib
