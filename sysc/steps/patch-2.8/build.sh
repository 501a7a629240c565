# SPDX-License-Identifier: GPL-3.0-or-later
# GNU patch.
set -e -o pipefail
DESTDIR=/destdir/patch-2.8
. /sysc/autotools.sh
. /sysc/gnulib.sh

unpack patch_2.8.orig.tar.xz

# byacc has another word for a parser without global variables
rm lib/parse-datetime.c
sed -i 's/^%define api.pure$/%pure-parser/' lib/parse-datetime.y
yacc -o lib/parse-datetime.c lib/parse-datetime.y

regenerate
configure ED=/bin/ed

for folder in lib src; do
    make -j$(nproc) -C ${folder}
done

# does it work?
seq 9 >numbers
printf '%s\n' '--- a' '+++ b' '@@ -2,3 +2,3 @@' ' 2' '-3' '+three' ' 4' | ./src/patch numbers
test "$(sed -n 3p numbers)" = three

cd src
make_install
