# SPDX-License-Identifier: GPL-3.0-or-later
# Read by the recipes for GCC 3.4.6: unpacks what is needed of it as gcc-3.4.6, removes what others have generated (it is
# made again, or the build would notice), and edits it.
tar -xzf /distfiles/gcc-h8300-hms_3.4.6+dfsg2.orig.tar.gz --exclude '*/*/testsuite' --exclude '*/*/docs' \
    gcc-h8300-hms-3.4.6+dfsg2/gcc gcc-h8300-hms-3.4.6+dfsg2/include gcc-h8300-hms-3.4.6+dfsg2/libiberty \
    gcc-h8300-hms-3.4.6+dfsg2/libstdc++-v3
mv gcc-h8300-hms-3.4.6+dfsg2 gcc-3.4.6
cd gcc-3.4.6
rm gcc/c-parse.[cy] gcc/gengtype-yacc.[ch] gcc/cp/cfns.h
for edit in /sysa/steps/gcc-3.4.6/edits/*.edit; do
    edit ${edit}
done
cd ..
