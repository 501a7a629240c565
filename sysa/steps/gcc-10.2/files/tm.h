/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The target: amd64, ELF, Linux, musl, linked statically. */
#ifndef GCC_TM_H
#define GCC_TM_H

#define LIBC_GLIBC 1
#define LIBC_UCLIBC 2
#define LIBC_BIONIC 3
#define LIBC_MUSL 4
#define DEFAULT_LIBC LIBC_MUSL
#define ANDROID_DEFAULT 0

/* There is no dynamic loader: as if each command to link said -static. */
#define SUBTARGET_DRIVER_SELF_SPECS "%{!shared:%{!static-pie:%{!pie:-static}}}"

#ifdef IN_GCC
#include "options.h"
#include "insn-constants.h"
#include "config/vxworks-dummy.h"
#include "config/i386/biarch64.h"
#include "config/i386/i386.h"
#include "config/i386/unix.h"
#include "config/i386/att.h"
#include "config/dbxelf.h"
#include "config/elfos.h"
#include "config/gnu-user.h"
#include "config/glibc-stdint.h"
#include "config/i386/x86-64.h"
#include "config/i386/gnu-user-common.h"
#include "config/i386/gnu-user64.h"
#include "config/linux.h"
#include "config/linux-android.h"
#include "config/i386/linux-common.h"
#include "config/i386/linux64.h"
#include "config/initfini-array.h"

/* Static programs too find their unwinding tables by the table of segments: nothing registers them. */
#undef LINK_EH_SPEC
#define LINK_EH_SPEC "--eh-frame-hdr "

#ifndef GENERATOR_FILE
#ifndef USED_FOR_TARGET
#include "insn-flags.h"
#endif
#include "insn-modes.h"
#endif
#endif
#include "defaults.h"
#endif
