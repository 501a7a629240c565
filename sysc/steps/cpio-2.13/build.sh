# SPDX-License-Identifier: GPL-3.0-or-later
# GNU cpio, without mt and rmt, which are for tape drives.
set -e -o pipefail
DESTDIR=/destdir/cpio-2.13
export CFLAGS='-O2 -std=gnu17 -fcommon' # written when () said nothing of parameters, and what was defined twice was one
. /sysc/autotools.sh
. /sysc/gnulib.sh

unpack cpio_2.13+dfsg.orig.tar.bz2
rm gnu/parse-datetime.c # its makefile makes it
regenerate
configure

for folder in gnu lib src; do
    make -j$(nproc) -C ${folder}
done

# does it work?
mkdir try
seq 99999 >try/numbers
ln -s numbers try/link
find try | ./src/cpio -o -H newc >try.cpio
rm -r try
./src/cpio -i <try.cpio
test "$(sed -n '$p' try/link)" = 99999

cd src
make_install
