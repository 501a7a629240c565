// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef _STDINT_H
#define _STDINT_H

#include <stddef.h>

#ifndef __int8_t_defined        // tcc's stddef.h has these
typedef signed char int8_t;
typedef short int16_t;
typedef int int32_t;
typedef long int64_t;
typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned uint32_t;
typedef unsigned long uint64_t;
#endif
typedef long intptr_t;
typedef unsigned long uintptr_t;

#endif
