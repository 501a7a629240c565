// SPDX-License-Identifier: GPL-3.0-or-later
long double ldexpl(long double x, int n);
