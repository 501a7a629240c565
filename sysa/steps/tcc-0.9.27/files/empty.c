/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crti.o and crtn.o, between which tcc links everything: the library needs nothing there. */
