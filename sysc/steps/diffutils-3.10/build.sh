# SPDX-License-Identifier: GPL-3.0-or-later
# diff, diff3, sdiff, cmp.
set -e -o pipefail
DESTDIR=/destdir/diffutils-3.10
. /sysc/autotools.sh
. /sysc/gnulib.sh

unpack diffutils_3.10.orig.tar.xz
regenerate
configure PR_PROGRAM=/usr/bin/pr

for folder in lib src; do
    make -j$(nproc) -C ${folder}
done

# does it work?
seq 9 >one
sed 's/5/five/' one >two
./src/diff -u --label a --label b one two >difference || test $? = 1
test "$(sed -n '7,8p' difference | tr '\n' ' ')" = '-5 +five '

cd src
make_install
