// SPDX-License-Identifier: GPL-3.0-or-later
// Types (C99 6.2.5) and the conversions between them (6.3.1). Sizes are those of the System V ABI for amd64.
#include "cc.h"

Type *type_void, *type_char, *type_int, *type_uint, *type_long, *type_ulong;
Type *type_float, *type_double, *type_ldouble;

void init_types(void) {
    type_void = new_type(T_VOID, 1, 1);  // GNU: sizeof(void) is 1, so that void * can be counted in bytes
    type_char = new_type(T_CHAR, 1, 1);
    type_int = new_type(T_INT, 4, 4);
    type_long = new_type(T_LONG, 8, 8);
    type_uint = basic_type(T_INT, 1);
    type_ulong = basic_type(T_LONG, 1);
    type_float = new_type(T_FLOAT, 4, 4);
    type_double = new_type(T_DOUBLE, 8, 8);
    type_ldouble = new_type(T_LDOUBLE, 16, 16);
}

Type *new_type(int kind, int size, int align) {
    Type *type = permanent(sizeof(Type));
    type->kind = kind;
    type->size = size;
    type->align = align;
    return type;
}

// char, short, int and long, signed or not.
Type *basic_type(int kind, int is_unsigned) {
    int size = kind == T_CHAR ? 1 : kind == T_SHORT ? 2 : kind == T_INT ? 4 : 8;
    Type *type = new_type(kind, size, size);
    type->is_unsigned = is_unsigned;
    return type;
}

Type *pointer_to(Type *base) {
    Type *type = new_type(T_POINTER, 8, 8);
    type->base = base;
    type->is_unsigned = 1;
    return type;
}

Type *array_of(Type *base, int length) {
    Type *type = new_type(T_ARRAY, length < 0 ? -1 : base->size * length, base->align);
    type->base = base;
    type->length = length;
    return type;
}

int is_integer(Type *type) {
    return type->kind >= T_CHAR && type->kind <= T_LONG;
}

int is_float(Type *type) {
    return type->kind >= T_FLOAT && type->kind <= T_LDOUBLE;
}

int is_scalar(Type *type) {
    return is_integer(type) || is_float(type) || type->kind == T_POINTER;
}

// Integer promotion: what is narrower than int becomes int.
Type *promoted(Type *type) {
    return is_integer(type) && type->size < 4 ? type_int : type;
}

// The usual arithmetic conversions.
Type *common_type(Type *a, Type *b) {
    if (is_float(a) || is_float(b))
        return a->kind > b->kind ? a : b;
    a = promoted(a);
    b = promoted(b);
    if (a->size != b->size)
        return a->size > b->size ? a : b;
    return a->is_unsigned ? a : b;
}

// An integer as it is after being stored in a variable of the type and read again.
long truncated(long value, Type *type) {
    int unused_bits = 64 - 8 * type->size;
    if (!unused_bits)
        return value;
    if (type->is_unsigned)
        return value & (1L << 8 * type->size) - 1;
    return value << unused_bits >> unused_bits;
}
