// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef _MATH_H
#define _MATH_H

#define HUGE_VAL 1e400

double acos(double x);
double asin(double x);
double atan(double x);
double ceil(double x);
double cos(double x);
double cosh(double x);
double exp(double x);
double fabs(double x);
double floor(double x);
double frexp(double x, int *exponent);
double ldexp(double x, int n);
long double ldexpl(long double x, int n);
double log(double x);
double log10(double x);
double pow(double x, double y);
double round(double x);
double sin(double x);
double sinh(double x);
double sqrt(double x);
double tan(double x);
double tanh(double x);

#endif
