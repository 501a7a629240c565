# SPDX-License-Identifier: GPL-3.0-or-later
# curl with OpenSSL and zlib, without its configure.
set -e -o pipefail
RECIPE=/sysc/steps/curl-8.14.1
DESTDIR=/destdir/curl-8.14.1

tar -xzf /distfiles/curl_8.14.1.orig.tar.gz --exclude '*/tests' curl-8.14.1
cd curl-8.14.1

# what is generated: the table of the library's options from its header, that of the program's from their descriptions
rm lib/easyoptions.c src/tool_listhelp.c src/tool_hugehelp.c
perl lib/optiontable.pl <include/curl/curl.h >lib/easyoptions.c
cd docs/cmdline-opts
perl ../../scripts/managen -d . listhelp [!_]*.md >../../src/tool_listhelp.c
cd ../..

# no manual and no certificates in the program
echo '#include "tool_hugehelp.h"' >src/tool_hugehelp.c
echo 'extern const void *curl_ca_embed; const void *curl_ca_embed;' >src/tool_ca_embed.c

# compile
make -f ${RECIPE}/files/Makefile -j$(nproc) CONFIG=${RECIPE}/files

# install
mkdir -p ${DESTDIR}/usr/bin ${DESTDIR}/usr/include/curl ${DESTDIR}/usr/lib/pkgconfig
cp curl ${DESTDIR}/usr/bin
cp include/curl/*.h ${DESTDIR}/usr/include/curl
cp libcurl.a ${DESTDIR}/usr/lib
sed -e 's|@prefix@|/usr|' -e 's|@exec_prefix@|/usr|' -e 's|@libdir@|/usr/lib|' -e 's|@includedir@|/usr/include|' \
    -e 's|@CURLVERSION@|8.14.1|' -e 's|@LIBCURL_PC_REQUIRES@|openssl zlib|' -e 's|@LIBCURL_PC_CFLAGS@|-DCURL_STATICLIB|' \
    -e 's|@SUPPORT_PROTOCOLS@|FILE FTP FTPS HTTP HTTPS WS WSS|' -e 's|@SUPPORT_FEATURES@|IPv6 SSL libz|' \
    -e 's|@LIBCURL_PC_[A-Z_]*@||g' \
    libcurl.pc.in >${DESTDIR}/usr/lib/pkgconfig/libcurl.pc
