# SPDX-License-Identifier: GPL-3.0-or-later
# autoconf: Perl scripts and m4 macros, in which a few names are filled in. Its own configure, which it would make, is not needed.
set -e -o pipefail
DESTDIR=/destdir/autoconf-2.72
. /sysc/autotools.sh
DATA=${DESTDIR}/usr/share/autoconf

unpack autoconf_2.72.orig.tar.xz

fill() { # fill FILE: what configure would fill in
    sed -e 's|@SHELL@|/bin/sh|' -e 's|@PERL@|/usr/bin/perl|' -e 's|@PERL_FLOCK@|yes|' -e 's|@M4@|/usr/bin/m4|' \
        -e 's|@M4_GNU@|--gnu|' -e 's|@M4_DEBUGFILE@|--debugfile|' -e 's|@AWK@|awk|' -e 's|@bindir@|/usr/bin|' \
        -e 's|@prefix@|/usr|' -e 's|@pkgdatadir@|/usr/share/autoconf|' -e 's|@\([a-z0-9]*\)-name@|\1|' \
        -e 's|@PACKAGE_NAME@|GNU Autoconf|' -e 's|@PACKAGE_TARNAME@|autoconf|' -e 's|@PACKAGE_STRING@|GNU Autoconf 2.72|' \
        -e 's|@PACKAGE_BUGREPORT@|bug-autoconf@gnu.org|' -e 's|@PACKAGE_URL@|https://www.gnu.org/software/autoconf/|' \
        -e 's|@VERSION@|2.72|' -e 's|@PACKAGE_VERSION@|2.72|' -e 's|@RELEASE_YEAR@|2023|' -e 's|@configure_input@||' $1
}

# install: scripts, modules, macros
mkdir -p ${DESTDIR}/usr/bin ${DATA}
for script in autoconf autoheader autom4te autoreconf autoscan autoupdate ifnames; do
    fill bin/${script}.in >${DESTDIR}/usr/bin/${script}
    chmod 755 ${DESTDIR}/usr/bin/${script}
done
mkdir ${DATA}/Autom4te ${DATA}/build-aux ${DATA}/autoconf ${DATA}/autotest ${DATA}/m4sugar ${DATA}/autoscan
cp lib/Autom4te/*.pm ${DATA}/Autom4te
for folder in autoconf autotest m4sugar; do
    cp lib/${folder}/*.m4 ${DATA}/${folder}
done
for script in config.guess config.sub install-sh; do
    cp build-aux/${script} ${DATA}/build-aux
    chmod 755 ${DATA}/build-aux/${script}
done
fill lib/autom4te.in >${DATA}/autom4te.cfg
fill lib/version.in >${DATA}/version.m4

# freeze the macros: m4 reads its own memory faster than the macros. autom4te is run from where it has been installed.
export autom4te_perllibdir=${DATA} AUTOM4TE_CFG=${DATA}/autom4te.cfg
autom4te="${DESTDIR}/usr/bin/autom4te -B ${DATA}"
for language in m4sugar/m4sugar m4sugar/m4sh autotest/autotest; do
    ${autom4te} --language=${language#*/} --freeze --output=${DATA}/${language}.m4f
done
${autom4te} --language=autoconf-without-aclocal-m4 --freeze --output=${DATA}/autoconf/autoconf.m4f

# what autoscan looks for, as the macros tell
{
    sed '/^[#]/!q' lib/autoscan/autoscan.pre
    {
        sed -n '/^[^#]/p' lib/autoscan/autoscan.pre
        ${autom4te} --cache '' -M -l autoconf-without-aclocal-m4 -t 'AN_OUTPUT:$1: $2		$3'
    } | LC_ALL=C sort
} >${DATA}/autoscan/autoscan.list
