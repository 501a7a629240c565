# SPDX-License-Identifier: GPL-3.0-or-later
# c++.sh SOURCE TO    lays out the headers of libstdc++ as programs include them
set -e -o pipefail
SOURCE=$1/libstdc++-v3
TO=$2
FILES=${RECIPE_FILES:-/sysa/steps/gcc-10.2/files}
BITS=${TO}/x86_64-linux-musl/bits
mkdir -p ${TO}/bits ${BITS} ${TO}/x86_64-linux-musl/ext
for directory in backward debug decimal experimental ext parallel pstl tr1 tr2; do
    cp -r ${SOURCE}/include/${directory} ${TO}
done
rm ${TO}/pstl/LICENSE.txt
cp ${TO}/backward/hash_map ${TO}/backward/hash_set ${TO}/ext
cp ${SOURCE}/include/std/* ${SOURCE}/include/c_global/* ${TO}
for header in complex fenv math stdlib tgmath; do
    cp ${SOURCE}/include/c_compatibility/${header}.h ${TO}
done
cp ${SOURCE}/include/bits/*.h ${SOURCE}/include/bits/*.tcc ${TO}/bits
for header in compare cxxabi.h exception initializer_list new typeinfo; do
    cp ${SOURCE}/libsupc++/${header} ${TO}
done
for header in atomic_lockfree_defines cxxabi_forced cxxabi_init_exception exception exception_defines exception_ptr hash_bytes \
    nested_exception; do
    cp ${SOURCE}/libsupc++/${header}.h ${TO}/bits
done

# for this target: what configure would choose and find out
cp ${SOURCE}/config/os/generic/*.h ${SOURCE}/config/cpu/generic/*.h ${SOURCE}/config/cpu/i486/opt/bits/opt_random.h \
    ${SOURCE}/config/locale/generic/*_members.h ${BITS}
cp ${SOURCE}/config/cpu/i486/opt/ext/opt_random.h ${TO}/x86_64-linux-musl/ext
cp ${SOURCE}/config/locale/generic/c_locale.h ${BITS}/c++locale.h
cp ${SOURCE}/config/io/basic_file_stdio.h ${BITS}/basic_file.h
cp ${SOURCE}/config/io/c_io_stdio.h ${BITS}/c++io.h
cp ${SOURCE}/config/allocator/new_allocator_base.h ${BITS}/c++allocator.h
for header in stdc++ stdtr1c++ extc++; do
    cp ${SOURCE}/include/precompiled/${header}.h ${BITS}
done
{
    sed -e 's/define __GLIBCXX__$/& 20200723/' -e 's/define _GLIBCXX_RELEASE$/& 10/' \
        -e 's/define _GLIBCXX_INLINE_VERSION *$/& 0/' -e 's/define _GLIBCXX_HAVE_ATTRIBUTE_VISIBILITY$/& 1/' \
        -e 's/define _GLIBCXX_EXTERN_TEMPLATE$/& 1/' \
        -e 's/define _GLIBCXX_USE_DUAL_ABI$/& 1/' -e 's/define _GLIBCXX_USE_CXX11_ABI$/& 1/' \
        -e 's/define _GLIBCXX_USE_ALLOCATOR_NEW$/& 1/' -e 's/define _GLIBCXX_USE_FLOAT128$/& 1/' ${SOURCE}/include/bits/c++config
    cat ${FILES}/libstdc++.h
} >${BITS}/c++config.h

# threads, in names that programs may not use otherwise, as libstdc++'s makefile does
sed -e '/^#pragma/b' -e '/^#/s/\([A-Z_][A-Z_]*\)/_GLIBCXX_\1/g' -e 's/_GLIBCXX_SUPPORTS_WEAK/__GXX_WEAK__/g' \
    -e 's/_GLIBCXX___MINGW32_GLIBCXX___/__MINGW32__/g' -e 's,^#include "\(.*\)",#include <bits/\1>,' \
    $1/libgcc/gthr.h >${BITS}/gthr.h
for model in single posix; do
    sed -e 's/UNUSED/_GLIBCXX_&/g' -e 's/GCC[A-Z_]*_H/_GLIBCXX_&/g' -e 's/SUPPORTS_WEAK/__GXX_WEAK__/g' \
        -e 's/[A-Z_]*USE_WEAK/_GLIBCXX_&/g' $1/libgcc/gthr-${model}.h >${BITS}/gthr-${model}.h
done
cp ${BITS}/gthr-posix.h ${BITS}/gthr-default.h
