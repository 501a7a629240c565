# SPDX-License-Identifier: GPL-3.0-or-later
# Of elfutils the library libelf.
set -e -o pipefail
DESTDIR=/destdir/elfutils-0.192
. /sysc/autotools.sh

unpack elfutils_0.192.orig.tar.bz2
cd libelf

# configure: these few facts about musl and GCC are all that it would find out
cat >config.h <<'END'
#define HAVE_DECL_MEMPCPY 1
#define HAVE_DECL_MEMRCHR 1
#define HAVE_DECL_POWEROF2 1
#define HAVE_DECL_RAWMEMCHR 0
#define HAVE_DECL_REALLOCARRAY 1
#define HAVE_ERR_H 1
#define HAVE_FALLTHROUGH 1
#define HAVE_GCC_STRUCT 1
#define HAVE_MREMAP 1
#define HAVE_VISIBILITY 1
#define USE_ZSTD 1
#define USE_ZSTD_COMPRESS 1
#include "eu-config.h"
END

# compile: what lies in this folder, and a tree that elfutils' libraries share
gcc ${CFLAGS} -std=gnu99 -D_GNU_SOURCE -DHAVE_CONFIG_H -I. -I../lib -c *.c ../lib/eu-search.c
ar rcs libelf.a *.o

# install
mkdir -p ${DESTDIR}/usr/lib/pkgconfig ${DESTDIR}/usr/include/elfutils
cp libelf.a ${DESTDIR}/usr/lib
cp libelf.h gelf.h nlist.h ${DESTDIR}/usr/include
cp elf-knowledge.h ${DESTDIR}/usr/include/elfutils
sed -e 's|@prefix@|/usr|' -e 's|@exec_prefix@|/usr|' -e 's|@libdir@|/usr/lib|' -e 's|@includedir@|/usr/include|' \
    -e 's|@VERSION@|0.192|' -e 's|Requires.private: zlib @LIBZSTD@|Requires: zlib libzstd|' \
    ../config/libelf.pc.in >${DESTDIR}/usr/lib/pkgconfig/libelf.pc

# does it work? A program that lists its own sections, with what a user of the library has.
cat >sections.c <<'END'
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
int main(int argc, char **argv) {
    elf_version(EV_CURRENT);
    Elf *elf = elf_begin(open(argv[0], O_RDONLY), ELF_C_READ, NULL);
    size_t names;
    GElf_Shdr header;
    elf_getshdrstrndx(elf, &names);
    for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section));)
        printf("%s\n", elf_strptr(elf, names, gelf_getshdr(section, &header)->sh_name));
}
END
export PKG_CONFIG_PATH=${DESTDIR}/usr/lib/pkgconfig
gcc -static -I${DESTDIR}/usr/include -L${DESTDIR}/usr/lib -o sections sections.c $(pkgconf --libs libelf)
./sections | grep -x .text
