// SPDX-License-Identifier: GPL-3.0-or-later
// Expressions to trees (C99 6.5): types are settled, conversions made explicit, integer constants folded as the
// tree grows. What a place in memory is ends as one of N_LOCAL, N_GLOBAL, N_DEREF, N_BITFIELD: members
// and constant subscripts are added to the address here.
#include "cc.h"

Token *tok;
Token *peeked;

Node *unary(void);
Node *binary(int kind, Node *lhs, Node *rhs, Token *at);
Node *repeatable(Node *place, Node **before);
Node *bitfield_value(Node *n);
Node *cast(void);
Node *float_number(void);

//
// The token stream
//

void advance(void) {
    tok = peeked ? peeked : next_token();
    peeked = 0;
}

Token *peek(void) {
    if (!peeked)
        peeked = next_token();
    return peeked;
}

int accept(int kind) {
    if (tok->kind != kind)
        return 0;
    advance();
    return 1;
}

void expect(int kind, char *spelling) {
    error_if(tok->kind != kind, tok, "expected", spelling);
    advance();
}

//
// Building nodes
//

Node *new_node(int kind, Type *type, Node *lhs, Node *rhs) {
    Node *n = temporary(sizeof(Node));
    n->kind = kind;
    n->type = type;
    n->lhs = lhs;
    n->rhs = rhs;
    n->token = tok;
    return n;
}

Node *new_number(long value, Type *type) {
    Node *n = new_node(N_NUMBER, type, 0, 0);
    n->value = truncated(value, type);
    return n;
}

Node *new_float(char *spelling, Type *type) {
    Node *n = new_node(N_FLOAT, type, 0, 0);
    n->text = spelling;
    return n;
}

Node *new_local(long offset, Type *type) {
    Node *n = new_node(N_LOCAL, type, 0, 0);
    n->value = offset;
    return n;
}

Node *new_bitfield(Node *unit, Member *member) {
    Node *n = new_node(N_BITFIELD, member->type, unit, 0);
    n->member = member;
    return n;
}

// "first, second"; first may be 0
Node *after(Node *first, Node *second) {
    return first ? new_node(N_COMMA, second->type, first, second) : second;
}

Node *new_global(Object *object, Type *type) {
    Node *n = new_node(N_GLOBAL, type, 0, 0);
    n->object = object;
    return n;
}

int is_lvalue(Node *n) {
    return n->kind >= N_LOCAL && n->kind <= N_BITFIELD;
}

Node *new_deref(Node *pointer, Type *type) {
    if (pointer->kind == N_ADDRESS) {
        Node *n = temporary(sizeof(Node));
        memcpy(n, pointer->lhs, sizeof(Node));
        n->type = type;
        return n;
    }
    return new_node(N_DEREF, type, pointer, 0);
}

Node *new_address(Node *n, Type *type) {
    error_if(!is_lvalue(n) || n->kind == N_BITFIELD, n->token, "this has no address", 0);
    if (n->kind == N_DEREF)
        return new_cast(n->lhs, type);
    return new_node(N_ADDRESS, type, n, 0);
}

// pointer + bytes, folded where the address is known.
Node *offset_by(Node *pointer, long bytes, Type *type) {
    Node *n;
    if (pointer->kind == N_ADDRESS && pointer->lhs->kind != N_DEREF) {
        Node *place = temporary(sizeof(Node));
        memcpy(place, pointer->lhs, sizeof(Node));
        place->value += bytes;
        return new_node(N_ADDRESS, type, place, 0);
    }
    if (pointer->kind == N_NUMBER)
        return new_number(pointer->value + bytes, type);
    if (pointer->kind == N_ADD && pointer->rhs->kind == N_NUMBER) {
        bytes += pointer->rhs->value;
        pointer = pointer->lhs;
    }
    if (!bytes)
        return new_cast(pointer, type);
    n = new_node(N_ADD, type, pointer, new_number(bytes, type_long));
    return n;
}

// An operand as a value: arrays and functions become pointers, small bit-fields int.
Node *value_of(Node *n) {
    if (n->type->kind == T_ARRAY)
        return new_address(n, pointer_to(n->type->base));
    if (n->type->kind == T_FUNCTION)
        return new_address(n, pointer_to(n->type));
    if (n->kind == N_BITFIELD)
        return bitfield_value(n);
    return n;
}

// The bits of a field, shifted up to lose what is above them, and down to lose what is below.
Node *bitfield_value(Node *n) {
    Member *m = n->member;
    Node *unit = new_cast(n->lhs, n->type->is_unsigned ? type_uint : type_int);
    Node *up = binary(N_SHL, unit, new_number(32 - m->bit_offset - m->bit_width, type_int), n->token);
    Node *down = binary(N_SHR, up, new_number(32 - m->bit_width, type_int), n->token);
    return new_cast(down, type_int);
}

// field = value is unit = unit & ~(ones << offset) | (value & ones) << offset, and then the field's value.
Node *bitfield_assign(Node *field, Node *value) {
    Member *m = field->member;
    Token *at = field->token;
    Node *before = 0;
    Node *unit = repeatable(field->lhs, &before);
    Node *ones = new_number((1L << m->bit_width) - 1, type_uint);
    Node *offset = new_number(m->bit_offset, type_int);
    Node *others = binary(N_AND, unit, new_number(~(ones->value << m->bit_offset), type_uint), at);
    Node *bits = binary(N_SHL, binary(N_AND, new_cast(value, type_uint), ones, at), offset, at);
    Node *assign = after(before, new_assign(unit, binary(N_OR, others, bits, at)));
    Node *n = after(assign, bitfield_value(new_bitfield(unit, m)));
    n->unused = assign;
    return n;
}

// 8 bytes in a general register: pointers and long.
int is_word_sized(Type *type) {
    return type->size == 8 && !is_float(type) && type->kind <= T_POINTER;
}

Node *new_cast(Node *n, Type *type) {
    Node *cast;
    n = value_of(n);
    if (n->type == type || type->kind == T_VOID && n->type->kind == T_VOID)
        return n;
    if (type->kind != T_VOID && (!is_scalar(type) || !is_scalar(n->type))) {
        if (type->kind == n->type->kind && type->kind >= T_STRUCT)
            return n;
        error_at(n->token, "this type cannot be converted to the one wanted", 0);
    }
    if (n->kind == N_NUMBER && (is_integer(type) || type->kind == T_POINTER)) {
        cast = new_number(n->value, type);
    } else if (n->kind == N_NUMBER && is_float(type) && (n->value >= 0 || !n->type->is_unsigned)) {
        cast = new_float(decimal(n->value < 0 ? -n->value : n->value), type);
        cast->negative = n->value < 0;
    } else if (n->kind == N_FLOAT && is_float(type) && type->kind < n->type->kind) {
        // only towards fewer digits: a wider type would show those that n's own has rounded away
        cast = new_float(n->text, type);
        cast->negative = n->negative;
    } else if (is_word_sized(n->type) && is_word_sized(type)
               && (is_lvalue(n) || n->kind == N_ADDRESS || n->kind == N_ADD)) {
        cast = temporary(sizeof(Node));
        memcpy(cast, n, sizeof(Node));
        cast->type = type;
    } else {
        cast = new_node(N_CAST, type, n, 0);
    }
    cast->token = n->token;
    return cast;
}

// A scalar as a truth value: floats are compared with zero.
Node *condition(Node *n) {
    n = value_of(n);
    error_if(!is_scalar(n->type), n->token, "a number or pointer is needed here", 0);
    if (is_float(n->type))
        return new_node(N_NE, type_int, n, new_float("0", n->type));
    return n;
}

int below_unsigned(long a, long b) {
    return a < 0 == b < 0 ? a < b : b < 0;
}

// a / b without signs: C0 has signed arithmetic only.
long divided_unsigned(long a, long b) {
    if (b < 0)
        return !below_unsigned(a, b);
    if (a >= 0)
        return a / b;
    long quotient = (a >> 1 & (1L << 63) - 1) / b * 2;
    return quotient + !below_unsigned(a - quotient * b, b);
}

// The value of a binary operator on constants of the given type.
long folded(int kind, long a, long b, Type *type) {
    int is_unsigned = type->is_unsigned;
    switch (kind) {
    case N_ADD: return a + b;
    case N_SUB: return a - b;
    case N_MUL: return a * b;
    case N_DIV: return is_unsigned ? divided_unsigned(a, b) : a / b;
    case N_MOD: return is_unsigned ? a - divided_unsigned(a, b) * b : a % b;
    case N_AND: return a & b;
    case N_OR: return a | b;
    case N_XOR: return a ^ b;
    case N_SHL: return a << b;
    case N_SHR: return is_unsigned && b ? a >> b & (1L << 64 - b) - 1 : a >> b;
    case N_EQ: return a == b;
    case N_NE: return a != b;
    case N_LT: return is_unsigned ? below_unsigned(a, b) : a < b;
    }
    return is_unsigned ? !below_unsigned(b, a) : a <= b;
}

// The n for which value is 1 << n, or -1.
int log2_exact(long value) {
    for (int i = 0; i < 63; i++)
        if (value == 1L << i)
            return i;
    return -1;
}

Node *pointer_sum(int kind, Node *pointer, Node *index) {
    Type *type = pointer->type;
    long size = type->base->kind == T_FUNCTION ? 1 : type->base->size;
    error_if(size < 0, pointer->token, "pointer to an incomplete type", 0);
    error_if(!is_integer(index->type), index->token, "an integer is needed here", 0);
    index = new_cast(index, type_long);
    if (index->kind == N_NUMBER)
        return offset_by(pointer, kind == N_ADD ? index->value * size : -index->value * size, type);
    if (size != 1)
        index = new_node(N_MUL, type_long, index, new_number(size, type_long));
    return new_node(kind, type, pointer, index);
}

// A binary operator, operands in any state.
Node *binary(int kind, Node *lhs, Node *rhs, Token *at) {
    lhs = value_of(lhs);
    rhs = value_of(rhs);
    int left_pointer = lhs->type->kind == T_POINTER;
    int right_pointer = rhs->type->kind == T_POINTER;
    int is_comparison = kind >= N_EQ;
    Type *type;
    error_if(!is_scalar(lhs->type) || !is_scalar(rhs->type), at, "this operator takes numbers and pointers", 0);
    if (left_pointer && right_pointer && kind == N_SUB) {
        Node *bytes = new_node(N_SUB, type_long, lhs, rhs);
        int size = lhs->type->base->size;
        int shift = log2_exact(size);
        if (shift >= 0)
            return new_node(N_SHR, type_long, bytes, new_number(shift, type_int));
        return new_node(N_DIV, type_long, bytes, new_number(size, type_long));
    }
    if (left_pointer && !right_pointer && (kind == N_ADD || kind == N_SUB))
        return pointer_sum(kind, lhs, rhs);
    if (right_pointer && !left_pointer && kind == N_ADD)
        return pointer_sum(kind, rhs, lhs);
    if (left_pointer || right_pointer) {
        error_if(!is_comparison, at, "this operator does not take a pointer", 0);
        type = type_ulong;
    } else if (kind == N_SHL || kind == N_SHR) {
        type = promoted(lhs->type);
    } else {
        type = common_type(lhs->type, rhs->type);
    }
    if (kind >= N_MOD && kind <= N_SHR && (is_float(type) || is_float(rhs->type)))
        error_at(at, "this operator takes integers", 0);
    lhs = new_cast(lhs, type);
    rhs = new_cast(rhs, kind == N_SHL || kind == N_SHR ? type_int : type);
    if (lhs->kind == N_NUMBER && rhs->kind == N_NUMBER) {
        error_if((kind == N_DIV || kind == N_MOD) && !rhs->value, at, "division by zero", 0);
        return new_number(folded(kind, lhs->value, rhs->value, type), is_comparison ? type_int : type);
    }
    Node *n = new_node(kind, is_comparison ? type_int : type, lhs, rhs);
    n->token = at;
    return n;
}

Node *new_assign(Node *lhs, Node *rhs) {
    if (lhs->kind == N_BITFIELD)
        return bitfield_assign(lhs, rhs);
    if (!is_lvalue(lhs) || lhs->type->kind == T_ARRAY || lhs->type->kind == T_FUNCTION)
        error_at(lhs->token, "this cannot be assigned to", 0);
    rhs = new_cast(rhs, lhs->type);
    if (rhs->type->kind >= T_STRUCT && rhs->type != lhs->type)
        error_at(lhs->token, "the structs are of different types", 0);
    return new_node(N_ASSIGN, lhs->type, lhs, rhs);
}

// May n be computed twice without harm?
int is_repeatable(Node *n) {
    switch (n->kind) {
    case N_NUMBER:
    case N_LOCAL:
    case N_GLOBAL:
        return 1;
    case N_DEREF:
    case N_CAST:
    case N_ADDRESS:
        return is_repeatable(n->lhs);
    case N_ADD:
        return n->rhs->kind == N_NUMBER && is_repeatable(n->lhs);
    }
    return 0;
}

// The place in a form that can be computed twice without harm; *before is what must be done first, if anything.
Node *repeatable(Node *place, Node **before) {
    Type *type = pointer_to(place->type);
    if (place->kind == N_BITFIELD)
        return new_bitfield(repeatable(place->lhs, before), place->member);
    if (is_repeatable(place))
        return place;
    Node *address = new_local(allocate_local(type), type);
    *before = new_assign(address, new_address(place, type));
    return new_node(N_DEREF, place->type, address, 0);
}

// lhs op= rhs
Node *compound_assign(int kind, Node *lhs, Node *rhs, Token *at) {
    Node *before = 0;
    Node *place = repeatable(lhs, &before);
    return after(before, new_assign(place, binary(kind, place, rhs, at)));
}

// x++ and x--: the new value, and back again.
Node *post_increment(Node *place, int kind, Token *at) {
    Node *one = new_number(1, type_int);
    Node *assign = compound_assign(kind, place, one, at);
    Node *n = new_cast(binary(kind == N_ADD ? N_SUB : N_ADD, assign, one, at), place->type);
    if (n->kind != N_CAST)
        n = new_node(N_CAST, n->type, n, 0);
    n->unused = assign;
    return n;
}

//
// Primary expressions
//

// integer = decimal | "0x" hex | "0" octal, then u, l, ll in any order (C99 6.4.4.1)
Node *number(void) {
    char *p = tok->text;
    char *end = p + tok->len;
    int base = 10;
    long value = 0;
    int is_unsigned = 0;
    int is_long = 0;
    if (*p == '0' && (p[1] | 32) == 'x')
        base = 16;
    else if (*p == '0')
        base = 8;
    for (char *q = p; q < end; q++)
        if (*q == '.' || base != 16 && (*q | 32) == 'e' || base == 16 && (*q | 32) == 'p')
            return float_number();
    if (base == 16)
        p += 2;
    for (; p < end && hex_digit(*p) >= 0 && hex_digit(*p) < base; p++)
        value = value * base + hex_digit(*p);
    for (; p < end; p++)
        if ((*p | 32) == 'u')
            is_unsigned = 1;
        else if ((*p | 32) == 'l')
            is_long = 1;
        else
            error_at(tok, "this is not a number", 0);
    if (value < 0)
        is_unsigned = 1;
    if (base != 10 && value >> 31 == 1 && !is_long)
        is_unsigned = 1;
    if (value < 0 || value >> 31 > 1 || value >> 31 && !is_unsigned)
        is_long = 1;
    advance();
    if (is_long)
        return new_number(value, is_unsigned ? type_ulong : type_long);
    return new_number(value, is_unsigned ? type_uint : type_int);
}

// floating = scan_float, then f or l
Node *float_number(void) {
    char *spelling = temporary(tok->len + 1);
    char *end;
    long pattern;
    long top;
    memcpy(spelling, tok->text, tok->len);
    scan_float(spelling, &end, DOUBLE_BITS, &pattern, &top);
    Type *type = type_double;
    if ((*end | 32) == 'f')
        type = type_float;
    else if ((*end | 32) == 'l')
        type = type_ldouble;
    error_if(end + (type != type_double) != spelling + tok->len, tok, "this is not a number", 0);
    advance();
    return new_float(spelling, type);
}

Node *string_node(void) {
    Object *object = new_object(tok);
    define_in_data(object, 1);
    string_literal(&data);
    return new_global(object, array_of(type_char, data.size - object->offset));
}

// "sizeof" unary | "sizeof" "(" type-name ")"
Node *size_of(void) {
    Type *type;
    if (tok->kind == '(' && is_type_name(peek())) {
        advance();
        type = type_name();
        expect(')', ")");
    } else {
        type = unary()->type;
    }
    error_if(type->size < 0, tok, "the size of this type is not known", 0);
    return new_number(type->size, type_ulong);
}

// primary = name | number | character | string | "(" expression ")" | "sizeof" ...
Node *primary(void) {
    Token *start = tok;
    if (accept('(')) {
        Node *n = expression();
        expect(')', ")");
        return n;
    }
    if (tok->kind == TK_NUMBER)
        return number();
    if (tok->kind == TK_STRING)
        return string_node();
    if (tok->kind == TK_CHAR) {
        char *p = tok->text + 1;
        int value = character(&p);
        error_if(p != tok->text + tok->len - 1, tok, "a character constant has one character", 0);
        advance();
        return new_number(value, type_int);
    }
    if (accept(KW_SIZEOF))
        return size_of();
    error_if(tok->kind != TK_IDENT, tok, "expression expected", 0);
    Symbol *s = tok->name->symbol;
    error_if(!s || s->kind == S_TYPEDEF, tok, "undeclared", tok->name->text);
    Node *n;
    if (s->kind == S_CONSTANT)
        n = new_number(s->value, type_int);
    else if (s->kind == S_LOCAL)
        n = new_local(s->value, s->type);
    else
        n = new_global(s->object, s->type);
    n->token = start;
    advance();
    return n;
}

//
// Postfix and unary operators
//

Member *find_member(Type *type, Name *name, long *offset) {
    for (Member *m = type->members; m; m = m->next) {
        if (m->name == name) {
            *offset += m->offset;
            return m;
        }
        if (!m->name) {
            long inner = *offset + m->offset;
            Member *found = find_member(m->type, name, &inner);
            if (found) {
                *offset = inner;
                return found;
            }
        }
    }
    return 0;
}

// The member that tok names, of the struct at pointer.
Node *member_of(Node *pointer, Type *type) {
    long offset = 0;
    error_if(type->kind < T_STRUCT, tok, "not a struct or union before the member", 0);
    error_if(tok->kind != TK_IDENT, tok, "member name expected", 0);
    Member *m = find_member(type, tok->name, &offset);
    error_if(!m, tok, "no such member", tok->name->text);
    Node *n = new_deref(offset_by(pointer, offset, pointer_to(m->type)), m->type);
    n->token = tok;
    if (m->bit_width)
        n = new_bitfield(n, m);
    advance();
    return n;
}

// arguments = (assignment ("," assignment)*)? ")"    Kept last first: that is how they are pushed.
Node *function_call(Node *function, Token *at) {
    function = value_of(function);
    Type *type = function->type->kind == T_POINTER ? function->type->base : function->type;
    error_if(type->kind != T_FUNCTION, at, "this is not a function", 0);
    Node *n = new_node(N_CALL, type->base, function, 0);
    Symbol *param = type->params;
    while (tok->kind != ')') {
        Node *arg = value_of(assignment());
        if (param) {
            arg = new_cast(arg, param->type);
            param = param->next;
        } else if (type->params && !type->is_variadic) {
            error_at(at, "too many arguments", 0);
        } else {
            arg = new_cast(arg, arg->type->kind == T_FLOAT ? type_double : promoted(arg->type));
        }
        error_if(!is_scalar(arg->type), arg->token, "this cannot be an argument", 0);
        arg->next = n->rhs;
        n->rhs = arg;
        error_if(!accept(',') && tok->kind != ')', tok, "',' or ')' expected", 0);
    }
    error_if(param, at, "too few arguments", 0);
    advance();
    return n;
}

// postfix = primary ("[" expression "]" | "(" arguments | "." name | "->" name | "++" | "--")*
Node *postfix(void) {
    Node *n = primary();
    for (;;) {
        Token *at = tok;
        if (accept('[')) {
            Node *pointer = binary(N_ADD, n, expression(), at);
            error_if(pointer->type->kind != T_POINTER, at, "one side of a subscript must be a pointer", 0);
            expect(']', "]");
            n = new_deref(pointer, pointer->type->base);
        } else if (accept('(')) {
            n = function_call(n, at);
        } else if (accept('.')) {
            n = member_of(new_address(n, pointer_to(n->type)), n->type);
        } else if (accept(TK_ARROW)) {
            n = value_of(n);
            error_if(n->type->kind != T_POINTER, at, "not a pointer before '->'", 0);
            n = member_of(n, n->type->base);
        } else if (accept(TK_INC)) {
            n = post_increment(n, N_ADD, at);
        } else if (accept(TK_DEC)) {
            n = post_increment(n, N_SUB, at);
        } else {
            return n;
        }
        n->token = at;
    }
}

// cast = "(" type-name ")" cast | unary
Node *cast(void) {
    if (tok->kind != '(' || !is_type_name(peek()))
        return unary();
    advance();
    Type *type = type_name();
    expect(')', ")");
    return new_cast(cast(), type);
}

// unary = ("+" | "-" | "!" | "~" | "*" | "&") cast | ("++" | "--") unary | postfix
Node *unary(void) {
    Token *at = tok;
    Node *n;
    if (accept(TK_INC))
        return compound_assign(N_ADD, unary(), new_number(1, type_int), at);
    if (accept(TK_DEC))
        return compound_assign(N_SUB, unary(), new_number(1, type_int), at);
    if (accept('&')) {
        n = cast();
        return new_address(n, pointer_to(n->type));
    }
    if (accept('*')) {
        n = value_of(cast());
        error_if(n->type->kind != T_POINTER, at, "this is not a pointer", 0);
        return new_deref(n, n->type->base);
    }
    if (accept('!')) {
        return binary(N_EQ, condition(cast()), new_number(0, type_int), at);
    }
    if (tok->kind != '-' && tok->kind != '+' && tok->kind != '~')
        return postfix();
    advance();
    n = value_of(cast());
    error_if(!is_integer(n->type) && (at->kind == '~' || !is_float(n->type)), at, "this operator takes numbers", 0);
    n = new_cast(n, promoted(n->type));
    if (at->kind == '+')
        return n;
    if (at->kind == '~')
        return binary(N_XOR, n, new_number(-1, type_int), at);
    if (is_integer(n->type))
        return binary(N_SUB, new_number(0, type_int), n, at);
    if (n->kind != N_FLOAT)
        return new_node(N_NEGATE, n->type, n, 0);
    n->negative = !n->negative;
    return n;
}

//
// Binary operators, by precedence
//

// Token, what it makes, and precedence of the binary operators
int operators[] = {
    '*', N_MUL, 10, '/', N_DIV, 10, '%', N_MOD, 10, '+', N_ADD, 9, '-', N_SUB, 9, TK_SHL, N_SHL, 8, TK_SHR, N_SHR, 8,
    '<', N_LT, 7, '>', N_LT, 7, TK_LE, N_LE, 7, TK_GE, N_LE, 7, TK_EQ, N_EQ, 6, TK_NE, N_NE, 6,
    '&', N_AND, 5, '^', N_XOR, 4, '|', N_OR, 3, TK_ANDAND, N_ANDAND, 2, TK_OROR, N_OROR, 1, 0
};

// The precedence of the binary operator tok, 0 if it is none; *kind is what it makes.
int precedence(int *kind) {
    for (int i = 0; operators[i]; i += 3)
        if (operators[i] == tok->kind) {
            *kind = operators[i + 1];
            return operators[i + 2];
        }
    return 0;
}

// && and ||; a constant on the left decides at once.
Node *logical(int kind, Node *lhs, Node *rhs) {
    lhs = condition(lhs);
    rhs = condition(rhs);
    if (lhs->kind == N_NUMBER) {
        if ((lhs->value != 0) == (kind == N_OROR))
            return new_number(kind == N_OROR, type_int);
        if (rhs->kind == N_NUMBER)
            return new_number(rhs->value != 0, type_int);
    }
    return new_node(kind, type_int, lhs, rhs);
}

// binary = cast (operator binary)*    operators of at least the given precedence, by climbing
Node *binary_expression(int lowest) {
    Node *n = cast();
    int kind = 0;
    for (int level = precedence(&kind); level >= lowest && level; level = precedence(&kind)) {
        Token *at = tok;
        int this_kind = kind;
        advance();
        Node *rhs = binary_expression(level + 1);
        if (level <= 2)
            n = logical(this_kind, n, rhs);
        else if (at->kind == '>' || at->kind == TK_GE)
            n = binary(this_kind, rhs, n, at);
        else
            n = binary(this_kind, n, rhs, at);
    }
    return n;
}

// conditional = binary ("?" expression ":" conditional)?
Node *conditional(void) {
    Node *test = binary_expression(1);
    Token *at = tok;
    if (!accept('?'))
        return test;
    test = condition(test);
    Node *yes = value_of(expression());
    expect(':', ":");
    Node *no = value_of(conditional());
    Type *type = yes->type;
    if (yes->type->kind == T_VOID || no->type->kind == T_VOID)
        type = type_void;
    else if (yes->type->kind <= T_LDOUBLE && no->type->kind <= T_LDOUBLE)
        type = common_type(yes->type, no->type);
    else if (no->type->kind == T_POINTER && (type->kind != T_POINTER || type->base->kind == T_VOID))
        type = no->type;
    error_if(type->kind >= T_STRUCT && no->type != type, at, "the two sides have different types", 0);
    yes = new_cast(yes, type);
    no = new_cast(no, type);
    if (test->kind == N_NUMBER)
        return test->value ? yes : no;
    Node *n = new_node(N_CONDITION, type, test, yes);
    n->third = no;
    return n;
}

// assignment = conditional (("=" | "+=" | ...) assignment)?
Node *assignment(void) {
    Node *n = conditional();
    Token *at = tok;
    if (at->kind >= TK_ADD_ASSIGN && at->kind <= TK_SHR_ASSIGN) {
        advance();
        return compound_assign(at->kind - TK_ADD_ASSIGN + N_ADD, n, assignment(), at);
    }
    if (!accept('='))
        return n;
    n = new_assign(n, assignment());
    n->token = at;
    return n;
}

// expression = assignment ("," assignment)*
Node *expression(void) {
    Node *n = assignment();
    while (accept(',')) {
        Node *rhs = value_of(assignment());
        n = after(n, rhs);
    }
    return n;
}

// constant = conditional, of integers that are known
long constant_expression(void) {
    Token *at = tok;
    Node *n = conditional();
    error_if(n->kind != N_NUMBER, at, "an integer constant is needed here", 0);
    return n->value;
}
