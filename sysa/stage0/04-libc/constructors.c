// SPDX-License-Identifier: GPL-3.0-or-later
// Programs without constructors. Where there are some, the compiler links crti.o, whose functions come first.

void __constructors(void) {
}

void __destructors(void) {
}
