# SPDX-License-Identifier: GPL-3.0-or-later
# Zstandard, by a makefile of ours: upstream's looks around for other libraries.
set -e -o pipefail
RECIPE=/sysc/steps/zstd-1.5.7
DESTDIR=/destdir/zstd-1.5.7

tar -xJf /distfiles/libzstd_1.5.7+dfsg.orig.tar.xz zstd-1.5.7/lib zstd-1.5.7/programs
cd zstd-1.5.7
make -f ${RECIPE}/files/Makefile -j$(nproc)

# install
mkdir -p ${DESTDIR}/usr/bin ${DESTDIR}/usr/include ${DESTDIR}/usr/lib/pkgconfig
cp zstd ${DESTDIR}/usr/bin
for name in unzstd zstdcat zstdmt; do
    ln -s zstd ${DESTDIR}/usr/bin/${name}
done
cp lib/zstd.h lib/zstd_errors.h lib/zdict.h ${DESTDIR}/usr/include
cp libzstd.a ${DESTDIR}/usr/lib
sed -e 's|@PREFIX@|/usr|' -e 's|@EXEC_PREFIX@|/usr|' -e 's|@INCLUDEDIR@|/usr/include|' -e 's|@LIBDIR@|/usr/lib|' \
    -e 's|@VERSION@|1.5.7|' -e 's| @LIBS_MT@||' -e '/@LIBS_PRIVATE@/d' lib/libzstd.pc.in >${DESTDIR}/usr/lib/pkgconfig/libzstd.pc
