/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crtn.o, which tcc links last: nothing is needed there. */
