# SPDX-License-Identifier: GPL-3.0-or-later
# compare.sh ONE OTHER LEVEL...    Run in a grown root: two commands that call GCC compile some of musl's files, preprocessed once, at each
# level. Prints the files whose assembly differs, then how many were compared.
set -e
ONE=$1 OTHER=$2
shift 2
levels=$*
tar -xzf /distfiles/musl_1.2.3.orig.tar.gz
cd musl-1.2.3
./configure --disable-shared CC=gcc >/dev/null
make obj/include/bits/alltypes.h obj/include/bits/syscall.h obj/src/internal/version.h >/dev/null
set -- src/string/*.c src/stdlib/*.c src/math/*f.c src/math/exp*.c src/stdio/v*.c src/regex/*.c src/malloc/mallocng/*.c
for file in "$@"; do
    gcc -std=c99 -nostdinc -D_XOPEN_SOURCE=700 -Iarch/x86_64 -Iarch/generic -Iobj/src/internal -Isrc/include -Isrc/internal \
        -Iobj/include -Iinclude -E -P ${file} >../one.i
    for level in ${levels}; do
        ${ONE} ${level} -std=c99 -w -fpreprocessed -S -o ../one.s ../one.i
        ${OTHER} ${level} -std=c99 -w -fpreprocessed -S -o ../other.s ../one.i
        cmp ../one.s ../other.s || echo different: ${level} ${file}
    done
done
echo compared: $#
