# SPDX-License-Identifier: GPL-3.0-or-later
# Read by the recipes for GCC 10.2, in the directory o beside the source: what configure and the makefiles would make before
# the first program is compiled.
FILES=${RECIPE_FILES:-/sysa/steps/gcc-10.2/files}
SOURCE=../gcc-10.2.0

mkdir -p bin build gcc/analyzer gcc/c gcc/c-family gcc/common gcc/cp generated/c-family generated/common generated/d \
    generated/libatomic generated/libgcc generated/libstdc++/bits include lib libatomic libbacktrace libcpp libdecnumber/dpd \
    libgcc libiberty libstdc++/c++98 libstdc++/c++11 libstdc++/c++17 libstdc++/filesystem libstdc++/libsupc++
cp ${FILES}/*.h ${FILES}/gengtype-lex.c generated
cd generated

# configure: the headers that put the target together, and what is built for it
for header in auto-host.h bconfig.h; do
    echo '#include "config.h"' >${header}
done
cat >tconfig.h <<'END'
#define USED_FOR_TARGET
#include "config.h"
END
cat >tm_p.h <<'END'
#include "config/i386/i386-protos.h"
#include "config/linux-protos.h"
#include "tm-preds.h"
END
cat >configargs.h <<'END'
static const char configuration_arguments[] = "none: built by seedroot's own makefile";
static const char thread_model[] = "posix";
static const struct { const char *name, *value; } configure_default_options[] = { { "cpu", "generic" }, { "arch", "x86-64" } };
END
cat >multilib.h <<'END'
static const char *const multilib_raw[] = { ". ;", NULL };
static const char *const multilib_reuse_raw[] = { NULL };
static const char *const multilib_matches_raw[] = { NULL };
static const char *const multilib_exclusions_raw[] = { NULL };
static const char *multilib_extra = "";
static const char *multilib_options = "";
END
cat >bversion.h <<'END'
#define BUILDING_GCC_MAJOR 10
#define BUILDING_GCC_MINOR 2
#define BUILDING_GCC_PATCHLEVEL 0
#define BUILDING_GCC_VERSION (BUILDING_GCC_MAJOR * 1000 + BUILDING_GCC_MINOR)
END
cat >plugin-version.h <<'END'
#include "configargs.h"
static struct plugin_gcc_version gcc_version = { BASEVER, DATESTAMP, DEVPHASE, REVISION, configuration_arguments };
END
cat >backtrace-supported.h <<'END'
#define BACKTRACE_SUPPORTED 0
#define BACKTRACE_SUPPORTS_THREADS 0
END
for what in kind arch isa; do
    echo "const char omp_offload_device_${what}[] = \"\";"
done >omp-device-properties.h
cat >checksum.c <<'END'
#include "config.h"
#include "system.h"
EXPORTED_CONST unsigned char executable_checksum[16] = { 10, 2 }; // in precompiled headers: which compiler wrote them
END
cat >all-tree.def <<'END'
#include "tree.def"
END_OF_BASE_TREE_CODES
#include "c-family/c-common.def"
#include "cp/cp-tree.def"
END
echo '#include "cp/lang-specs.h"' >specs.h
echo '#include <stdint.h>' >gstdint.h
echo '#define LOCALEDIR "/usr/share/locale"' >localedir.h
: >d/d-target.def # genhooks reads it; no D here

# the same for libgcc
cat >libgcc/libgcc_tm.h <<'END'
#include "config/i386/elf-lib.h"
#include "config/i386/value-unwind.h"
END
cat >libgcc/auto-target.h <<'END'
#define AS_HIDDEN_DIRECTIVE .hidden
#define HAVE_AS_AVX 1
#define HAVE_AS_CFI_SECTIONS 1
#define HAVE_GETIPINFO 1
#define HAVE_INIT_PRIORITY 1
END
echo '#include "gthr-posix.h"' >libgcc/gthr-default.h
echo '#include "config/i386/linux-unwind.h"' >libgcc/md-unwind-support.h
echo '#include "config/i386/sfp-machine.h"' >libgcc/sfp-machine.h
cp ../${SOURCE}/libgcc/unwind-generic.h libgcc/unwind.h

# the same for libatomic: up to 8 bytes without a lock
{
    for size in 1 2 4 8 16; do
        echo "#define HAVE_INT${size} 1"
        echo "#define FAST_ATOMIC_LDST_${size} HAVE_ATOMIC_LDST_${size}"
        for operation in LDST CAS EXCHANGE FETCH_ADD FETCH_OP TAS; do
            echo "#define HAVE_ATOMIC_${operation}_${size} (${size} < 16)"
            echo "#define MAYBE_HAVE_ATOMIC_${operation}_${size} HAVE_ATOMIC_${operation}_${size}"
        done
    done
    cat <<'END'
#undef HAVE_ATOMIC_TAS_16
#define HAVE_ATOMIC_TAS_16 1
#define HAVE_ATTRIBUTE_ALIAS 1
#define HAVE_ATTRIBUTE_VISIBILITY 1
#define HAVE_FENV_H 1
#define HAVE_IFUNC 0
#define HAVE_INTTYPES_H 1
#define HAVE_STDINT_H 1
#define HAVE_STRING_H 1
#define STRING_WITH_STRINGS 1
#define WORDSIZE 8
#define WORDS_BIGENDIAN 0
END
} >libatomic/auto-config.h
echo '#include <stdint.h>' >libatomic/gstdint.h
: >libstdc++/bits/largefile-config.h

# the lists of objects
S=../${SOURCE}/gcc
list() { # list FILE VARIABLES: their definitions in a makefile
    file=$1
    shift
    for variable in "$@"; do
        sed -n "/^${variable} *=/,/[^\\\\]\$/p" ${S}/${file}
    done
}
{
    list Makefile.in C_COMMON_OBJS ANALYZER_OBJS OBJS OBJS-libcommon OBJS-libcommon-target COLLECT2_OBJS
    list c/Make-lang.in C_AND_OBJC_OBJS
    list cp/Make-lang.in CXX_C_OBJS CXX_AND_OBJCXX_OBJS
} >lists.mk

# the garbage collector: the files whose data it walks
{
    for file in ../libcpp/include/line-map.h ../libcpp/include/cpplib.h input.h coretypes.h ../include/ansidecl.h; do
        echo ${S}/${file}
    done
    echo options.h
    sed -n 's,^#include "\(config/.*\)",'${S}'/\1,p' tm.h
    for file in defaults.h ../include/hashtab.h ../include/splay-tree.h ../libcpp/include/symtab.h ../include/obstack.h \
        config/i386/i386.c config/i386/i386-builtins.c config/i386/i386-expand.c config/i386/i386-options.c; do
        echo ${S}/${file}
    done
    list Makefile.in GTFILES | tr ' \\' '\n\n' | sed -n -e '/input\.h$/d' -e '/coretypes/d' -e 's,$(srcdir),'${S}',p'
    for language in c cp; do
        echo "[${language}]"
        sed -n '/^gtfiles=/,/[^\\]$/p' ${S}/${language}/config-lang.in | tr -d '\\"' | sed 's/^gtfiles=//' | tr ' ' '\n' |
            sed -n 's,$(srcdir),'${S}',p'
    done
} >gtyp-input.list

# command-line options; the types of built-in functions; the passes
export LC_ALL=C
awk -f ${S}/opt-gather.awk ${S}/lto/lang.opt ${S}/c-family/c.opt ${S}/common.opt ${S}/params.opt ${S}/analyzer/analyzer.opt \
    ${S}/config/fused-madd.opt ${S}/config/i386/i386.opt ${S}/config/gnu-user.opt ${S}/config/linux.opt \
    ${S}/config/linux-android.opt >optionlist
options() { # options SCRIPT HEADERS
    awk -f ${S}/opt-functions.awk -f ${S}/opt-read.awk -f ${S}/$1 -v header_name="$2" optionlist
}
options optc-gen.awk 'config.h system.h coretypes.h options.h tm.h' >options.c
options optc-save-gen.awk 'config.h system.h coretypes.h tm.h' >options-save.c
options opth-gen.awk >options.h
awk -f ${S}/config/i386/i386-builtin-types.awk ${S}/config/i386/i386-builtin-types.def >i386-builtin-types.inc
awk -f ${S}/gen-pass-instances.awk ${S}/passes.def ${S}/config/i386/i386-passes.def >pass-instances.def

# the functions of C's library that throw no exceptions, and the standard that they are from (upstream: a hash table by gperf)
{
    echo 'struct libc_name_struct { const char *name; int c_ver; };'
    echo 'static const libc_name_struct libc_names[] = {'
    sed -e '1,/^%%/d' -e '/^#/d' -e 's/\([^,]*\), *\([0-9]*\)/{"\1", \2},/' ${S}/cp/cfns.gperf | sort
    echo '};'
    cat <<'END'
struct libc_name
{
  static int compare (const void *name, const void *entry)
  { return strcmp ((const char *) name, ((const libc_name_struct *) entry)->name); }
  static const libc_name_struct *libc_name_p (const char *name, unsigned)
  { return (const libc_name_struct *) bsearch (name, libc_names, ARRAY_SIZE (libc_names), sizeof *libc_names, compare); }
};
END
} >${S}/cp/cfns.h
cd ..

# the new compiler's own headers
cp ${SOURCE}/gcc/ginclude/float.h ${SOURCE}/gcc/ginclude/iso646.h ${SOURCE}/gcc/ginclude/std*.h \
    ${SOURCE}/gcc/ginclude/varargs.h ${SOURCE}/gcc/config/i386/*intrin.h ${SOURCE}/gcc/config/i386/mm3dnow.h \
    ${SOURCE}/gcc/config/i386/cpuid.h ${SOURCE}/gcc/config/i386/cet.h ${SOURCE}/gcc/config/i386/cross-stdarg.h \
    generated/libgcc/unwind.h include
cp ${SOURCE}/gcc/config/i386/pmm_malloc.h include/mm_malloc.h
mv include/stdint-wrap.h include/stdint.h
cat ${SOURCE}/gcc/limitx.h ${SOURCE}/gcc/glimits.h ${SOURCE}/gcc/limity.h >include/limits.h
cp ${SOURCE}/gcc/gsyslimits.h include/syslimits.h
