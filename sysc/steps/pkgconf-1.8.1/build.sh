# SPDX-License-Identifier: GPL-3.0-or-later
# pkgconf, in one command.
set -e -o pipefail
RECIPE=/sysc/steps/pkgconf-1.8.1
DESTDIR=/destdir/pkgconf-1.8.1
. /sysc/autotools.sh

unpack pkgconf_1.8.1.orig.tar.xz
edit ${RECIPE}/edits/1-static.edit

# configure: this is all that it would find out
cat >libpkgconf/config.h <<'END'
#define PACKAGE_NAME "pkgconf"
#define PACKAGE_VERSION "1.8.1"
#define PACKAGE_BUGREPORT "https://github.com/pkgconf/pkgconf/issues/new"
#define HAVE_STRLCAT 1
#define HAVE_STRLCPY 1
#define HAVE_STRNDUP 1
END

# compile
gcc -O2 -D_GNU_SOURCE -DPKGCONFIG_IS_STATIC -DPERSONALITY_PATH='"/usr/lib/pkgconfig/personality.d"' \
    -DPKG_DEFAULT_PATH='"/usr/lib/pkgconfig:/usr/share/pkgconfig"' -DSYSTEM_INCLUDEDIR='"/usr/include"' \
    -DSYSTEM_LIBDIR='"/usr/lib"' -I. -Ilibpkgconf -Icli -o pkgconf \
    libpkgconf/argvsplit.c libpkgconf/audit.c libpkgconf/bsdstubs.c libpkgconf/cache.c libpkgconf/client.c \
    libpkgconf/dependency.c libpkgconf/fileio.c libpkgconf/fragment.c libpkgconf/parser.c libpkgconf/path.c \
    libpkgconf/personality.c libpkgconf/pkg.c libpkgconf/queue.c libpkgconf/tuple.c cli/getopt_long.c cli/main.c \
    cli/renderer-msvc.c

# install
mkdir -p ${DESTDIR}/usr/bin ${DESTDIR}/usr/share/aclocal
cp pkgconf ${DESTDIR}/usr/bin
strip ${DESTDIR}/usr/bin/pkgconf
ln -s pkgconf ${DESTDIR}/usr/bin/pkg-config
cp pkg.m4 ${DESTDIR}/usr/share/aclocal
