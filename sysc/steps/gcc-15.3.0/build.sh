# SPDX-License-Identifier: GPL-3.0-or-later
# GCC 15 by GCC 10, once: C, C++ and their libraries. Each folder is configured and compiled by itself; the makefile for
# all of them was made by AutoGen, and has much to do with bootstraps and other languages.
set -e -o pipefail
RECIPE=/sysc/steps/gcc-15.3.0
DESTDIR=/destdir/gcc-15.3.0
. /sysc/autotools.sh

# unpack: what is needed of it, out of the tarball inside of Debian's tarball
folders='c++tools config contrib/relpath.sh contrib/unicode gcc include libatomic libbacktrace libcody libcpp libdecnumber libgcc
    libiberty libstdc++-v3'
files='config-ml.in mkinstalldirs move-if-change multilib.am'
exclude=
for other in '*/testsuite/*/*' '*.po' '*.pot' '*/ChangeLog*' gcc/ada gcc/cobol 'gcc/d/[!d]*' gcc/doc gcc/fortran gcc/go gcc/jit \
    gcc/m2 gcc/objc gcc/objcp 'gcc/rust/[!r]*' 'gcc/config/[!i]*/*' 'libgcc/config/[!il]*/*' libstdc++-v3/doc/html \
    libstdc++-v3/doc/xml; do
    exclude="${exclude} --exclude gcc-15.3.0/${other}"
done
set -f # the patterns are tar's
tar -xzOf /distfiles/gcc-15_15.3.0.orig.tar.gz gcc-15-15.3.0/gcc-15.3.0-dfsg.tar.xz |
    tar -xJf - --no-same-owner ${exclude} $(printf 'gcc-15.3.0/%s ' ${folders} ${files})
set +f
cd gcc-15.3.0
find . -type f -exec touch -t 200001010000 {} +
edit ${RECIPE}/edits/1-autoconf.edit
edit ${RECIPE}/edits/2-target.edit

# what upstream makes by gperf: tables of names, here sorted and searched
table() { # table CLASS FUNCTION STRUCT: makes a class with a function that finds a name, whose entries come from standard input
    echo "static const $3 $1_names[] = {"
    sort -t '"' -k 2,2 -s -u
    cat <<END
};
struct $1
{
  static int compare (const void *name, const void *entry)
  { return strcmp ((const char *) name, ((const $3 *) entry)->name); }
  static const $3 *$2 (const char *name, size_t)
  { return (const $3 *) bsearch (name, $1_names, ARRAY_SIZE ($1_names), sizeof *$1_names, compare); }
};
END
}
{
    echo 'struct libc_name_struct { const char *name; int c_ver; };'
    sed -e '1,/^%%/d' -e '/^#/d' -e 's/\([^,]*\), *\([0-9]*\)/{"\1", \2},/' gcc/cp/cfns.gperf |
        table libc_name libc_name_p libc_name_struct
} >cfns.h
{
    echo 'struct std_name_hint { const char *name, *header; enum cxx_dialect min_dialect; };'
    sed -n 's/^\(<[^,]*>\),\([^,]*\),[^,]*,\(cxx[0-9]*\).*/{"\2", "\1", \3},/p' gcc/cp/cxxapi-data.csv |
        table std_name_hint_lookup find std_name_hint
} >std-name-hint.h
mv cfns.h std-name-hint.h gcc/cp

# by flex, by AutoGen, and by GCC's own programs
rm gcc/gengtype-lex.cc # GCC's makefile does it
cd libstdc++-v3/include/bits
perl ${RECIPE}/files/version.pl version.def version.tpl >../version.h
mv ../version.h .
cd ../../../libcpp
g++ -o ../makeucnid makeucnid.cc
g++ -o ../makeuname2c makeuname2c.cc
cd ../contrib/unicode
../../makeucnid ../../libcpp/ucnid.tab UnicodeData.txt DerivedNormalizationProps.txt DerivedCoreProperties.txt >ucnid.h
../../makeuname2c UnicodeData.txt NameAliases.txt >uname2c.h
mv ucnid.h uname2c.h ../../libcpp
cd ../..

# configure and makefiles; all folders share our libtool, and the folder for helpers, which a newer autoconf must know early
sed -i -e '/^AC_CONFIG_AUX_DIR/d' -e '/^AC_INIT/a AC_CONFIG_AUX_DIR(..)' */configure.ac
cp /usr/share/aclocal/lt*.m4 /usr/share/aclocal/libtool.m4 /usr/share/libtool/build-aux/* \
    /usr/share/gettext/config.rpath /usr/share/automake-1.17/depcomp .
LIBTOOLIZE=true regenerate libiberty libbacktrace libcody libcpp libdecnumber gcc libgcc libstdc++-v3 libatomic

mkdir ../o
cd ../o
enter() { # enter FOLDER OPTIONS: configures a folder of the same name here; we are in it then
    mkdir -p $1
    cd $1
    source=../../gcc-15.3.0
    [ -d ${source} ] || source=../${source}
    shift
    ${source}/${PWD##*/}/configure --build=x86_64-linux-musl --prefix=/usr --disable-nls --disable-shared --disable-multilib "$@"
}

# the compilers, by GCC 10. Names for what has none are made from a seed, which would be random; no -g.
export CFLAGS='-O2 -w' CXXFLAGS='-O2 -w -frandom-seed=0' LDFLAGS=-s
for folder in libiberty libbacktrace libcody libcpp libdecnumber; do
    enter ${folder}
    make -j$(nproc)
    cd ..
done
export GMPLIBS='-lmpc -lmpfr -lgmp'
export AS_FOR_TARGET=as LD_FOR_TARGET=ld NM_FOR_TARGET=nm OBJDUMP_FOR_TARGET=objdump READELF_FOR_TARGET=readelf
enter gcc --enable-languages=c,c++ --with-build-libsubdir=. --with-system-zlib --without-zstd --disable-plugin \
    --disable-fixincludes --disable-gcov --enable-checking=release --enable-initfini-array \
    --with-specs='%{!shared:%{!static-pie:%{!pie:-static}}}'
mkdir d rust # of these languages a header each is made
make -j$(nproc) start.encap
make install-common install-driver install-cpp install-headers DESTDIR=${DESTDIR}
cd ..

# the libraries, by GCC 15
export CFLAGS=-O2 CXXFLAGS=-O2
new=${PWD}/gcc
target=x86_64-linux-musl
enter ${target}/libgcc CC="${new}/xgcc -B${new}/"
make -j$(nproc) LIBGCC2_DEBUG_CFLAGS=
make install DESTDIR=${DESTDIR}
cd ../..
enter ${target}/libstdc++-v3 CC="${new}/xgcc -B${new}/" CXX="${new}/xg++ -B${new}/ -nostdinc++" --with-target-subdir=${target} \
    --disable-libstdcxx-pch
make -j$(nproc)
make install DESTDIR=${DESTDIR}
cd ../..
enter ${target}/libatomic CC="${new}/xgcc -B${new}/"
make -j$(nproc)
make install DESTDIR=${DESTDIR}

# install: without what is for reading or for debuggers, and without second names; stripped
cd ${DESTDIR}/usr
rm -r share lib/*.la lib/*.py bin/${target}-* bin/c++ lib/gcc/${target}/15.3.0/include-fixed
ln -s gcc bin/cc
ln -s g++ bin/c++
ar rc lib/gcc/${target}/15.3.0/libgcc_eh.a # all of it is in libgcc.a; for those who ask for it by name
strip bin/cpp bin/g++ bin/gcc libexec/gcc/${target}/15.3.0/*
