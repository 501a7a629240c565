# SPDX-License-Identifier: GPL-3.0-or-later
# binutils again, by GCC.
set -e -o pipefail
CC=gcc
CFLAGS=-O2
AR=ar
DESTDIR=/destdir/binutils-2.40-gcc
. /sysa/steps/binutils-2.40/build.sh
