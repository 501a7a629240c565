# SPDX-License-Identifier: GPL-3.0-or-later
# c++.sh SOURCE TO    lays out the headers of libstdc++ as programs include them
set -e -o pipefail
SOURCE=$1/libstdc++-v3
TO=$2
BITS=${TO}/x86_64-linux-musl/bits
mkdir -p ${TO}/bits ${BITS}
cp -r ${SOURCE}/include/backward ${SOURCE}/include/debug ${SOURCE}/include/ext ${TO}
cp ${SOURCE}/include/bits/*.h ${SOURCE}/include/bits/*.tcc ${SOURCE}/include/c_std/cmath.tcc ${TO}/bits
cd ${SOURCE}/libsupc++
cp cxxabi.h exception exception_defines.h new typeinfo ${OLDPWD}/${TO}
cd ${OLDPWD}
for header in ${SOURCE}/include/std/std_*.h ${SOURCE}/include/c_std/std_*.h; do
    name=${header##*/std_}
    cp ${header} ${TO}/${name%.h}
done

# for this target: what configure would choose and find out
cp ${SOURCE}/config/os/generic/*.h ${SOURCE}/config/cpu/generic/atomic_word.h ${BITS}
cp ${SOURCE}/config/locale/generic/*_members.h ${SOURCE}/config/locale/generic/codecvt_specializations.h \
    ${SOURCE}/config/locale/generic/c++locale_internal.h ${BITS}
cp ${SOURCE}/config/locale/generic/c_locale.h ${BITS}/c++locale.h
cp ${SOURCE}/config/io/basic_file_stdio.h ${BITS}/basic_file.h
cp ${SOURCE}/config/io/c_io_stdio.h ${BITS}/c++io.h
cp ${SOURCE}/config/allocator/new_allocator_base.h ${BITS}/c++allocator.h
cat ${SOURCE}/include/bits/c++config /sysa/steps/gcc-3.4.6/files/libstdc++.h >${BITS}/c++config.h

# no threads; in names that programs may use otherwise, as libstdc++'s makefile does
sed -e '/^#/s/\([A-Z_][A-Z_]*\)/_GLIBCXX_\1/g' -e 's/_GLIBCXX_SUPPORTS_WEAK/__GXX_WEAK__/g' \
    -e 's,^#include "\(.*\)",#include <bits/\1>,' $1/gcc/gthr.h >${BITS}/gthr.h
sed -e 's/UNUSED/_GLIBCXX_UNUSED/g' -e 's/GCC[A-Z_]*_H/_GLIBCXX_&/g' $1/gcc/gthr-single.h >${BITS}/gthr-single.h
