# SPDX-License-Identifier: GPL-3.0-or-later
# xz and liblzma.
set -e -o pipefail
DESTDIR=/destdir/xz-5.8.1
. /sysc/autotools.sh

unpack xz-utils_5.8.1.orig.tar.xz

# tables of numbers, by the programs that lie beside them
cd src/liblzma
rm check/crc*_table_[bl]e.h lz/lz_encoder_hash_table.h lzma/fastpos_table.c rangecoder/price_table.c
table() { # table PROGRAM.c TABLE [OPTION]
    gcc $3 -o tablegen $1
    ./tablegen >$2
}
table check/crc32_tablegen.c check/crc32_table_le.h
table check/crc64_tablegen.c check/crc64_table_le.h
table check/crc32_tablegen.c lz/lz_encoder_hash_table.h -DLZ_HASH_TABLE
table lzma/fastpos_tablegen.c lzma/fastpos_table.c
table rangecoder/price_tablegen.c rangecoder/price_table.c
cd ../..

# macros of gettext and libtool; ours take their place
rm m4/build-to-host.m4 m4/gettext.m4 m4/host-cpu-c-abi.m4 m4/iconv.m4 m4/intlmacosx.m4 m4/lib-*.m4 m4/libtool.m4 m4/lt*.m4 \
    m4/nls.m4 m4/po.m4 m4/progtest.m4
regenerate
configure --disable-doc --disable-scripts --disable-xzdec --disable-lzmadec --disable-lzmainfo --disable-lzma-links \
    --disable-sandbox

make -j$(nproc) -C src

# does it work?
seq 99999 >numbers
./src/xz/xz -9e <numbers | ./src/xz/xz -dc | cmp - numbers

cd src
make_install
