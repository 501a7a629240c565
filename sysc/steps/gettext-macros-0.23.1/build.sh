# SPDX-License-Identifier: GPL-3.0-or-later
# gettext's macros, which gettext itself would install, and the two files that packages get from it and need for configure.
set -e -o pipefail
DESTDIR=/destdir/gettext-macros-0.23.1

tar -xJf /distfiles/gettext_0.23.1.orig.tar.xz gettext-0.23.1/gettext-runtime gettext-0.23.1/build-aux
cd gettext-0.23.1

mkdir -p ${DESTDIR}/usr/share/aclocal ${DESTDIR}/usr/share/gettext/po
for macro in m4/build-to-host m4/gettext m4/nls m4/po m4/progtest gnulib-m4/host-cpu-c-abi gnulib-m4/iconv gnulib-m4/intlmacosx \
    gnulib-m4/lib-ld gnulib-m4/lib-link gnulib-m4/lib-prefix; do
    cp gettext-runtime/${macro}.m4 ${DESTDIR}/usr/share/aclocal
done
cp build-aux/config.rpath ${DESTDIR}/usr/share/gettext
chmod 755 ${DESTDIR}/usr/share/gettext/config.rpath
cp gettext-runtime/po/Makefile.in.in ${DESTDIR}/usr/share/gettext/po
