# SPDX-License-Identifier: GPL-3.0-or-later
# GNU gzip, and its scripts.
set -e -o pipefail
DESTDIR=/destdir/gzip-1.13
. /sysc/autotools.sh
. /sysc/gnulib.sh

unpack gzip_1.13.orig.tar.xz
regenerate
configure ac_cv_path_GREP=grep ac_cv_path_EGREP='grep -E' ac_cv_prog_LESS=less

make -j$(nproc) -C lib
make -j$(nproc) SUBDIRS=. INFO_DEPS= man_MANS=

# does it work?
seq 99999 >numbers
./gzip -9 <numbers | ./gzip -dc | cmp - numbers

make_install SUBDIRS=. INFO_DEPS= man_MANS=
