// SPDX-License-Identifier: GPL-3.0-or-later
double ldexp(double x, int n);
long double ldexpl(long double x, int n);
