# SPDX-License-Identifier: GPL-3.0-or-later
# Berkeley yacc, in one command by tcc.
set -e
DESTDIR=/destdir/byacc-20221106

tar -xzf /distfiles/byacc_2.0.20221106.orig.tar.gz
cd byacc-20221106

# the text that is common to all parsers, made into C from what its authors wrote
awk -f skel2c yaccpar.skel >yaccpar.c

# compile: these few facts about musl are all that configure would find out
tcc -DHAVE_FCNTL_H -DHAVE_GETOPT -DHAVE_MKSTEMP -DHAVE_VSNPRINTF -o yacc \
    closure.c error.c graph.c lalr.c lr0.c main.c mkpar.c mstring.c output.c reader.c symtab.c verbose.c warshall.c yaccpar.c

# install
mkdir -p ${DESTDIR}/usr/bin
cp yacc ${DESTDIR}/usr/bin
