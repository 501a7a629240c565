// SPDX-License-Identifier: GPL-3.0-or-later
// For cc, which passes all arguments of a variadic function on the stack, in slots of 8 bytes.
#ifndef _STDARG_H
#define _STDARG_H

typedef char *va_list;

#define __slots(type) ((sizeof(type) + 7) / 8 * 8)
#define va_start(list, last) ((list) = (char *)&(last) + __slots(last))
#define va_arg(list, type) (*(type *)(((list) += __slots(type)) - __slots(type)))
#define va_copy(to, from) ((to) = (from))
#define va_end(list) ((void)0)

#endif
