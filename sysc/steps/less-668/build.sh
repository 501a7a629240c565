# SPDX-License-Identifier: GPL-3.0-or-later
# less, with the termcap library that comes with bash.
set -e -o pipefail
DESTDIR=/destdir/less-668
. /sysc/autotools.sh

unpack less_668.orig.tar.gz

# Those who make a release run these scripts; the tables of characters would need Unicode's.
rm help.c funcs.h
perl mkhelp.pl <less.hlp >help.c
sources=$(sed -n '/^SRC = /,/[^\\]$/{s/^SRC =//;s/\\$//;p}' Makefile.aut)
grep -h '^public [^;]*$' ${sources} | sed 's/$/;/' >funcs.h
regenerate

# The termcap library: as small as what less needs. It reads /etc/termcap.
(
    mkdir ../termcap
    cd ../termcap
    unpack bash_5.2.37.orig.tar.xz
    cd lib/termcap
    printf '#define HAVE_%s 1\n' BCOPY FCNTL_H STDLIB_H STRING_H UNISTD_H >config.h
    gcc ${CFLAGS} -DHAVE_CONFIG_H -I. -c termcap.c tparam.c
    ar -rcD libtermcap.a termcap.o tparam.o
)
termcap=$(cd ../termcap/*/lib/termcap && pwd)
configure CPPFLAGS=-I${termcap} LDFLAGS="-L${termcap} -static" --with-regex=posix --with-editor=vi

make -j$(nproc)

# does it work?
seq 5 >numbers
test "$(./less numbers | tail -n 1)" = 5

make_install
