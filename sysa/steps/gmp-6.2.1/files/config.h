/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What GMP's configure would find out on amd64 Linux with musl, when it is told to use no assembly. */

/* choices */
#define VERSION "6.2.1"
#define NO_ASM 1
#define TUNE_SQR_TOOM2_MAX SQR_TOOM2_MAX_GENERIC
#define WANT_FFT 1
#define WANT_TMP_ALLOCA 1

/* the machine */
#define HAVE_DOUBLE_IEEE_LITTLE_ENDIAN 1
#define HAVE_LIMB_LITTLE_ENDIAN 1
#define SIZEOF_MP_LIMB_T 8
#define SIZEOF_UNSIGNED 4
#define SIZEOF_UNSIGNED_LONG 8
#define SIZEOF_UNSIGNED_SHORT 2

/* the compiler: GCC 3.4 does not know `restrict` by default */
#define restrict __restrict
#define HAVE_ATTRIBUTE_CONST 1
#define HAVE_ATTRIBUTE_MALLOC 1
#define HAVE_ATTRIBUTE_MODE 1
#define HAVE_ATTRIBUTE_NORETURN 1

/* types and headers */
#define HAVE_INTMAX_T 1
#define HAVE_INTPTR_T 1
#define HAVE_LONG_DOUBLE 1
#define HAVE_LONG_LONG 1
#define HAVE_PTRDIFF_T 1
#define HAVE_QUAD_T 1
#define HAVE_UINT_LEAST32_T 1
#define HAVE_ALLOCA_H 1
#define HAVE_FLOAT_H 1
#define HAVE_INTTYPES_H 1
#define HAVE_LANGINFO_H 1
#define HAVE_LOCALE_H 1
#define HAVE_STDINT_H 1
#define HAVE_SYS_TYPES_H 1
#define HAVE_UNISTD_H 1

/* functions */
#define HAVE_DECL_FGETC 1
#define HAVE_DECL_FSCANF 1
#define HAVE_DECL_UNGETC 1
#define HAVE_DECL_VFPRINTF 1
#define HAVE_ALLOCA 1
#define HAVE_LOCALECONV 1
#define HAVE_MEMSET 1
#define HAVE_NL_LANGINFO 1
#define HAVE_RAISE 1
#define HAVE_STRCHR 1
#define HAVE_STRNLEN 1
#define HAVE_VSNPRINTF 1
