# SPDX-License-Identifier: GPL-3.0-or-later
# Read by the recipes for GCC 10.2, in the directory o, when all is built: copies it below DESTDIR.
LIB=${DESTDIR}/usr/lib/gcc/x86_64-linux-musl/10.2.0
LIBEXEC=${DESTDIR}/usr/libexec/gcc/x86_64-linux-musl/10.2.0
mkdir -p ${DESTDIR}/usr/bin ${DESTDIR}/usr/include/c++ ${LIB} ${LIBEXEC}
cp bin/gcc bin/g++ bin/cpp ${DESTDIR}/usr/bin
ln -s gcc ${DESTDIR}/usr/bin/cc
ln -s g++ ${DESTDIR}/usr/bin/c++
cp bin/cc1 bin/cc1plus bin/collect2 ${LIBEXEC}
cp -r include libgcc/*.a libgcc/crt*.o ${LIB}
cp lib/*.a ${DESTDIR}/usr/lib
cp -r c++ ${DESTDIR}/usr/include/c++/10.2.0
