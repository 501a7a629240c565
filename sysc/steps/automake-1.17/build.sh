# SPDX-License-Identifier: GPL-3.0-or-later
# automake: Perl scripts, macros and templates, in which a few names are filled in. Its own configure, which it would make, is
# not needed.
set -e -o pipefail
DESTDIR=/destdir/automake-1.17
. /sysc/autotools.sh
DATA=${DESTDIR}/usr/share/automake-1.17
MACROS=${DESTDIR}/usr/share/aclocal-1.17

unpack automake-1.17_1.17.orig.tar.xz

fill() { # fill FILE: what configure would fill in
    sed -e 's|@SHELL@|/bin/sh|' -e 's|@PERL@|/usr/bin/perl|' -e 's|@datadir@|/usr/share|' -e 's|@APIVERSION@|1.17|' \
        -e 's|@PACKAGE@|automake|' -e 's|@PACKAGE_BUGREPORT@|bug-automake@gnu.org|' -e 's|@VERSION@|1.17|' \
        -e 's|@PACKAGE_URL@|https://www.gnu.org/software/automake/|' -e 's|@RELEASE_YEAR@|2024|' \
        -e 's|@am_AUTOCONF@|autoconf|' -e 's|@am_AUTOM4TE@|autom4te|' -e 's|@configure_input@||' $1
}

# install: scripts, modules, templates, macros, and the shell scripts that packages get
mkdir -p ${DESTDIR}/usr/bin ${DATA}/Automake ${DATA}/am ${MACROS}/internal ${DESTDIR}/usr/share/aclocal
for script in automake aclocal; do
    fill bin/${script}.in >${DESTDIR}/usr/bin/${script}
    chmod 755 ${DESTDIR}/usr/bin/${script}
    ln -s ${script} ${DESTDIR}/usr/bin/${script}-1.17
done
cp lib/Automake/*.pm ${DATA}/Automake
fill lib/Automake/Config.in >${DATA}/Automake/Config.pm
cp lib/am/*.am ${DATA}/am
cp lib/COPYING lib/INSTALL lib/texinfo.tex ${DATA}
for script in ar-lib compile config.guess config.sub depcomp install-sh mdate-sh missing mkinstalldirs py-compile tap-driver.sh \
    test-driver ylwrap; do
    cp lib/${script} ${DATA}
    chmod 755 ${DATA}/${script}
done
rm m4/amversion.m4
fill m4/amversion.in >m4/amversion.m4
cp m4/*.m4 ${MACROS}
cp m4/internal/*.m4 ${MACROS}/internal
echo 'Macros of packages, where aclocal looks for them.' >${DESTDIR}/usr/share/aclocal/README
