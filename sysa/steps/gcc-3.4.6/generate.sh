# SPDX-License-Identifier: GPL-3.0-or-later
# Read by the recipes for GCC 3.4.6, in the directory o beside the source: what configure and the makefiles would make
# before the first program is compiled.
RECIPE=/sysa/steps/gcc-3.4.6
SOURCE=../gcc-3.4.6

mkdir -p bin build cp gcc generated include libgcc libiberty libstdc++/src libstdc++/libsupc++ libstdc++/config/cpu/i486 \
    libstdc++/config/io libstdc++/config/locale/generic
cp ${RECIPE}/files/config.h generated
cd generated

# configure: the headers that put the target together, and what is built for it
echo '#include "config.h"' >bconfig.h
echo '#define HAVE_GAS_HIDDEN 1' >auto-host.h # for libgcc
cat >tconfig.h <<'EOF'
#ifndef GCC_TCONFIG_H
#define GCC_TCONFIG_H
#include "ansidecl.h"
#define USED_FOR_TARGET
#endif
EOF
cat >tm.h <<'EOF'
#ifndef GCC_TM_H
#define GCC_TM_H
#include "config/i386/biarch64.h"
#include "config/i386/i386.h"
#include "config/i386/unix.h"
#include "config/i386/att.h"
#include "config/dbxelf.h"
#include "config/elfos.h"
#include "config/svr4.h"
#include "config/linux.h"
#include "config/i386/x86-64.h"
#include "config/i386/linux64.h"
#include "defaults.h"
#if !defined GENERATOR_FILE && !defined USED_FOR_TARGET
#include "insn-constants.h"
#include "insn-flags.h"
#endif
#endif
EOF
cat >tm_p.h <<'EOF'
#include "config/i386/i386-protos.h"
#include "tm-preds.h"
EOF
cat >configargs.h <<'EOF'
static const char configuration_arguments[] = "none: built by seedroot's own makefile";
static const char thread_model[] = "single";
static const struct { const char *name, *value; } configure_default_options[] = { { "cpu", "k8" } };
EOF
cat >multilib.h <<'EOF'
static const char *const multilib_raw[] = { ". ;", NULL };
static const char *const multilib_matches_raw[] = { NULL };
static const char *const multilib_exclusions_raw[] = { NULL };
static const char *multilib_extra = "";
static const char *multilib_options = "";
#define DISABLE_MULTILIB 1
EOF
echo '#include "cp/cp-tree.def"' >gencheck.h
echo '#include "cp/lang-specs.h"' >specs.h

# the garbage collector: the files whose data it walks
S=../${SOURCE}/gcc
strings() {
    printf '"%s",\n' "$@"
}
c='c-lang.c c-parse.in c-tree.h c-decl.c c-common.c c-common.h c-pragma.c c-objc-common.c'
cxx='cp/mangle.c cp/name-lookup.h cp/name-lookup.c cp/cp-tree.h cp/decl.h cp/lex.h cp/call.c cp/decl.c cp/decl2.c cp/pt.c
    cp/repo.c cp/semantics.c cp/tree.c cp/parser.c cp/method.c c-common.c c-common.h c-pragma.c'
all='input.h coretypes.h cpplib.h ../include/ansidecl.h config/i386/biarch64.h config/i386/i386.h config/i386/unix.h
    config/i386/att.h config/dbxelf.h config/elfos.h config/svr4.h config/linux.h config/i386/x86-64.h config/i386/linux64.h
    defaults.h ../include/hashtab.h ../include/splay-tree.h bitmap.h coverage.c function.h rtl.h optabs.h tree.h libfuncs.h
    hashtable.h real.h varray.h insn-addr.h cselib.h basic-block.h cgraph.h c-common.h c-tree.h alias.c bitmap.c cselib.c
    cgraph.c dbxout.c dwarf2out.c dwarf2asm.c dojump.c emit-rtl.c except.c explow.c expr.c fold-const.c function.c gcse.c
    integrate.c lists.c optabs.c profile.c ra-build.c regclass.c reg-stack.c cfglayout.c langhooks.c sdbout.c stmt.c
    stor-layout.c stringpool.c tree.c varasm.c config/i386/i386.c'
{
    echo "static const char *const srcdir = \"${S}\";"
    echo 'static const char *const lang_files[] = {'
    for file in ${cxx} ${c}; do strings ${S}/${file}; done
    echo 'NULL };'
    echo 'static const char *const langs_for_lang_files[] = {'
    for file in ${cxx}; do strings cp; done
    for file in ${c}; do strings c; done
    echo 'NULL };'
    echo 'static const char *const all_files[] = {'
    for file in ${all} ${cxx} ${c}; do strings ${S}/${file}; done
    echo 'NULL };'
    echo 'static const char *const lang_dir_names[] = { "c", "cp", NULL };'
} >gtyp-gen.h

# command-line options; parsers; the functions of C's library that throw no exceptions (upstream: a hash table by gperf)
sh ${S}/opts.sh mv options.c options.h ${S}/c.opt ${S}/common.opt
sed -e '/^@@ifobjc/,/^@@end_ifobjc/d' -e '/^@@ifc/d' -e '/^@@end_ifc/d' ${S}/c-parse.in >c-parse.y
yacc -o c-parse.c c-parse.y
yacc -d -o gengtype-yacc.c ${S}/gengtype-yacc.y
{
    echo 'static const char *libc_name_p (const char *name, unsigned int length) {'
    echo 'static const char *const names[] = {'
    sed -e '1,/^%%/d' -e '/^#/d' -e 's/.*/"&",/' ${S}/cp/cfns.gperf
    echo '0 };'
    echo 'int i; for (i = 0; names[i]; i++) if (strcmp (names[i], name) == 0) return names[i]; return 0; }'
} >${S}/cp/cfns.h
cd ..

# the new compiler's own headers
cp ${SOURCE}/gcc/ginclude/float.h ${SOURCE}/gcc/ginclude/iso646.h ${SOURCE}/gcc/ginclude/stdarg.h \
    ${SOURCE}/gcc/ginclude/stdbool.h ${SOURCE}/gcc/ginclude/stddef.h ${SOURCE}/gcc/ginclude/varargs.h ${SOURCE}/gcc/unwind.h \
    ${SOURCE}/gcc/config/i386/mmintrin.h ${SOURCE}/gcc/config/i386/xmmintrin.h ${SOURCE}/gcc/config/i386/emmintrin.h \
    ${SOURCE}/gcc/config/i386/pmmintrin.h include
cat ${SOURCE}/gcc/limitx.h ${SOURCE}/gcc/glimits.h ${SOURCE}/gcc/limity.h >include/limits.h
cp ${SOURCE}/gcc/gsyslimits.h include/syslimits.h
