# SPDX-License-Identifier: GPL-3.0-or-later
# kmod, in one command: its makefile can only make a shared library of libkmod.
set -e -o pipefail
DESTDIR=/destdir/kmod-34.2
. /sysc/autotools.sh

unpack kmod_34.2.orig.tar.xz
# configure: these few facts about musl and GCC are all that it would find out
cat >config.h <<'END'
#define PACKAGE "kmod"
#define VERSION "34.2"
#define KMOD_FEATURES "+ZSTD +XZ +ZLIB -LIBCRYPTO"
#define ENABLE_LOGGING 1
#define ENABLE_DEBUG 0
#define ENABLE_ELFDBG 0
#define ENABLE_OPENSSL 0
#define ENABLE_XZ 1
#define ENABLE_XZ_DLOPEN 0
#define ENABLE_ZLIB 1
#define ENABLE_ZLIB_DLOPEN 0
#define ENABLE_ZSTD 1
#define ENABLE_ZSTD_DLOPEN 0
#define HAVE_DECL_BASENAME 0
#define HAVE_DECL___XSTAT 0
#define HAVE_NORETURN 1
#define HAVE_SECURE_GETENV 1
#define HAVE_STATIC_ASSERT 1
#define HAVE_STRUCT_STAT_ST_MTIM 1
#define HAVE___BUILTIN_CLZ 1
#define HAVE___BUILTIN_TYPES_COMPATIBLE_P 1
#define HAVE___BUILTIN_UADD_OVERFLOW 1
#define HAVE___BUILTIN_UADDL_OVERFLOW 1
#define HAVE___BUILTIN_UADDLL_OVERFLOW 1
#define HAVE___BUILTIN_UMUL_OVERFLOW 1
#define HAVE___BUILTIN_UMULL_OVERFLOW 1
#define HAVE___BUILTIN_UMULLL_OVERFLOW 1
#define basename kmod_basename /* musl's is not the one that is meant */
END

# compile
gcc ${CFLAGS} -D_GNU_SOURCE -include string.h -include config.h -I. -DSYSCONFDIR='"/etc"' -DDISTCONFDIR='"/usr/lib"' \
    -DMODULE_DIRECTORY='"/lib/modules"' -static -s -o kmod shared/*.c libkmod/*.c tools/*.c -lzstd -llzma -lz

# does it work? It makes its lists of no modules too.
mkdir -p try/lib/modules/6.1.8
ln -s kmod depmod
./depmod -b try 6.1.8
test -s try/lib/modules/6.1.8/modules.dep.bin

# install
mkdir -p ${DESTDIR}/usr/bin ${DESTDIR}/usr/sbin
cp kmod ${DESTDIR}/usr/bin
for tool in insmod lsmod rmmod depmod modprobe modinfo; do
    ln -s ../bin/kmod ${DESTDIR}/usr/sbin/${tool}
done
