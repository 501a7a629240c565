# SPDX-License-Identifier: GPL-3.0-or-later
# Texinfo's programs that write: without the reader, which wants a library for terminals, and without Perl modules in C.
set -e -o pipefail
DESTDIR=/destdir/texinfo-6.8
export CFLAGS='-O2 -std=gnu17' # written when () said nothing of parameters
. /sysc/autotools.sh
. /sysc/gnulib.sh

unpack texinfo_6.8.orig.tar.xz
(cd tp && PATH=/usr/bin perl maintain/regenerate_documentlanguages.pl) # wants to fetch first, and uses what is there if it cannot
echo 'document_strings_mo_files =' >tp/Makefile.docstr                 # no translations
regenerate
configure --disable-perl-xs

for folder in gnulib/lib install-info tp; do
    make -j$(nproc) -C ${folder}
done

for folder in install-info tp; do
    make_install -C ${folder}
done

# does it work?
printf '%s\n' '\input texinfo' '@setfilename try.info' '@node Top' '@top A title' 'A word in @emph{between}.' '@bye' >try.texi
TEXINFO_DEV_SOURCE=1 top_srcdir=. top_builddir=. perl tp/texi2any --plaintext try.texi | grep -x 'A word in _between_.'
