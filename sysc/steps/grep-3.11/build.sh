# SPDX-License-Identifier: GPL-3.0-or-later
# GNU grep, without Perl's expressions.
set -e -o pipefail
DESTDIR=/destdir/grep-3.11
. /sysc/autotools.sh
. /sysc/gnulib.sh

unpack grep_3.11.orig.tar.xz
regenerate
configure --disable-perl-regexp

for folder in lib src; do
    make -j$(nproc) -C ${folder}
done

# does it work?
test "$(printf 'abcabc\nabcd\n' | ./src/grep -n -E '^(abc)\1$')" = 1:abcabc

cd src
make_install
