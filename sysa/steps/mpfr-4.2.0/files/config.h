/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What MPFR's configure would find out on amd64 Linux with musl. Not chosen: thread-local storage, decimal and 128-bit
 * floating-point numbers, none of which GCC 3.4 has been told of; and GMP's inner functions. */
#define NO_ASM 1

/* the machine */
#define HAVE_DOUBLE_IEEE_LITTLE_ENDIAN 1
#define HAVE_LDOUBLE_IEEE_EXT_LITTLE 1
#define HAVE_LITTLE_ENDIAN 1

/* the compiler */
#define HAVE_ATTRIBUTE_MODE 1
#define HAVE_LONG_LONG 1
#define HAVE_STDARG 1
#define HAVE_VA_COPY 1

/* the library */
#define HAVE_ALLOCA 1
#define HAVE_ALLOCA_H 1
#define HAVE_INTTYPES_H 1
#define HAVE_LOCALE_H 1
#define HAVE_STDINT_H 1
#define HAVE_STRUCT_LCONV_DECIMAL_POINT 1
#define HAVE_STRUCT_LCONV_THOUSANDS_SEP 1
#define HAVE_WCHAR_H 1
#define MPFR_HAVE_INTMAX_MAX 1
