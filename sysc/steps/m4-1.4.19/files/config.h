/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What m4's configure would find out on amd64 Linux with musl. What musl has, m4 takes from there, not from gnulib. */
#define _GNU_SOURCE 1
#include <stdint.h>
#include <stdio_ext.h>
#include <sys/types.h>
#include "gnulib.h" /* the attributes of functions, which build.sh takes from m4/gnulib-common.m4 */

#define PACKAGE "m4"
#define PACKAGE_NAME "GNU M4"
#define PACKAGE_STRING "GNU M4 1.4.19"
#define PACKAGE_BUGREPORT "bug-m4@gnu.org"
#define VERSION "1.4.19"
#define SYSCMD_SHELL "/bin/sh"

/* musl */
#define HAVE___FPENDING 1
#define HAVE_DECL___FPENDING 1
#define HAVE_DECL_PROGRAM_INVOCATION_NAME 1
#define HAVE_DECL_PROGRAM_INVOCATION_SHORT_NAME 1
#define HAVE_DECL_STRERROR_R 1
#define HAVE___FREADAHEAD 1
#define HAVE_PIPE2 1
#define O_BINARY 0
#define O_TEXT 0
#define RENAME_OPEN_FILE_WORKS 1
#define posix_spawn_file_actions_addchdir posix_spawn_file_actions_addchdir_np
void *rawmemchr(const void *, int); /* from gnulib */

/* warnings, which gnulib asks for in its own <stdio.h> and <string.h> */
#define _GL_ARG_NONNULL(parameters)
#define _GL_ATTRIBUTE_FORMAT_PRINTF_STANDARD(format, first)

/* what gnulib's modules ask about each other */
#define GNULIB_CLOSE_STREAM 1
#define GNULIB_FD_SAFER_FLAG 1
#define GNULIB_FILENAMECAT 1
#define GNULIB_FOPEN_SAFER 1
#define GNULIB_PIPE2_SAFER 1
#define GNULIB_XALLOC 1
#define GNULIB_XALLOC_DIE 1
