/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For GCC's own programs and libiberty: what their configure scripts would find out on amd64 Linux with musl and
 * binutils 2.40, and where things will be installed. */
#ifndef GCC_CONFIG_H
#define GCC_CONFIG_H

/* names and places */
#define DEFAULT_TARGET_MACHINE "x86_64-linux-musl"
#define DEFAULT_TARGET_VERSION "3.4.6"
#define TARGET_NAME DEFAULT_TARGET_MACHINE
#define TARGET_MACHINE DEFAULT_TARGET_MACHINE
#define HOST_MACHINE DEFAULT_TARGET_MACHINE
#define PREFIX "/usr"
#define STANDARD_BINDIR_PREFIX "/usr/bin/"
#define STANDARD_EXEC_PREFIX "/usr/lib/gcc/"
#define STANDARD_LIBEXEC_PREFIX "/usr/libexec/gcc/"
#define STANDARD_STARTFILE_PREFIX "../../../"
#define TOOLDIR_BASE_PREFIX "../../../../"
#define GCC_INCLUDE_DIR "/usr/lib/gcc/x86_64-linux-musl/3.4.6/include"
#define GPLUSPLUS_INCLUDE_DIR "/usr/include/c++/3.4.6"
#define GPLUSPLUS_TOOL_INCLUDE_DIR "/usr/include/c++/3.4.6/x86_64-linux-musl"
#define GPLUSPLUS_BACKWARD_INCLUDE_DIR "/usr/include/c++/3.4.6/backward"
#define LOCALEDIR "/usr/share/locale"

/* the machine */
#define EXTRA_MODES_FILE "config/i386/i386-modes.def"
#define NEED_64BIT_HOST_WIDE_INT 1
#define STACK_DIRECTION -1
#define SIZEOF_SHORT 2
#define SIZEOF_INT 4
#define SIZEOF_LONG 8
#define SIZEOF_LONG_LONG 8
#define SIZEOF_VOID_P 8

/* the assembler and the linker */
#define HAVE_AS_DWARF2_DEBUG_LINE 1
#define HAVE_AS_GDWARF2_DEBUG_FLAG 1
#define HAVE_AS_GOTOFF_IN_DATA 0
#define HAVE_AS_GSTABS_DEBUG_FLAG 1
#define HAVE_AS_LEB128 1
#define HAVE_AS_TLS 1
#define HAVE_GAS_BALIGN_AND_P2ALIGN 1
#define HAVE_GAS_FILDS_FISTS 1
#define HAVE_GAS_HIDDEN 1
#define HAVE_GAS_MAX_SKIP_P2ALIGN 1
#define HAVE_GAS_SHF_MERGE 1
#define HAVE_GAS_SUBSECTION_ORDERING 1
#define HAVE_LD_AS_NEEDED 1
#define HAVE_LD_EH_FRAME_HDR 1
#define HAVE_LD_PIE 1
#define HAVE_LD_RO_RW_SECTION_MIXING 1
#define HAVE_LD_STATIC_DYNAMIC 1

/* types and headers */
#define STDC_HEADERS 1
#define STRING_WITH_STRINGS 1
#define TIME_WITH_SYS_TIME 1
#define HAVE__BOOL 1
#define HAVE_CLOCK_T 1
#define HAVE_LONG_LONG 1
#define HAVE_STRUCT_TMS 1
#define HAVE_UINTPTR_T 1
#define HAVE_ALLOCA_H 1
#define HAVE_FCNTL_H 1
#define HAVE_ICONV_H 1
#define HAVE_LIMITS_H 1
#define HAVE_LOCALE_H 1
#define HAVE_MALLOC_H 1
#define HAVE_STDBOOL_H 1
#define HAVE_STDDEF_H 1
#define HAVE_STDLIB_H 1
#define HAVE_STRINGS_H 1
#define HAVE_STRING_H 1
#define HAVE_SYS_FILE_H 1
#define HAVE_SYS_PARAM_H 1
#define HAVE_SYS_RESOURCE_H 1
#define HAVE_SYS_STAT_H 1
#define HAVE_SYS_SYSINFO_H 1
#define HAVE_SYS_TIMES_H 1
#define HAVE_SYS_TIME_H 1
#define HAVE_SYS_WAIT_H 1
#define HAVE_TIME_H 1
#define HAVE_UNISTD_H 1
#define HAVE_WCHAR_H 1

/* functions, and whether the headers declare them */
#define HAVE_DECL_ABORT 1
#define HAVE_DECL_ATOF 1
#define HAVE_DECL_ATOL 1
#define HAVE_DECL_BASENAME 0
#define HAVE_DECL_CALLOC 1
#define HAVE_DECL_CLOCK 1
#define HAVE_DECL_ERRNO 1
#define HAVE_DECL_FPRINTF_UNLOCKED 0
#define HAVE_DECL_FPUTS_UNLOCKED 0
#define HAVE_DECL_FREE 1
#define HAVE_DECL_FWRITE_UNLOCKED 1
#define HAVE_DECL_GETCWD 1
#define HAVE_DECL_GETENV 1
#define HAVE_DECL_GETOPT 1
#define HAVE_DECL_GETRLIMIT 1
#define HAVE_DECL_GETRUSAGE 1
#define HAVE_DECL_GETWD 0
#define HAVE_DECL_LDGETNAME 0
#define HAVE_DECL_MALLOC 1
#define HAVE_DECL_PUTC_UNLOCKED 1
#define HAVE_DECL_REALLOC 1
#define HAVE_DECL_SBRK 1
#define HAVE_DECL_SETRLIMIT 1
#define HAVE_DECL_SNPRINTF 1
#define HAVE_DECL_STRSIGNAL 1
#define HAVE_DECL_STRSTR 1
#define HAVE_DECL_TIMES 1
#define HAVE_DECL_VASPRINTF 1
#define HAVE_ATOLL 1
#define HAVE_CLOCK 1
#define HAVE_DUP2 1
#define HAVE_FPUTC_UNLOCKED 1
#define HAVE_FWRITE_UNLOCKED 1
#define HAVE_GETCWD 1
#define HAVE_GETRLIMIT 1
#define HAVE_GETRUSAGE 1
#define HAVE_GETTIMEOFDAY 1
#define HAVE_ICONV 1
#define ICONV_CONST
#define HAVE_KILL 1
#define HAVE_LC_MESSAGES 1
#define HAVE_MINCORE 1
#define HAVE_MMAP_ANON 1
#define HAVE_MMAP_DEV_ZERO 1
#define HAVE_MMAP_FILE 1
#define HAVE_PRINTF_PTR 1
#define HAVE_PUTC_UNLOCKED 1
#define HAVE_REALPATH 1
#define HAVE_SETLOCALE 1
#define HAVE_SETRLIMIT 1
#define HAVE_STRERROR 1
#define HAVE_STRSIGNAL 1
#define HAVE_SYSCONF 1
#define HAVE_TIMES 1
#define HAVE_VASPRINTF 1
#define HAVE_WCSWIDTH 1
#define HAVE_WORKING_MBSTOWCS 1

#ifdef IN_GCC
#include "ansidecl.h"
#endif
#endif
