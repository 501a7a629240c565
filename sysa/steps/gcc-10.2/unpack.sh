# SPDX-License-Identifier: GPL-3.0-or-later
# Read by the recipes for GCC 10.2: unpacks what is needed of it as gcc-10.2.0, out of the tarball inside of Debian's tarball, and
# removes what others have generated (it is made again, or has a replacement, or the build would notice).
exclude=
for other in '*/testsuite' '*/po' '*/ChangeLog*' gcc/ada gcc/brig gcc/d gcc/doc gcc/fortran gcc/go gcc/jit gcc/objc gcc/objcp \
    'gcc/config/[!i]*/*' gcc/config/ia64 gcc/config/iq2000 'libgcc/config/[!i]*' libgcc/config/ia64 libgcc/config/iq2000 \
    libstdc++-v3/doc; do
    exclude="${exclude} --exclude gcc-10.2.0/${other}"
done
set -f # the patterns are tar's
tar -xJOf /distfiles/gcc-10_10.2.1.orig.tar.xz gcc-10-10.2.0/gcc-10.2.0-dfsg.tar.xz |
    tar -xJf - ${exclude} gcc-10.2.0/gcc gcc-10.2.0/include gcc-10.2.0/libatomic gcc-10.2.0/libbacktrace gcc-10.2.0/libcpp \
        gcc-10.2.0/libdecnumber gcc-10.2.0/libgcc gcc-10.2.0/libiberty gcc-10.2.0/libstdc++-v3
set +f
rm gcc-10.2.0/gcc/cp/cfns.h gcc-10.2.0/gcc/gengtype-lex.c
