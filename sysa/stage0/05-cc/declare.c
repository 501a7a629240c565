// SPDX-License-Identifier: GPL-3.0-or-later
// Scopes and declarations (C99 6.7), initialisers included.
#include "cc.h"

int scope_depth;

enum { STORE_TYPEDEF = 1, STORE_EXTERN = 2, STORE_STATIC = 4 };  // in the order of KW_TYPEDEF ...

Symbol *scope;   // all symbols that are visible, the last one first

Type *declarator(Type *base, Token **name);
Type *specifiers(int *storage);

//
// Scopes
//

void enter_scope(void) {
    scope_depth++;
}

void leave_scope(void) {
    for (; scope && scope->depth == scope_depth; scope = scope->next)
        if (scope->kind == S_TAG)
            scope->name->tag = scope->outer;
        else
            scope->name->symbol = scope->outer;
    scope_depth--;
}

Symbol *declare(Name *name, int kind, Type *type) {
    Symbol *s = permanent(sizeof(Symbol));
    s->name = name;
    s->kind = kind;
    s->type = type;
    s->depth = scope_depth;
    s->next = scope;
    scope = s;
    if (kind == S_TAG) {
        s->outer = name->tag;
        name->tag = s;
    } else {
        s->outer = name->symbol;
        name->symbol = s;
    }
    return s;
}

int is_type_name(Token *t) {
    if (t->kind == TK_IDENT)
        return t->name->symbol && t->name->symbol->kind == S_TYPEDEF;
    return t->kind >= KW_VOID && t->kind <= KW_ATTRIBUTE;
}

Name *identifier(void) {
    error_if(tok->kind != TK_IDENT, tok, "name expected", 0);
    Name *name = tok->name;
    advance();
    return name;
}

// attributes = ("__attribute__" "(" anything, balanced ")")*    None of them matters to cc.
void skip_attributes(void) {
    while (accept(KW_ATTRIBUTE)) {
        int depth = 0;
        do {
            depth += (tok->kind == '(') - (tok->kind == ')');
            error_if(tok->kind == TK_EOF, tok, "')' expected", 0);
            advance();
        } while (depth);
    }
}

//
// Type specifiers
//

int round_up(int n, int align) {
    return (n + align - 1) / align * align;
}

// Gives a member its place: bit is the first free bit of the struct. Returns the next free one.
int place_member(Type *type, Member *m, int bit) {
    int unit = 8 * m->type->size;
    if (m->bit_width >= 0) {
        if (!m->bit_width)  // unnamed, of width 0: the unit ends here
            return round_up(bit, unit);
        if (bit / unit != (bit + m->bit_width - 1) / unit)
            bit = round_up(bit, unit);
        m->offset = bit / unit * m->type->size;
        m->bit_offset = bit % unit;
        bit += m->bit_width;
    } else {
        bit = round_up(bit, 8 * m->type->align);
        m->offset = bit / 8;
        m->bit_width = 0;
        if (m->type->size < 0)
            m->type->size = 0;  // a flexible array at the end
        bit += 8 * m->type->size;
    }
    if (m->type->align > type->align)
        type->align = m->type->align;
    return bit;
}

// members = (specifiers (declarator (":" width)? ("," ...)*)? ";")*
void struct_members(Type *type) {
    Member *last = 0;
    int bit = 0;
    int size = 0;
    type->align = 1;
    while (!accept('}')) {
        int storage = 0;
        Type *base = specifiers(&storage);
        int is_anonymous = tok->kind == ';' && base->kind >= T_STRUCT;
        while (is_anonymous || tok->kind != ';') {
            Token *name = 0;
            Member *m = permanent(sizeof(Member));
            m->type = base;
            m->bit_width = -1;
            if (!is_anonymous && tok->kind != ':')
                m->type = declarator(base, &name);
            if (accept(':'))
                m->bit_width = constant_expression();
            skip_attributes();
            if (m->bit_width > 31 || m->bit_width >= 0 && (!is_integer(m->type) || m->type->size == 8))
                error_at(tok, "a bit-field has at most 31 bits, and no type wider than int", 0);
            error_if(m->type->size < 0 && m->type->kind != T_ARRAY, tok, "a member has an incomplete type", 0);
            m->name = name ? name->name : 0;
            bit = place_member(type, m, type->kind == T_UNION ? 0 : bit);
            if (bit > size)
                size = bit;
            if (name || is_anonymous) {
                if (last)
                    last->next = m;
                else
                    type->members = m;
                last = m;
            }
            is_anonymous = 0;
            if (!accept(','))
                break;
        }
        expect(';', ";");
    }
    type->size = round_up((size + 7) / 8, type->align);
}

// struct-specifier = ("struct" | "union") attributes name? ("{" members "}")? attributes
Type *struct_specifier(void) {
    int kind = tok->kind == KW_STRUCT ? T_STRUCT : T_UNION;
    Token *start = tok;
    Symbol *tag = 0;
    advance();
    skip_attributes();
    if (tok->kind == TK_IDENT) {
        Name *name = identifier();
        tag = name->tag;
        int is_new = !tag || (tok->kind == '{' || tok->kind == ';') && tag->depth < scope_depth;
        if (is_new)
            tag = declare(name, S_TAG, new_type(kind, -1, 1));
        error_if(tag->type->kind != kind, start, "this tag is of another kind", name->text);
    } else if (tok->kind != '{') {
        error_at(tok, "tag or '{' expected", 0);
    }
    Type *type = tag ? tag->type : new_type(kind, -1, 1);
    if (accept('{')) {
        if (type->size >= 0)
            error_at(start, "already defined", tag->name->text);
        struct_members(type);
    }
    skip_attributes();
    return type;
}

// enum-specifier = "enum" name? ("{" name ("=" constant)? ("," ...)* ","? "}")?
Type *enum_specifier(void) {
    advance();
    if (tok->kind == TK_IDENT) {
        Name *name = identifier();
        if (!name->tag)
            declare(name, S_TAG, type_int);
    }
    if (accept('{')) {
        long value = 0;
        while (!accept('}')) {
            Name *name = identifier();
            if (accept('='))
                value = constant_expression();
            declare(name, S_CONSTANT, type_int)->value = value++;
            error_if(!accept(',') && tok->kind != '}', tok, "',' or '}' expected", 0);
        }
    }
    return type_int;
}

// specifiers = (storage class | qualifier | type specifier | attributes)+
Type *specifiers(int *storage) {
    Token *start = tok;
    Type *type = 0;
    int longs = 0;
    int signedness = 0;  // KW_SIGNED or KW_UNSIGNED
    int basic = 0;       // KW_CHAR, KW_SHORT, KW_INT, KW_DOUBLE ...
    while (is_type_name(tok)) {
        int kind = tok->kind;
        if (kind == KW_STRUCT || kind == KW_UNION) {
            type = struct_specifier();
        } else if (kind == KW_ENUM) {
            type = enum_specifier();
        } else if (kind == KW_ATTRIBUTE) {
            skip_attributes();
        } else {
            if (kind == TK_IDENT) {
                if (type || longs || signedness || basic)
                    break;
                type = tok->name->symbol->type;
            } else if (kind == KW_LONG) {
                longs++;
            } else if (kind == KW_SIGNED || kind == KW_UNSIGNED) {
                signedness = kind;
            } else if (kind <= KW_DOUBLE) {
                if (!basic || kind != KW_INT)  // "short int" is short
                    basic = kind;
            } else if (kind >= KW_TYPEDEF && kind <= KW_STATIC) {
                *storage |= 1 << kind - KW_TYPEDEF;
            }
            advance();
        }
    }
    if (type)
        return type;
    error_if(!basic && !longs && !signedness, start, "type expected", 0);
    switch (basic) {
    case KW_VOID: return type_void;
    case KW_FLOAT: return type_float;
    case KW_DOUBLE: return longs ? type_ldouble : type_double;
    case KW_CHAR: return signedness == KW_UNSIGNED ? basic_type(T_CHAR, 1) : type_char;
    case KW_SHORT: return basic_type(T_SHORT, signedness == KW_UNSIGNED);
    }
    if (longs)
        return signedness == KW_UNSIGNED ? type_ulong : type_long;
    return signedness == KW_UNSIGNED ? type_uint : type_int;
}

//
// Declarators
//

// parameters = "(" ("void" | specifiers declarator ("," specifiers declarator)* ("," "...")?)? ")"
Type *function_type(Type *result) {
    Type *type = new_type(T_FUNCTION, 1, 1);
    Symbol *last = 0;
    type->base = result;
    error_if(result->kind >= T_ARRAY, tok, "a function cannot return this type", 0);
    if (tok->kind == KW_VOID && peek()->kind == ')')
        advance();
    while (!accept(')')) {
        if (accept(TK_ELLIPSIS)) {
            type->is_variadic = 1;
            type->on_stack = 1;
            expect(')', ")");
            break;
        }
        int storage = 0;
        Token *name = 0;
        Type *base = specifiers(&storage);
        Symbol *param = permanent(sizeof(Symbol));
        Type *t = declarator(base, &name);
        if (t->kind == T_ARRAY)
            t = pointer_to(t->base);
        if (t->kind == T_FUNCTION)
            t = pointer_to(t);
        error_if(t->kind >= T_STRUCT, tok, "structs are passed by pointer only", 0);
        if (t->kind == T_LDOUBLE)
            type->on_stack = 1;
        param->type = t;
        param->name = name ? name->name : 0;
        if (last)
            last->next = param;
        else
            type->params = param;
        last = param;
        error_if(!accept(',') && tok->kind != ')', tok, "',' or ')' expected", 0);
    }
    return type;
}

// suffix = "[" constant? "]" suffix | parameters | nothing
Type *declarator_suffix(Type *base) {
    if (accept('('))
        return function_type(base);
    if (!accept('['))
        return base;
    int length = tok->kind == ']' ? -1 : constant_expression();
    expect(']', "]");
    base = declarator_suffix(base);
    error_if(base->size < 0, tok, "array of an incomplete type", 0);
    return array_of(base, length);
}

// declarator = ("*" qualifier*)* (name | "(" declarator ")")? suffix    The name is optional: see *name.
Type *declarator(Type *base, Token **name) {
    while (accept('*')) {
        base = pointer_to(base);
        while (tok->kind >= KW_CONST && tok->kind <= KW_RESTRICT)
            advance();
    }
    skip_attributes();
    if (tok->kind == '(' && !is_type_name(peek()) && peek()->kind != ')') {
        // what stands behind the parentheses comes first: fill it in afterwards
        Type *hole = new_type(T_VOID, 1, 1);
        advance();
        Type *type = declarator(hole, name);
        expect(')', ")");
        memcpy(hole, declarator_suffix(base), sizeof(Type));
        return type;
    }
    if (tok->kind == TK_IDENT) {
        *name = kept(tok);
        advance();
    }
    return declarator_suffix(base);
}

// type-name = specifiers declarator, without a name
Type *type_name(void) {
    int storage = 0;
    Token *name = 0;
    Type *type = specifiers(&storage);
    return declarator(type, &name);
}

//
// Initialisers: first a list of scalars with their offsets, then bytes or assignments
//

typedef struct Item Item;
struct Item {
    Item *next;
    long offset;
    Type *type;
    Member *member;  // of a bit-field
    Node *value;
};

Item *first_item;
Item *last_item;
Node *waiting;       // an expression that was read to see whether it is a whole struct

void initializer(Type *type, long offset, Member *member);

void add_item(Type *type, long offset, Member *member, Node *value) {
    Item *item = temporary(sizeof(Item));
    item->type = type;
    item->offset = offset;
    item->member = member;
    item->value = value;
    if (last_item)
        last_item->next = item;
    else
        first_item = item;
    last_item = item;
}

// One character of a string or character constant (C99 6.4.4.4); *at moves on.
int character(char **at) {
    char *p = *at;
    int c = *p++;
    if (c == '\\') {
        c = *p++;
        if (c >= '0' && c <= '7') {
            int value = 0;
            p--;
            for (int i = 0; i < 3 && *p >= '0' && *p <= '7'; i++)
                value = value * 8 + *p++ - '0';
            c = value;
        } else if (c == 'x') {
            c = 0;
            while (hex_digit(*p) >= 0)
                c = c * 16 + hex_digit(*p++);
        } else {
            char *found = strchr("a\ab\bf\fn\nr\rt\tv\ve\x1b", c);
            if (found)
                c = found[1];
        }
    }
    *at = p;
    return truncated(c, type_char);
}

// string = ("..." | "...")+
void string_literal(Buffer *out) {
    char c;
    while (tok->kind == TK_STRING) {
        char *p = tok->text + 1;
        char *end = tok->text + tok->len - 1;
        while (p < end) {
            c = character(&p);
            put(out, &c, 1);
        }
        advance();
    }
    put(out, "", 1);
}

// Is there another element of the aggregate that is being filled?
int another(int is_first, int is_braced) {
    if (is_first)
        return waiting || tok->kind != '}';
    if (tok->kind != ',' || !is_braced && peek()->kind == '}')
        return 0;
    advance();
    return tok->kind != '}';
}

void array_string(Type *type, long offset) {
    Buffer bytes;
    memset((char *)&bytes, 0, sizeof(Buffer));
    string_literal(&bytes);
    if (type->length < 0) {
        type->length = bytes.size;
        type->size = bytes.size;
    }
    for (int i = 0; i < bytes.size && i < type->length; i++)
        add_item(type_char, offset + i, 0, new_number(bytes.data[i], type_char));
    free(bytes.data);
}

void array_initializer(Type *type, long offset, int is_braced) {
    int i = 0;
    while (i != type->length && another(i == 0, is_braced)) {
        initializer(type->base, offset + i * type->base->size, 0);
        i++;
    }
    if (type->length < 0) {
        type->length = i;
        type->size = i * type->base->size;
    }
}

void struct_initializer(Type *type, long offset, int is_braced) {
    int is_first = 1;
    for (Member *m = type->members; m && another(is_first, is_braced); m = m->next) {
        initializer(m->type, offset + m->offset, m->bit_width ? m : 0);
        is_first = 0;
        if (type->kind == T_UNION)
            break;
    }
}

// initializer = assignment | "{" (initializer ("," initializer)* ","?)? "}"    Inner braces may be left out.
void initializer(Type *type, long offset, Member *member) {
    int is_aggregate = type->kind == T_ARRAY || type->kind >= T_STRUCT;
    int is_braced = !waiting && accept('{');
    if (type->kind == T_ARRAY && type->base->size == 1 && tok->kind == TK_STRING) {
        array_string(type, offset);
    } else if (type->kind >= T_STRUCT && !is_braced) {
        if (!waiting)
            waiting = assignment();
        if (waiting->type->kind == type->kind) {
            add_item(type, offset, 0, waiting);
            waiting = 0;
        } else {
            struct_initializer(type, offset, 0);
        }
    } else if (type->kind == T_ARRAY) {
        array_initializer(type, offset, is_braced);
    } else if (is_aggregate) {
        struct_initializer(type, offset, is_braced);
    } else {
        add_item(type, offset, member, waiting ? waiting : assignment());
        waiting = 0;
    }
    if (is_braced) {
        accept(',');
        expect('}', "}");
    }
}

// The object whose address, plus *addend, the constant n is; 0 for a plain number.
Object *address_constant(Node *n, long *addend) {
    Node *target = n->lhs;
    if (n->kind == N_NUMBER) {
        *addend += n->value;
        return 0;
    }
    if (n->kind == N_CAST && n->type->size == 8)
        return address_constant(target, addend);
    if (n->kind == N_ADDRESS && target->kind == N_GLOBAL) {
        *addend += target->value;
        return target->object;
    }
    if ((n->kind == N_ADD || n->kind == N_SUB) && n->rhs->kind == N_NUMBER) {
        *addend += n->kind == N_ADD ? n->rhs->value : -n->rhs->value;
        return address_constant(target, addend);
    }
    error_at(n->token, "the initialiser is not a constant", 0);
    return 0;
}

// Puts the items into the data section.
void static_items(Object *object, Type *type) {
    define_in_data(object, type->align);
    long base = object->offset;
    put(&data, 0, type->size);
    for (Item *i = first_item; i; i = i->next) {
        char *at = data.data + base + i->offset;
        Node *value = new_cast(i->value, i->type);
        if (value->kind == N_FLOAT) {
            float_pattern(value, i->type, at);
        } else if (i->member) {
            long unit = 0;
            memcpy((char *)&unit, at, i->type->size);
            error_if(value->kind != N_NUMBER, value->token, "the initialiser is not a constant", 0);
            unit |= (value->value & (1L << i->member->bit_width) - 1) << i->member->bit_offset;
            set_int(at, unit, i->type->size);
        } else {
            long addend = 0;
            Object *target = address_constant(value, &addend);
            error_if(target && i->type->size != 8, value->token, "an address does not fit here", 0);
            set_int(at, addend, i->type->size);
            if (target)
                relocate(ABS64, base + i->offset, target, addend);
        }
    }
}

// Assigns the items to a local variable.
void local_items(long offset, Type *type) {
    if (type->kind == T_ARRAY || type->kind >= T_STRUCT && first_item && first_item->type != type)
        clear_local(offset, type->size);
    for (Item *i = first_item; i; i = i->next) {
        Node *place = new_local(offset + i->offset, i->type);
        if (i->member)
            place = new_bitfield(place, i->member);
        generate_unused(new_assign(place, i->value));
    }
}

void read_initializer(Type *type) {
    first_item = 0;
    last_item = 0;
    initializer(type, 0, 0);
}

//
// Declarations
//

// The type of a variable that is being declared: an array without a length gets one of its own, to be
// set by its initialiser.
Type *own_type(Type *type) {
    return type->kind == T_ARRAY && type->length < 0 ? array_of(type->base, -1) : type;
}

Symbol *declare_global(Token *name, Type *type, int storage) {
    Symbol *s = name->name->symbol;
    if (s && s->depth == scope_depth && s->kind == S_GLOBAL) {
        if (s->type->kind != type->kind || s->type->is_variadic != type->is_variadic)
            error_at(name, "declared before with another type", name->name->text);
        if (type->size >= 0)
            s->type = type;
        return s;
    }
    s = declare(name->name, S_GLOBAL, type);
    s->object = storage & STORE_STATIC ? new_object(name) : external_object(name);
    return s;
}

void global_variable(Token *name, Type *type, int storage) {
    Symbol *s = declare_global(name, own_type(type), storage);
    Object *object = s->object;
    if (accept('=')) {
        error_if(object->section != UNDEFINED, name, "defined twice", name->name->text);
        read_initializer(s->type);
        static_items(object, s->type);
    } else if (!(storage & STORE_EXTERN)) {
        error_if(type->size < 0, name, "this variable has an incomplete type", name->name->text);
        if (type->size > object->size)
            object->size = type->size;
        if (type->align > object->align)
            object->align = type->align;
    }
}

void local_variable(Token *name, Type *type) {
    error_if(type->kind == T_VOID, name, "a variable cannot be void", name->name->text);
    type = own_type(type);
    Symbol *s = declare(name->name, S_LOCAL, type);
    if (accept('=')) {
        if (type->size >= 0)
            s->value = allocate_local(type);
        read_initializer(type);
        if (!s->value)
            s->value = allocate_local(type);
        local_items(s->value, type);
    } else {
        error_if(type->size < 0, name, "this variable has an incomplete type", name->name->text);
        s->value = allocate_local(type);
    }
}

// declarators = declarator ("=" initializer)? ("," declarator ("=" initializer)?)* ";"
//             | declarator "{" body "}"                                            at file level
void declarators(Type *base, int storage) {
    do {
        Token *name = 0;
        Type *type = declarator(base, &name);
        error_if(!name, tok, "name expected", 0);
        skip_attributes();
        if (storage & STORE_TYPEDEF) {
            declare(name->name, S_TYPEDEF, type);
        } else if (type->kind == T_FUNCTION) {
            Symbol *s = declare_global(name, type, storage);
            if (tok->kind == '{') {
                error_if(scope_depth, tok, "a function inside of a function", 0);
                error_if(s->object->section != UNDEFINED, name, "defined twice", name->name->text);
                s->type = type;
                function_body(s);
                return;
            }
        } else if (!scope_depth || storage) {
            global_variable(name, type, storage);
        } else {
            local_variable(name, type);
        }
    } while (accept(','));
    expect(';', ";");
}

// declaration = specifiers (declarators | ";")
void declaration(void) {
    int storage = 0;
    Type *base = specifiers(&storage);
    if (!accept(';'))
        declarators(base, storage);
}

// external-declaration = "__asm__" "(" string ")" ";" | declaration | ";"
void external_declaration(void) {
    Token *start = tok;
    if (accept(';'))
        return;
    if (!accept(KW_ASM)) {
        declaration();
        return;
    }
    Buffer source;
    memset((char *)&source, 0, sizeof(Buffer));
    expect('(', "(");
    string_literal(&source);
    expect(')', ")");
    expect(';', ";");
    assemble(source.data, source.size - 1, start);
    free(source.data);
}
