/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes inffixed.h on its output, by a function that inflate.c has when compiled with -DMAKEFIXED. */
void makefixed(void);

int main(void) {
    makefixed();
    return 0;
}
