/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For GCC's own programs and the libraries inside of them: what their configure scripts would find out on amd64 Linux with
 * binutils 2.40, whichever the C library is, and where things will be installed. The target's libraries read only the end. */
#ifndef GCC_CONFIG_H
#define GCC_CONFIG_H

#ifndef USED_FOR_TARGET

/* names and places */
#define BASEVER "10.2.0"
#define DATESTAMP ""
#define DEVPHASE ""
#define REVISION ""
#define PKGVERSION "(GCC) "
#define BUGURL "<https://gcc.gnu.org/bugs/>"
#define DOCUMENTATION_ROOT_URL "https://gcc.gnu.org/onlinedocs/"
#define TARGET_NAME "x86_64-linux-musl"
#define TARGET_MACHINE TARGET_NAME
#define HOST_MACHINE TARGET_NAME
#define DEFAULT_TARGET_MACHINE TARGET_NAME
#define DEFAULT_REAL_TARGET_MACHINE TARGET_NAME
#define DEFAULT_TARGET_VERSION BASEVER
#define PREFIX "/usr/"
#define STANDARD_BINDIR_PREFIX "/usr/bin/"
#define STANDARD_EXEC_PREFIX "/usr/lib/gcc/"
#define STANDARD_LIBEXEC_PREFIX "/usr/libexec/gcc/"
#define STANDARD_STARTFILE_PREFIX "../../../"
#define TOOLDIR_BASE_PREFIX "../../../../"
#define ACCEL_DIR_SUFFIX ""
#define CONFIGURE_SPECS ""
#define GCC_INCLUDE_DIR STANDARD_EXEC_PREFIX TARGET_NAME "/" BASEVER "/include"
#define FIXED_INCLUDE_DIR GCC_INCLUDE_DIR "-fixed"
#define GPLUSPLUS_INCLUDE_DIR "/usr/include/c++/" BASEVER
#define GPLUSPLUS_INCLUDE_DIR_ADD_SYSROOT 0
#define GPLUSPLUS_TOOL_INCLUDE_DIR GPLUSPLUS_INCLUDE_DIR "/" TARGET_NAME
#define GPLUSPLUS_BACKWARD_INCLUDE_DIR GPLUSPLUS_INCLUDE_DIR "/backward"
#define LOCAL_INCLUDE_DIR "/usr/local/include"
#define TOOL_INCLUDE_DIR "/usr/" TARGET_NAME "/include"
#define NATIVE_SYSTEM_HEADER_DIR "/usr/include"
#define LOCALEDIR "/usr/share/locale"

/* choices, as --enable-checking=release and the rest of upstream's defaults would make them */
#define CHECKING_P 0
#define DEFAULT_USE_CXA_ATEXIT 2
#define DIAGNOSTICS_COLOR_DEFAULT DIAGNOSTICS_COLOR_AUTO
#define DIAGNOSTICS_URLS_DEFAULT DIAGNOSTICS_URL_AUTO
#define ENABLE_ANALYZER 1
#define ENABLE_ASSERT_CHECKING 1
#define ENABLE_CANONICAL_SYSTEM_HEADERS 1
#define ENABLE_DECIMAL_BID_FORMAT 0
#define ENABLE_DECIMAL_FLOAT 0
#define ENABLE_EXTRA_CHECKING 0
#define ENABLE_FIXED_POINT 0
#define ENABLE_OFFLOADING 0
#define ENABLE_VTABLE_VERIFY 0
#define GATHER_STATISTICS 0
#define HAVE_LTO_PLUGIN 0
#define OFFLOAD_TARGETS ""
#define PACKAGE "cpplib"

/* the machine; compilers before GCC 4.6 do not say in which order it has its bytes */
#ifndef __BYTE_ORDER__
#define __ORDER_LITTLE_ENDIAN__ 1234
#define __ORDER_BIG_ENDIAN__ 4321
#define __ORDER_PDP_ENDIAN__ 3412
#define __BYTE_ORDER__ __ORDER_LITTLE_ENDIAN__
#endif
#define EXTRA_MODES_FILE "config/i386/i386-modes.def"
#define HAVE_LONG_LONG 1
#define INT64_T_IS_LONG 1
#define SIZEOF_SHORT 2
#define SIZEOF_INT 4
#define SIZEOF_LONG 8
#define SIZEOF_LONG_LONG 8
#define SIZEOF_SIZE_T 8
#define SIZEOF_VOID_P 8
#define STACK_DIRECTION -1
#define UNSIGNED_64BIT_TYPE uint64_t

/* the assembler and the linker */
#define AS_COMPRESS_DEBUG_OPTION "--compress-debug-sections"
#define AS_NO_COMPRESS_DEBUG_OPTION "--nocompress-debug-sections"
#define HAVE_AS_COMPRESS_DEBUG 2
#define HAVE_AS_DEBUG_PREFIX_MAP 1
#define HAVE_AS_DWARF2_DEBUG_LINE 1
#define HAVE_AS_DWARF2_DEBUG_VIEW 1
#define HAVE_AS_GDWARF2_DEBUG_FLAG 1
#define HAVE_AS_GOTOFF_IN_DATA 1
#define HAVE_AS_GSTABS_DEBUG_FLAG 1
#define HAVE_AS_IX86_DIFF_SECT_DELTA 1
#define HAVE_AS_IX86_FFREEP 1
#define HAVE_AS_IX86_FILDQ 1
#define HAVE_AS_IX86_FILDS 1
#define HAVE_AS_IX86_GOT32X 1
#define HAVE_AS_IX86_HLE 1
#define HAVE_AS_IX86_INTERUNIT_MOVQ 1
#define HAVE_AS_IX86_QUAD 1
#define HAVE_AS_IX86_REP_LOCK_PREFIX 1
#define HAVE_AS_IX86_SAHF 1
#define HAVE_AS_IX86_TLSLDM 0
#define HAVE_AS_IX86_TLSLDMPLT 0
#define HAVE_AS_IX86_TLS_GET_ADDR_GOT 1
#define HAVE_AS_IX86_UD2 1
#define HAVE_AS_LEB128 1
#define HAVE_AS_LINE_ZERO 1
#define HAVE_AS_STABS_DIRECTIVE 1
#define HAVE_AS_TLS 1
#define HAVE_COMDAT_GROUP 1
#define HAVE_GAS_BALIGN_AND_P2ALIGN 1
#define HAVE_GAS_DISCRIMINATOR 1
#define HAVE_GAS_LOC_STMT 1
#define HAVE_GAS_MAX_SKIP_P2ALIGN 1
#define HAVE_GAS_SECTION_EXCLUDE 1
#define HAVE_GAS_SHF_MERGE 1
#define HAVE_GAS_SUBSECTION_ORDERING 1
#define HAVE_GAS_WEAK 1
#define HAVE_GAS_WEAKREF 1
#define HAVE_GNU_AS 1
#define HAVE_GNU_INDIRECT_FUNCTION 0
#define HAVE_GNU_LD 1
#define HAVE_INITFINI_ARRAY_SUPPORT 1
#define HAVE_LD_ALIGNED_SHF_MERGE 1
#define HAVE_LD_AS_NEEDED 1
#define HAVE_LD_BUILDID 1
#define HAVE_LD_COMPRESS_DEBUG 3
#define HAVE_LD_DEMANGLE 1
#define HAVE_LD_EH_FRAME_CIEV3 1
#define HAVE_LD_EH_GC_SECTIONS 1
#define HAVE_LD_PIE 1
#define HAVE_LD_PIE_COPYRELOC 1
#define HAVE_LD_PUSHPOPSTATE_SUPPORT 1
#define HAVE_LD_RO_RW_SECTION_MIXING 1
#define HAVE_LD_STATIC_DYNAMIC 1
#define HAVE_LD_SYSROOT 1
#define LD_AS_NEEDED_OPTION "--push-state --as-needed"
#define LD_COMPRESS_DEBUG_OPTION "--compress-debug-sections"
#define LD_DYNAMIC_OPTION "-Bdynamic"
#define LD_NO_AS_NEEDED_OPTION "--pop-state"
#define LD_STATIC_OPTION "-Bstatic"
#define PLUGIN_LD_SUFFIX "ld"
#define TARGET_LIBC_PROVIDES_SSP 1

/* headers */
#define STDC_HEADERS 1
#define STRING_WITH_STRINGS 1
#define TIME_WITH_SYS_TIME 1
#define HAVE_ALLOCA_H 1
#define HAVE_FCNTL_H 1
#define HAVE_FTW_H 1
#define HAVE_INTTYPES_H 1
#define HAVE_LIMITS_H 1
#define HAVE_LOCALE_H 1
#define HAVE_MALLOC_H 1
#define HAVE_STDDEF_H 1
#define HAVE_STDINT_H 1
#define HAVE_STDLIB_H 1
#define HAVE_STRINGS_H 1
#define HAVE_STRING_H 1
#define HAVE_SYS_FILE_H 1
#define HAVE_SYS_MMAN_H 1
#define HAVE_SYS_PARAM_H 1
#define HAVE_SYS_PRCTL_H 1
#define HAVE_SYS_RESOURCE_H 1
#define HAVE_SYS_STAT_H 1
#define HAVE_SYS_TIMES_H 1
#define HAVE_SYS_TIME_H 1
#define HAVE_SYS_TYPES_H 1
#define HAVE_SYS_WAIT_H 1
#define HAVE_TIME_H 1
#define HAVE_UNISTD_H 1
#define HAVE_WCHAR_H 1

/* types and functions, and whether the headers declare them */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#define HAVE_CLOCK_T 1
#define HAVE_STRUCT_TMS 1
#if __GNUC__ > 3
#define HAVE_SWAP_IN_UTILITY 1
#endif
#define HAVE_UINTPTR_T 1
#define HAVE_DECL_ASPRINTF 1
#define HAVE_DECL_ATOLL 1
#define HAVE_DECL_BASENAME 1
#define HAVE_DECL_CALLOC 1
#define HAVE_DECL_CLOCK 1
#define HAVE_DECL_FFS 1
#define HAVE_DECL_GETENV 1
#define HAVE_DECL_GETOPT 1
#define HAVE_DECL_GETRUSAGE 1
#define HAVE_DECL_LDGETNAME 0
#define HAVE_DECL_MADVISE 1
#define HAVE_DECL_MALLOC 1
#define HAVE_DECL_PUTC_UNLOCKED 1
#define HAVE_DECL_REALLOC 1
#define HAVE_DECL_SBRK 1
#define HAVE_DECL_SNPRINTF 1
#define HAVE_DECL_STRNLEN 1
#define HAVE_DECL_STRTOL 1
#define HAVE_DECL_STRTOLL 1
#define HAVE_DECL_STRTOUL 1
#define HAVE_DECL_STRTOULL 1
#define HAVE_DECL_STRVERSCMP 1
#define HAVE_DECL_TIMES 1
#define HAVE_DECL_VASPRINTF 1
#define HAVE_DECL_VSNPRINTF 1
#define HAVE_CLEARERR_UNLOCKED 1
#define HAVE_CLOCK 1
#define HAVE_DUP3 1
#define HAVE_FEOF_UNLOCKED 1
#define HAVE_FERROR_UNLOCKED 1
#define HAVE_FFLUSH_UNLOCKED 1
#define HAVE_FGETC_UNLOCKED 1
#define HAVE_FGETS_UNLOCKED 1
#define HAVE_FILENO_UNLOCKED 1
#define HAVE_FPUTC_UNLOCKED 1
#define HAVE_FPUTS_UNLOCKED 1
#define HAVE_FREAD_UNLOCKED 1
#define HAVE_FWRITE_UNLOCKED 1
#define HAVE_GETCHAR_UNLOCKED 1
#define HAVE_GETCWD 1
#define HAVE_GETC_UNLOCKED 1
#define HAVE_GETRLIMIT 1
#define HAVE_GETRUSAGE 1
#define HAVE_GETTIMEOFDAY 1
#define HAVE_ICONV 1
#define ICONV_CONST
#define HAVE_KILL 1
#define HAVE_LANGINFO_CODESET 1
#define HAVE_LC_MESSAGES 1
#define HAVE_MADVISE 1
#define HAVE_MMAP 1
#define HAVE_MMAP_ANON 1
#define HAVE_MMAP_DEV_ZERO 1
#define HAVE_MMAP_FILE 1
#define HAVE_PIPE2 1
#define HAVE_PUTCHAR_UNLOCKED 1
#define HAVE_PUTC_UNLOCKED 1
#define HAVE_REALPATH 1
#define HAVE_SETLOCALE 1
#define HAVE_SETRLIMIT 1
#define HAVE_SSE4 1
#define HAVE_STRERROR 1
#define HAVE_STRSIGNAL 1
#define HAVE_SYSCONF 1
#define HAVE_TIMES 1
#define HAVE_WAIT4 1
#define HAVE_WAITPID 1
#define HAVE_WCSWIDTH 1
#define HAVE_WORKING_MBSTOWCS 1
#define HOST_HAS_F_SETLKW 1

#endif

/* for the target's libraries too */
#define ENABLE_RUNTIME_CHECKING 1
#define HAVE_GAS_CFI_DIRECTIVE 1
#define HAVE_GAS_CFI_PERSONALITY_DIRECTIVE 1
#define HAVE_GAS_CFI_SECTIONS_DIRECTIVE 1
#define HAVE_GAS_HIDDEN 1
#define HAVE_LD_EH_FRAME_HDR 1
#define TARGET_DL_ITERATE_PHDR 1

#ifdef IN_GCC
#include "ansidecl.h"
#endif
#endif
