// SPDX-License-Identifier: GPL-3.0-or-later
// crti.o for tcc, whose linker defines these symbols around the arrays.
extern void (*__init_array_start[])(void);
extern void (*__init_array_end[])(void);
extern void (*__fini_array_start[])(void);
extern void (*__fini_array_end[])(void);

void __constructors(void) {
    void (**f)(void);
    for (f = __init_array_start; f < __init_array_end; f++)
        (*f)();
}

void __destructors(void) {
    void (**f)(void);
    for (f = __fini_array_end; f > __fini_array_start; )
        (*--f)();
}
