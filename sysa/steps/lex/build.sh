# SPDX-License-Identifier: GPL-3.0-or-later
# Our lex, in one command, by the best compiler that is there.
set -e
RECIPE=/sysa/steps/lex
DESTDIR=/destdir/lex

if command -v gcc >/dev/null; then
    gcc -O2 -s -o lex ${RECIPE}/files/lex.c
else
    tcc -o lex ${RECIPE}/files/lex.c
fi

# install
mkdir -p ${DESTDIR}/usr/bin
cp lex ${DESTDIR}/usr/bin
