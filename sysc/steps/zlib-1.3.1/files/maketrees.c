/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes trees.h: compiled with -DGEN_TREES_H, trees.c reckons its tables and writes them. */
#include "trees.c"

int main(void) {
    tr_static_init();
    return 0;
}
