/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two functions of gnulib that m4 can do without. */
#include <config.h>
#include "c-stack.h"
#include "propername.h"

/* Catching a full stack takes a library of its own; m4 then limits how deep macros may be nested. */
int c_stack_action(void (*action)(int))
{
	return -1;
}

/* An author's name, for --version. */
const char *proper_name_utf8(const char *ascii, const char *utf8)
{
	return ascii;
}
