# SPDX-License-Identifier: GPL-3.0-or-later
# SQLite from its sources, file by file: upstream glues them into one by scripts in Tcl, which the chain has not.
set -e -o pipefail
RECIPE=/sysc/steps/sqlite-3.46.1
DESTDIR=/destdir/sqlite-3.46.1

tar -xJf /distfiles/sqlite3_3.46.1.orig.tar.xz sqlite3-3.46.1/src sqlite3-3.46.1/ext sqlite3-3.46.1/tool \
    sqlite3-3.46.1/VERSION sqlite3-3.46.1/manifest sqlite3-3.46.1/manifest.uuid sqlite3-3.46.1/sqlite3.pc.in
cd sqlite3-3.46.1
OPTIONS='-DSQLITE_THREADSAFE=1 -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_ENABLE_MATH_FUNCTIONS -DSQLITE_ENABLE_COLUMN_METADATA'
OPTIONS="${OPTIONS} -DSQLITE_OMIT_COMPILEOPTION_DIAGS"

# the header: version and date filled in, and declarations marked as the library's
version=$(cat VERSION)
number=$(echo ${version} | awk -F. '{ printf "%d%03d%03d", $1, $2, $3 }')
id="$(sed -n -e 's/^D \(.*\)T\(.\{8\}\).*/\1 \2/p' manifest) $(cat manifest.uuid)"
for file in src/sqlite.h.in ext/rtree/sqlite3rtree.h ext/session/sqlite3session.h ext/fts5/fts5.h; do
    sed -E -e '/#include.*[<"]sqlite3\.h/d' \
        -e 's/ *$//' -e "s/--VERS--/${version}/; s/--VERSION-NUMBER--/${number}/; s/--SOURCE-ID--/${id}/" \
        -e '/^ *typedef/!s/^[a-zA-Z][a-zA-Z_0-9 *]+sqlite3_[_a-zA-Z0-9]+(\[|;| =)/SQLITE_API &/' \
        -e 's/^ *([a-zA-Z][a-zA-Z_0-9 ]+ \**sqlite3(session|changeset|changegroup|rebaser)?_[_a-zA-Z0-9]+\()/SQLITE_API \1/' \
        ${file}
done >src/sqlite3.h

# parser and keywords, by SQLite's own programs; their output depends on the options
gcc -O1 -o lemon tool/lemon.c
gcc -O1 -o mkkeywordhash ${OPTIONS} tool/mkkeywordhash.c
./lemon ${OPTIONS} -S -Ttool/lempar.c src/parse.y
./mkkeywordhash >src/keywordhash.h

# the table of pragmas; ctime.c, a list of the options above, is left out
rm src/pragma.h src/ctime.c
awk -f ${RECIPE}/files/pragma.awk tool/mkpragmatab.tcl >src/pragma.h

# the numbers of the virtual machine's opcodes
cat src/parse.h src/vdbe.c | awk -f ${RECIPE}/files/opcodes.awk >src/opcodes.h
awk -f ${RECIPE}/files/opcodenames.awk src/opcodes.h >src/opcodes.c

# the program is one file with some extensions in it
cd src
awk -f ${RECIPE}/files/shell.awk shell.c.in >shell.c

# compile
make -f ${RECIPE}/files/Makefile -j$(nproc) OPTIONS="${OPTIONS}"

# install
mkdir -p ${DESTDIR}/usr/bin ${DESTDIR}/usr/include ${DESTDIR}/usr/lib/pkgconfig
cp sqlite3 ${DESTDIR}/usr/bin
cp sqlite3.h sqlite3ext.h ${DESTDIR}/usr/include
cp libsqlite3.a ${DESTDIR}/usr/lib
sed -e 's|@prefix@|/usr|' -e 's|@exec_prefix@|/usr|' -e 's|@libdir@|/usr/lib|' -e 's|@includedir@|/usr/include|' \
    -e "s|@PACKAGE_VERSION@|${version}|" -e 's|@LIBS@|-lm|' ../sqlite3.pc.in >${DESTDIR}/usr/lib/pkgconfig/sqlite3.pc
