# SPDX-License-Identifier: GPL-3.0-or-later
# Perl: one static program with all its modules that are in C, and a folder of those in Perl.
set -e -o pipefail
RECIPE=/sysc/steps/perl-5.40.1
DESTDIR=/destdir/perl-5.40.1
. /sysc/autotools.sh

unpack perl_5.40.1.orig.tar.xz
chmod -R u+w .
sha256sum *.[ch] *.inc lib/warnings.pm lib/feature.pm lib/overload/numbers.pm lib/B/Op_private.pm lib/unicore/uni_keywords.pl \
    >../shipped

# configure: facts says what it would find out. cflags.SH would ask for warnings if it knew that it has a GCC.
awk -f ${RECIPE}/files/config.awk ${RECIPE}/files/facts config_h.SH >config.sh
for script in cflags config_h Makefile; do
    sh ${script}.SH
done
echo "gccversion='10.2.0'" >>config.sh
touch cflags config.h Makefile

# compile: first miniperl, which then makes the Unicode tables and turns the modules' makefiles and glue into C
make -f Makefile -j$(nproc) MAKEDEPEND= perl

# Perl's authors made some files with Perl. This Perl must make the same of what they made them from.
for script in embed feature mg_vtable miniperlmain opcode overload reentr regcomp scope_types warnings locale \
    genpacksizetables unicode_constants regcharclass mk_PL_charclass ebcdic mk_invlists; do
    ./perl -Ilib -I. regen/${script}.pl
done
sha256sum -c ../shipped

# does it work?
for module in B Cwd Data::Dumper Digest::SHA Encode Fcntl File::Glob IO::File List::Util MIME::Base64 POSIX Socket Storable \
    Time::HiRes Unicode::Normalize; do
    ./perl -Ilib -M${module} -e 1
done

# install: the program, and of lib/ the modules and what they read; no documentation, no tests, nothing for making more modules
mkdir -p ${DESTDIR}/usr/bin ${DESTDIR}/usr/lib/perl5
cp perl ${DESTDIR}/usr/bin
strip ${DESTDIR}/usr/bin/perl
cp cpan/podlators/blib/script/pod2man cpan/podlators/blib/script/pod2text ${DESTDIR}/usr/bin
chmod 755 ${DESTDIR}/usr/bin/*
cd lib
rm -r ExtUtils unicore/TestProp.pl unicore/TestNorm.pl buildcustomize.pl perl5db.pl
find . -type f ! \( -name '*.p[lm]' -o -name '*.al' -o -name '*.ix' -o -name Blocks.txt -o -name NamedSequences.txt \
    -o -name SpecialCasing.txt -o -path ./unicore/version \) -exec rm -f {} +
find . -depth -mindepth 1 -type d -exec rmdir {} + 2>/dev/null || true # those that are empty now
cp -r . ${DESTDIR}/usr/lib/perl5
find ${DESTDIR}/usr/lib/perl5 -type f -exec chmod 644 {} +
