# SPDX-License-Identifier: GPL-3.0-or-later
# Python, static: all modules in C are part of the program, for nothing can be loaded at run time.
set -e -o pipefail
RECIPE=/sysc/steps/python-3.13.5
DESTDIR=/destdir/python-3.13.5
LIBRARY=${DESTDIR}/usr/lib/python3.13

# unpack: without what is not used, so that it cannot be
tar --no-same-owner --exclude '*/Lib/test' --exclude '*/Modules/_hacl' -xf /distfiles/python3.13_3.13.5.orig.tar.xz
cd Python-3.13.5

# configure: made again. Of aclocal.m4 only the autoconf archive's macros stay, written by hand.
export LC_ALL=C SOURCE_DATE_EPOCH=0 PERL_HASH_SEED=0
mkdir m4
sed -e '1,/^m4_ifndef/d' -e '/^# pkg.m4/,$d' aclocal.m4 >m4/archive.m4
rm aclocal.m4 configure pyconfig.h.in
aclocal -I m4
autoconf
autoheader

# a module of ours, built in as well
cp ${RECIPE}/files/_libc.c Modules
printf '*static*\n_libc _libc.c\n' >Modules/Setup.local

# No modules that load libraries at run time, or need one that is not there; checksums by OpenSSL; threads with a larger stack
# than musl's eighth of a megabyte. What configure would find out by trying is said where it depends on the machine: on its /dev,
# its network, how nice the build is, and whether a Python is installed already.
export MODULE_BUILDTYPE=static LINKFORSHARED=' ' CFLAGS='-DTHREAD_STACK_SIZE=0x100000'
./configure --build=x86_64-linux-musl --prefix=/usr --disable-shared --without-static-libpython --without-ensurepip \
    --disable-test-modules --with-pkg-config=no --with-builtin-hashlib-hashes=blake2 \
    OPT='-DNDEBUG -O2' py_cv_module__ctypes=n/a py_cv_module__curses=n/a py_cv_module__curses_panel=n/a py_cv_module__dbm=n/a \
    py_cv_module__gdbm=n/a py_cv_module__tkinter=n/a py_cv_module__uuid=n/a py_cv_module_readline=n/a \
    py_cv_module__multibytecodec=n/a py_cv_module__codecs_cn=n/a py_cv_module__codecs_hk=n/a py_cv_module__codecs_iso2022=n/a \
    py_cv_module__codecs_jp=n/a py_cv_module__codecs_kr=n/a py_cv_module__codecs_tw=n/a \
    ac_cv_posix_semaphores_enabled=yes ac_cv_broken_sem_getvalue=no ac_cv_file__dev_ptmx=yes ac_cv_file__dev_ptc=no \
    ac_cv_buggy_getaddrinfo=no ac_cv_broken_nice=no PYTHON_FOR_REGEN=python3
make -j$(nproc) python Programs/_testembed pybuilddir.txt

# What Pythons before have made of Python's sources, this one makes anew, and it must be the same. Most are emptied first; the
# programs for the others change lines in them. What clinic makes is removed, for it refuses to write over what is not its own.
clinic=$(find Modules Objects Parser Python -path '*/clinic/*.h')
emptied="Include/internal/pycore_ast.h Include/internal/pycore_ast_state.h Include/internal/pycore_opcode_metadata.h
    Include/internal/pycore_token.h Include/internal/pycore_uop_ids.h Include/internal/pycore_uop_metadata.h Include/opcode_ids.h
    Modules/_sre/sre_constants.h Modules/_sre/sre_targets.h Objects/typeslots.inc Parser/parser.c Parser/token.c
    Python/Python-ast.c Python/executor_cases.c.h Python/generated_cases.c.h Python/opcode_targets.h Python/optimizer_cases.c.h
    Python/stdlib_module_names.h"
changed="Include/internal/pycore_global_objects_fini_generated.h Include/internal/pycore_global_strings.h
    Include/internal/pycore_runtime_init_generated.h Include/internal/pycore_unicodeobject_generated.h
    Lib/_opcode_metadata.py Lib/keyword.py Lib/re/_casefix.py Lib/token.py Modules/_blake2/blake2s_impl.c Python/frozen.c
    Tools/peg_generator/pegen/grammar_parser.py"
tar -cf came.tar ${clinic} ${emptied} ${changed}
rm ${clinic}
for file in ${emptied}; do
    : >${file}
done
make -o python -o Programs/_testembed PYTHON_FOR_REGEN=./python regen-cases regen-typeslots regen-token regen-ast \
    regen-keyword regen-sre regen-pegen-metaparser regen-pegen regen-global-objects regen-re regen-stdlib-module-names
./python Tools/build/freeze_modules.py --frozen-modules
sed -i '/^"_libc",$/d' Python/stdlib_module_names.h # which is ours
mkdir came
tar -xf came.tar -C came
for file in ${clinic} ${emptied} ${changed}; do
    cmp came/${file} ${file}
done

# install: no compiled modules, for they would carry the times of their sources; no folder of the build in what it says of itself
mkdir -p ${DESTDIR}/usr/bin ${DESTDIR}/usr/lib
strip -o ${DESTDIR}/usr/bin/python3.13 python
ln -s python3.13 ${DESTDIR}/usr/bin/python3
ln -s python3 ${DESTDIR}/usr/bin/python
rm -r Lib/ctypes Lib/curses Lib/ensurepip Lib/idlelib Lib/tkinter Lib/turtle.py Lib/turtledemo Lib/pydoc_data/topics.py
find . -name __pycache__ -prune -exec rm -r {} +
cp -r Lib ${LIBRARY}
mkdir ${LIBRARY}/lib-dynload
sed "s|$(pwd)|.|g" $(cat pybuilddir.txt)/_sysconfigdata_*.py >${LIBRARY}/$(basename $(cat pybuilddir.txt)/_sysconfigdata_*.py)
