// SPDX-License-Identifier: GPL-3.0-or-later
// Floating-point numbers as their bits: our library's printf knows integers only.
static unsigned long bits(double x)
{
    union { double value; unsigned long bits; } u;
    u.value = x;
    return u.bits;
}

static unsigned single(float x)
{
    union { float value; unsigned bits; } u;
    u.value = x;
    return u.bits;
}

static void show(long double x)
{
    union { long double value; struct { unsigned long mantissa; unsigned short top; } bits; } u;
    u.value = x;
    printf("%x:%lx\n", u.bits.top, u.bits.mantissa);
}
