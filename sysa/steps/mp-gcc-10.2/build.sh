# SPDX-License-Identifier: GPL-3.0-or-later
# GMP, MPFR and MPC again, by their recipes. The headers of the first ones, which they see, are the same.
set -e -o pipefail
export DESTDIR=/destdir/mp-gcc-10.2
for recipe in /sysa/steps/gmp-6.2.1/build.sh /sysa/steps/mpfr-4.2.0/build.sh /sysa/steps/mpc-1.3.1/build.sh; do
    sh ${recipe}
done
