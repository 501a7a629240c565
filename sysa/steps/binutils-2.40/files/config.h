/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One config.h for all parts of binutils: what their configure scripts would find out on amd64 Linux with musl, for
 * amd64 and i386 ELF, with neither plugins nor gettext. */
#ifndef CONFIG_H
#define CONFIG_H
#define _GNU_SOURCE 1
#define PACKAGE "binutils"
#define VERSION "2.40"

/* the target */
#define TARGET "elf64-x86-64"
#define TARGET_ALIAS "x86_64-linux-musl"
#define TARGET_CANONICAL "x86_64-linux-musl"
#define TARGET_CPU "x86_64"
#define TARGET_PREPENDS_UNDERSCORE 0
#define bin_dummy_emulation bin_vanilla_emulation /* for ar */
#define ARCH_i386 1 /* for the disassembler */
#define DEFAULT_ARCH "x86_64"
#define __LITTLE_ENDIAN__ 1 /* include/plugin-api.h asks for it; GCC has another name for it, tcc none */

/* the formats that BFD knows */
#define DEFAULT_VECTOR x86_64_elf64_vec
#define SELECT_VECS &x86_64_elf64_vec, &i386_elf32_vec, &x86_64_elf32_vec, &elf64_le_vec, &elf64_be_vec, &elf32_le_vec, &elf32_be_vec
#define SELECT_ARCHITECTURES &bfd_i386_arch, &bfd_iamcu_arch
#define HAVE_x86_64_elf64_vec 1
#define HAVE_i386_elf32_vec 1
#define HAVE_x86_64_elf32_vec 1
#define HAVE_elf64_le_vec 1
#define HAVE_elf64_be_vec 1
#define HAVE_elf32_le_vec 1
#define HAVE_elf32_be_vec 1

/* the linker: what it emulates, and which options it explains */
#define DEFAULT_EMULATION "elf_x86_64"
#define ELF_LIST_OPTIONS true
#define ELF_SHLIB_LIST_OPTIONS true
#define ELF_PLT_UNWIND_LIST_OPTIONS true

/* where things are */
#define BINDIR "/usr/bin"
#define TOOLBINDIR "/usr/x86_64-linux-musl/bin"
#define SCRIPTDIR "/usr/lib"
#define DEBUGDIR "/usr/lib/debug"
#define LOCALEDIR "/usr/share/locale"

/* how the programs behave unless told otherwise: as configured for Linux, and ar without dates and users */
#define DEFAULT_AR_DETERMINISTIC 1
#define DEFAULT_COMPRESSED_DEBUG_ALGORITHM COMPRESS_DEBUG_GABI_ZLIB
#define DEFAULT_EMIT_GNU_HASH 1
#define DEFAULT_EMIT_SYSV_HASH 1
#define DEFAULT_FOR_COLORED_DISASSEMBLY 0
#define DEFAULT_FOR_FOLLOW_LINKS 1
#define DEFAULT_F_FOR_IFUNC_SYMBOLS 0
#define DEFAULT_GENERATE_BUILD_NOTES 0
#define DEFAULT_GENERATE_ELF_STT_COMMON 0
#define DEFAULT_GENERATE_X86_RELAX_RELOCATIONS 1
#define DEFAULT_LD_EXECSTACK 1
#define DEFAULT_LD_TEXTREL_CHECK textrel_check_warning
#define DEFAULT_LD_TEXTREL_CHECK_WARNING 1
#define DEFAULT_LD_WARN_EXECSTACK 2
#define DEFAULT_LD_WARN_RWX_SEGMENTS 1
#define DEFAULT_LD_Z_RELRO 1
#define DEFAULT_LD_Z_SEPARATE_CODE 1
#define DEFAULT_NEW_DTAGS 0
#define DEFAULT_STRINGS_ALL 1
#define OBJDUMP_PRIVATE_VECTORS
#define DEFAULT_X86_USED_NOTE 0

/* types */
#define SIZEOF_INT 4
#define SIZEOF_LONG 8
#define SIZEOF_LONG_LONG 8
#define SIZEOF_SIZE_T 8
#define HAVE_LONG_LONG 1
#define HAVE_INTPTR_T 1
#define HAVE_UINTPTR_T 1
#define HAVE_MBSTATE_T 1
#define HAVE_STRUCT_STAT_ST_ATIM_TV_NSEC 1
#define TYPEOF_STRUCT_STAT_ST_ATIM_IS_STRUCT_TIMESPEC 1
#define UNSIGNED_64BIT_TYPE uint64_t

/* headers */
#define STDC_HEADERS 1
#define TIME_WITH_SYS_TIME 1
#define HAVE_ALLOCA_H 1
#define HAVE_BYTESWAP_H 1
#define HAVE_ENDIAN_H 1
#define HAVE_FCNTL_H 1
#define HAVE_INTTYPES_H 1
#define HAVE_LIMITS_H 1
#define HAVE_MALLOC_H 1
#define HAVE_STDINT_H 1
#define HAVE_STDIO_EXT_H 1
#define HAVE_STDLIB_H 1
#define HAVE_STRINGS_H 1
#define HAVE_STRING_H 1
#define HAVE_SYS_FILE_H 1
#define HAVE_SYS_PARAM_H 1
#define HAVE_SYS_RESOURCE_H 1
#define HAVE_SYS_STAT_H 1
#define HAVE_SYS_TIME_H 1
#define HAVE_SYS_TYPES_H 1
#define HAVE_SYS_WAIT_H 1
#define HAVE_TIME_H 1
#define HAVE_UNISTD_H 1

/* functions, and whether the headers declare them */
#define HAVE_DECL_ASPRINTF 1
#define HAVE_DECL_BASENAME 0 /* musl's two have different prototypes: libiberty uses its own */
#define HAVE_DECL_BSWAP_16 1
#define HAVE_DECL_BSWAP_32 1
#define HAVE_DECL_BSWAP_64 1
#define HAVE_DECL_CALLOC 1
#define HAVE_DECL_ENVIRON 1
#define HAVE_DECL_FFS 1
#define HAVE_DECL_FSEEKO 1
#define HAVE_DECL_FTELLO 1
#define HAVE_DECL_GETC_UNLOCKED 1
#define HAVE_DECL_GETENV 1
#define HAVE_DECL_GETOPT 1
#define HAVE_DECL_MALLOC 1
#define HAVE_DECL_MEMPCPY 1
#define HAVE_DECL_REALLOC 1
#define HAVE_DECL_SBRK 1
#define HAVE_DECL_SNPRINTF 1
#define HAVE_DECL_STPCPY 1
#define HAVE_DECL_STRNLEN 1
#define HAVE_DECL_STRTOL 1
#define HAVE_DECL_STRTOLL 1
#define HAVE_DECL_STRTOUL 1
#define HAVE_DECL_STRTOULL 1
#define HAVE_DECL_STRVERSCMP 1
#define HAVE_DECL_VASPRINTF 1
#define HAVE_DECL_VSNPRINTF 1
#define HAVE_FCNTL 1
#define HAVE_FDOPEN 1
#define HAVE_FILENO 1
#define HAVE_FSEEKO 1
#define HAVE_FTELLO 1
#define HAVE_GETCWD 1
#define HAVE_GETC_UNLOCKED 1
#define HAVE_GETGID 1
#define HAVE_GETPAGESIZE 1
#define HAVE_GETRLIMIT 1
#define HAVE_GETRUSAGE 1
#define HAVE_GETUID 1
#define HAVE_GLOB 1
#define HAVE_LC_MESSAGES 1
#define HAVE_MADVISE 1
#define HAVE_MEMCPY 1
#define HAVE_MKDTEMP 1
#define HAVE_MKSTEMP 1
#define HAVE_MMAP 1
#define HAVE_MPROTECT 1
#define HAVE_REALPATH 1
#define HAVE_SBRK 1
#define HAVE_SIGSETJMP 1
#define HAVE_STRERROR 1
#define HAVE_STRSIGNAL 1
#define HAVE_SYSCONF 1
#define HAVE_TIMES 1
#define HAVE_UTIMENSAT 1
#define HAVE_UTIMES 1
#define HAVE_WAITPID 1
#endif
