/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What tcc's configure would write: a static tcc for amd64 Linux, where it finds its own files and the library's. */
#define TCC_VERSION "0.9.27"
#define TCC_TARGET_X86_64 1
#define CONFIG_TCC_STATIC 1
#define CONFIG_TCCDIR "/usr/lib/tcc"
#define CONFIG_TCC_SYSINCLUDEPATHS "{B}/include:/usr/include"
#define CONFIG_TCC_LIBPATHS "{B}:/usr/lib"
#define CONFIG_TCC_CRTPREFIX "/usr/lib"
#define CONFIG_TCC_ELFINTERP "/lib/ld-musl-x86_64.so.1"

/* Without backtraces and bounds checks, whose support library is not built: they need signals. */
#define CONFIG_TCCBOOT 1
