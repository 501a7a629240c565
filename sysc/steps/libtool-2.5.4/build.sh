# SPDX-License-Identifier: GPL-3.0-or-later
# libtool: shell scripts and macros, in which a few names are filled in. Of its parts only those that packages get.
set -e -o pipefail
DESTDIR=/destdir/libtool-2.5.4
. /sysc/autotools.sh

unpack libtool_2.5.4.orig.tar.xz
rm build-aux/ltmain.sh m4/ltversion.m4

fill() { # what configure would fill in
    sed -e 's|@MACRO_VERSION@|2.5.4|g' -e 's|@MACRO_REVISION@|2.5.4|g' -e "s|@MACRO_SERIAL@|$(cat .serial)|" \
        -e 's|@PACKAGE@|libtool|g' -e 's|@PACKAGE_NAME@|GNU Libtool|g' -e 's|@PACKAGE_BUGREPORT@|bug-libtool@gnu.org|g' \
        -e 's|@PACKAGE_URL@|https://www.gnu.org/software/libtool/|g' -e 's|@VERSION@|2.5.4|g' \
        -e 's|@package_revision@|2.5.4|g' -e '/^\. /s|@auxscriptsdir@|build-aux|' -e 's|@aclocaldir@|/usr/share/aclocal|' \
        -e 's|@datadir@|/usr/share|' -e 's|@EGREP@|grep -E|' -e 's|@FGREP@|grep -F|' -e 's|@GREP@|grep|' -e 's|@LN_S@|ln -s|' \
        -e 's|@SED@|sed|' -e 's|@host_triplet@|x86_64-pc-linux-musl|' -e 's|@prefix@|/usr|' \
        -e 's|@ltdl_ac_aux_dir@|../build-aux|' -e 's|@pkgauxdir@|/usr/share/libtool/build-aux|' \
        -e 's|@pkgdatadir@|/usr/share/libtool|' \
        -e 's|@pkgaux_files@|config.guess config.sub install-sh ltmain.sh|' -e 's|@pkgltdl_files@||' \
        -e 's|@pkgmacro_files@|libtool.m4 ltargz.m4 ltdl.m4 ltoptions.m4 ltsugar.m4 ltversion.m4 lt~obsolete.m4|'
}

# the scripts include others when they are made
chmod 755 build-aux/inline-source
build-aux/inline-source ./build-aux/ltmain.in | fill >build-aux/ltmain.sh
fill <m4/ltversion.in >m4/ltversion.m4
fill <libtoolize.in >libtoolize.inc
build-aux/inline-source libtoolize.inc | sed '1s|/usr/bin/env sh|/bin/sh|' >libtoolize # there is no /usr/bin/env

# install
mkdir -p ${DESTDIR}/usr/bin ${DESTDIR}/usr/share/aclocal ${DESTDIR}/usr/share/libtool/build-aux
cp libtoolize ${DESTDIR}/usr/bin
chmod 755 ${DESTDIR}/usr/bin/libtoolize
for macro in libtool ltargz ltdl ltoptions ltsugar ltversion lt~obsolete; do
    cp m4/${macro}.m4 ${DESTDIR}/usr/share/aclocal
done
for script in config.guess config.sub install-sh ltmain.sh; do
    cp build-aux/${script} ${DESTDIR}/usr/share/libtool/build-aux
    chmod 755 ${DESTDIR}/usr/share/libtool/build-aux/${script}
done
