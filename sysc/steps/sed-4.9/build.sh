# SPDX-License-Identifier: GPL-3.0-or-later
# GNU sed, without its tests and manual.
set -e -o pipefail
DESTDIR=/destdir/sed-4.9
. /sysc/autotools.sh
. /sysc/gnulib.sh

unpack sed_4.9.orig.tar.xz
regenerate
configure --disable-acl --without-selinux

# `.`: all but translations and tests
make -j$(nproc) SUBDIRS=. INFO_DEPS= dist_man_MANS=

# does it work?
test "$(printf 'one\ntwo\n' | ./sed/sed -E -n '/t/{s/(t)(w)/\U\2\E\1/;p}')" = Wto

make_install SUBDIRS=. INFO_DEPS= dist_man_MANS=
