# SPDX-License-Identifier: GPL-3.0-or-later
# GNU awk, its parsers by byacc.
set -e -o pipefail
DESTDIR=/destdir/gawk-5.2.1
. /sysc/autotools.sh

unpack gawk_5.2.1.orig.tar.xz
rm awkgram.c command.c
yacc -o awkgram.c awkgram.y
yacc -p zz -o command.c command.y

regenerate --no-recursive # extension/ would need shared libraries
configure --disable-extensions --disable-mpfr --disable-pma --without-readline
touch pc/Makefile.tst # it is for DOS, and older than test/Makefile.in by now

make -j$(nproc) -C support
make -j$(nproc) SUBDIRS=.

# does it work?
cat >try.awk <<'END'
BEGIN { PROCINFO["sorted_in"] = "@ind_num_desc"; split("c a b", x); n = asort(x, y); print n, y[1], strtonum("0x2A") }
match($0, /(b+)(c)/, part) { print length(part[1]), toupper(part[2]), gensub(/(a)(b)/, "\\2\\1", "g") }
END
test "$(echo abbc | ./gawk -f try.awk | tr '\n' ' ')" = '3 a 42 2 C babc '

# install
mkdir -p ${DESTDIR}/usr/bin
cp gawk ${DESTDIR}/usr/bin
strip ${DESTDIR}/usr/bin/gawk
ln -s gawk ${DESTDIR}/usr/bin/awk
