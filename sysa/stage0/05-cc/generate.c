// SPDX-License-Identifier: GPL-3.0-or-later
// Trees to amd64 machine code. A value is computed into rax, a floating-point one onto the x87 stack, whatever
// its type: so float, double and long double share one path. rcx is the second operand, rdx is scratch.
//
// Integers narrower than 64 bits: what is loaded from memory is extended to 64 bits; after an operation only
// the bits of the type count, and a cast to a wider type extends again.
//
// Calls follow the System V ABI for integers and pointers. A floating-point argument is passed like an
// integer of its size (long double: two), results in st(0). A function with variable arguments or
// a long double parameter takes all of its arguments on the stack, in order: va_list is then a plain pointer.
#include "cc.h"

enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI };

// A memory operand: [rbp + offset], [object + offset], [register + offset].
typedef struct Place Place;
struct Place {
    Object *object;
    int base;       // RBP, RAX, RCX; -1 for an object
    long offset;
};

// Bytes are given as one number, to be read from left to right.
void op(long bytes) {
    char buffer[8];
    int n = 0;
    for (int i = 7; i >= 0; i--)
        if (n || bytes >> 8 * i & 255)
            buffer[n++] = bytes >> 8 * i;
    put(&text, buffer, n);
}

void op_int(long bytes, long value) {
    op(bytes);
    put_int(&text, value, 4);
}

int fits_in(long value, int bits) {
    return value >= -(1L << bits - 1) && value < 1L << bits - 1;
}

//
// Jumps. An open jump's target field holds the position of the next field in the same chain.
//

long jump(long opcode, long chain) {
    op_int(opcode, chain);
    return text.size - 4;
}

void land(long chain) {
    while (chain) {
        char *field = text.data + chain;
        int next = 0;
        memcpy((char *)&next, field, 4);
        set_int(field, text.size - chain - 4, 4);
        chain = next;
    }
}

void jump_back(long opcode, long target) {
    op(opcode);
    put_int(&text, target - text.size - 4, 4);
}

//
// Memory operands
//

// opcode, ModRM and what belongs to it for a register field and a place
void op_place(long opcode, int field, Place *place) {
    int modrm = field << 3;
    op(opcode);
    if (place->base < 0) {
        put_int(&text, modrm | 4, 1);  // SIB without base and index: an absolute address
        put_int(&text, 0x25, 1);
        relocate(ABS32, text.size, place->object, place->offset);
        put_int(&text, 0, 4);
    } else if (!place->offset && place->base != RBP) {
        put_int(&text, modrm | place->base, 1);
    } else if (fits_in(place->offset, 8)) {
        put_int(&text, 0x40 | modrm | place->base, 1);
        put_int(&text, place->offset, 1);
    } else {
        put_int(&text, 0x80 | modrm | place->base, 1);
        put_int(&text, place->offset, 4);
    }
}

// Is n in memory at an address that needs no computing?
int is_direct(Node *n) {
    return n->kind == N_LOCAL || n->kind == N_GLOBAL;
}

void set_place(Place *place, int base, long offset, Object *object) {
    place->base = base;
    place->offset = offset;
    place->object = object;
}

void direct_place(Node *n, Place *place) {
    set_place(place, n->kind == N_LOCAL ? RBP : -1, n->value, n->object);
}

// Splits the pointer of an N_DEREF into what must be computed and a constant offset.
Node *pointer_base(Node *n, Place *place) {
    Node *pointer = n->lhs;
    int is_sum = pointer->kind == N_ADD && pointer->rhs->kind == N_NUMBER && fits_in(pointer->rhs->value, 32);
    set_place(place, RAX, is_sum ? pointer->rhs->value : 0, 0);
    return is_sum ? pointer->lhs : pointer;
}

// Makes the lvalue n addressable; its pointer, if it has one, is computed into rax.
void locate(Node *n, Place *place) {
    if (is_direct(n))
        direct_place(n, place);
    else
        generate(pointer_base(n, place));
}

// What reads 1, 2, 4 or 8 bytes into a register and extends them: movsx, movzx; movsx, movzx; movsxd, mov; mov, mov
int load_opcode[] = {0x480fbe, 0x0fb6, 0x480fbf, 0x0fb7, 0x4863, 0x8b, 0x488b, 0x488b};
int store_opcode[] = {0x88, 0x6689, 0x89, 0x4889};

int extending_opcode(Type *type) {
    return load_opcode[2 * log2_exact(type->size) + type->is_unsigned];
}

// Loads an integer or pointer into the register, extended to 64 bits.
void load_register(Type *type, int reg, Place *place) {
    op_place(extending_opcode(type), reg, place);
}

// fld and fstp of float, double and long double: opcode and ModRM field
int float_opcode[] = {0xd9, 0xdd, 0xdb};
int fld_field[] = {0, 0, 5};
int fstp_field[] = {3, 3, 7};

void load_float(Type *type, Place *place) {
    op_place(float_opcode[type->kind - T_FLOAT], fld_field[type->kind - T_FLOAT], place);
}

void store_float(Type *type, Place *place) {
    op_place(float_opcode[type->kind - T_FLOAT], fstp_field[type->kind - T_FLOAT], place);
}

// Loads what stands at the place; arrays, structs and functions are represented by their address.
void load(Type *type, Place *place) {
    if (is_float(type))
        load_float(type, place);
    else if (is_scalar(type))
        load_register(type, RAX, place);
    else if (place->base != RAX || place->offset)
        op_place(0x488d, RAX, place);  // lea
}

// Copies a struct from [rax] to the place, whose base is rcx or which is direct. rax is the copy afterwards.
void copy_struct(int size, Place *to) {
    op_place(0x488d, RDI, to);                 // lea rdi, place
    op(0x4889c6);                              // mov rsi, rax
    op(0x4889f8);                              // mov rax, rdi
    if (size % 8 == 0 && size <= 64) {
        for (int i = 0; i < size; i += 8)
            op(0x48a5);                        // movsq
    } else {
        op_int(0xb9, size);                    // mov ecx, size
        op(0xf3a4);                            // rep movsb
    }
}

// Stores rax or st(0), which keeps the value as the type has it.
void store(Type *type, Place *place) {
    if (is_float(type)) {
        store_float(type, place);
        load_float(type, place);
    } else if (type->kind >= T_STRUCT) {
        copy_struct(type->size, place);
    } else {
        op_place(store_opcode[log2_exact(type->size)], RAX, place);
    }
}

void clear_local(long offset, int size) {
    Place place;
    set_place(&place, RBP, offset, 0);
    op_place(0x488d, RDI, &place);     // lea rdi, place
    op_int(0xb9, size);                // mov ecx, size
    op(0x31c0);                        // xor eax, eax
    op(0xf3aa);                        // rep stosb
}

//
// Constants
//

// mov reg, value
void load_number(int reg, long value) {
    if (value >> 32 == 0) {
        op_int(0xb8 + reg, value);         // the upper half becomes 0
    } else if (fits_in(value, 32)) {
        op_int(0x48c7c0 + reg, value);     // sign-extended
    } else {
        op(0x48b8 + reg);
        put_int(&text, value, 8);
    }
}

// The bytes of an N_FLOAT in the format of the type, as many as the type has.
void float_pattern(Node *n, Type *type, char *out) {
    int bits = type->kind == T_FLOAT ? SINGLE_BITS : type->kind == T_DOUBLE ? DOUBLE_BITS : EXTENDED_BITS;
    long pattern;
    long top;
    char *end;
    scan_float(n->text, &end, bits, &pattern, &top);
    if (bits == EXTENDED_BITS)
        set_int(out + 8, top | n->negative << 15, 8);
    else
        pattern |= (long)n->negative << 8 * type->size - 1;
    set_int(out, pattern, type->size < 8 ? type->size : 8);
}

// Each use of a floating-point constant gets a copy of it in the data section.
void load_float_constant(Node *n) {
    char bytes[16];
    Place place;
    Object *object = new_object(n->token);
    memset(bytes, 0, 16);
    float_pattern(n, n->type, bytes);
    define_in_data(object, n->type->align);
    put(&data, bytes, n->type->size);
    set_place(&place, -1, 0, object);
    load_float(n->type, &place);
}

//
// Conversions
//

// Is the value of n in rax already extended to 64 bits as its type says?
int is_extended(Node *n) {
    return is_direct(n) || n->kind == N_DEREF || n->kind == N_NUMBER || n->kind >= N_EQ && n->kind <= N_LE;
}

// st(0) to a 64-bit integer in rax. What is 2^63 and more (unsigned long) does not fit fisttp: it is
// brought down by 2^63, whose bit is then set by hand.
void float_to_integer(Type *type) {
    op(0x50);                              // push rax: room
    if (type->size == 8 && type->is_unsigned) {
        op_int(0xc70424, 0x5f000000);      // mov dword [rsp], 2^63 as a float
        op(0xd90424);                      // fld dword [rsp]
        op(0xdbe9);                        // fucomi st(0), st(1)
        long big = jump(0x0f86, 0);        // jbe
        op(0xddd8);                        // fstp st(0)
        op(0xdd0c24);                      // fisttp qword [rsp]
        op(0x58);                          // pop rax
        long done = jump(0xe9, 0);         // jmp
        land(big);
        op(0xdee9);                        // fsubp st(1), st(0)
        op(0xdd0c24);                      // fisttp qword [rsp]
        op(0x58);                          // pop rax
        op(0x480fbae83f);                  // bts rax, 63
        land(done);
    } else {
        op(0xdd0c24);                      // fisttp qword [rsp]
        op(0x58);                          // pop rax
    }
}

// The 64-bit integer in rax to st(0).
void integer_to_float(int is_unsigned) {
    op(0x50);                              // push rax
    op(0xdf2c24);                          // fild qword [rsp]
    if (is_unsigned) {
        op(0x4885c0);                      // test rax, rax
        long done = jump(0x0f89, 0);       // jns
        op_int(0xc70424, 0x5f800000);      // mov dword [rsp], 2^64 as a float
        op(0xd80424);                      // fadd dword [rsp]
        land(done);
    }
    op(0x58);                              // pop rax
}

// fstp [rsp] and fld [rsp] of float, double and long double
int fstp_stack[] = {0xd91c24, 0xdd1c24, 0xdb3c24};
int fld_stack[] = {0xd90424, 0xdd0424, 0xdb2c24};

// Rounds st(0) to the type by way of memory.
void round_float(Type *type) {
    if (type->kind == T_LDOUBLE)
        return;
    op(0x50);                              // push rax
    op(fstp_stack[type->kind - T_FLOAT]);
    op(fld_stack[type->kind - T_FLOAT]);
    op(0x58);                              // pop rax
}

// rax, of the type, to 64 bits: the same opcode as for a load, with a register (ModRM 0xc0) in place of memory
void extend(Type *type) {
    if (type->size < 8)
        op(extending_opcode(type) << 8 | 0xc0);
}

void generate_cast(Node *n) {
    Node *from = n->lhs;
    Type *type = n->type;
    generate(from);
    if (type->kind == T_VOID) {
        if (is_float(from->type))
            op(0xddd8);                    // fstp st(0)
    } else if (is_float(type)) {
        if (!is_float(from->type)) {
            if (!is_extended(from))
                extend(from->type);
            integer_to_float(from->type->is_unsigned && from->type->size == 8);
        }
        if (type->kind < from->type->kind || !is_float(from->type))
            round_float(type);
    } else if (is_float(from->type)) {
        float_to_integer(type);
    } else if (type->size < from->type->size) {
        if (type->size < 4)
            extend(type);
    } else if (type->size > from->type->size) {
        if (!is_extended(from))
            extend(from->type);
    } else if (type->size < 4 && type->is_unsigned != from->type->is_unsigned) {
        extend(type);
    }
}

//
// Operators
//

// Puts lhs into rax and rhs into rcx.
void generate_operands(Node *lhs, Node *rhs) {
    Place place;
    if (rhs->kind == N_NUMBER || is_direct(rhs)) {
        generate(lhs);
        if (rhs->kind == N_NUMBER) {
            load_number(RCX, rhs->value);
        } else {
            direct_place(rhs, &place);
            load_register(rhs->type, RCX, &place);
        }
    } else {
        generate(rhs);
        op(0x50);                          // push rax
        generate(lhs);
        op(0x59);                          // pop rcx
    }
}

// OP rax, rhs for the operators that take an immediate; first is the opcode of the form "rax, imm32".
void generate_arithmetic(Node *lhs, Node *rhs, int first) {
    int is_wide = lhs->type->size == 8;
    if (rhs->kind == N_NUMBER && fits_in(rhs->value, 32)) {
        generate(lhs);
        op_int(is_wide ? 0x4800 | first : first, rhs->value);
    } else {
        generate_operands(lhs, rhs);
        // the form "r/m, r" is four less
        op((is_wide ? 0x480000 : 0) | first - 4 << 8 | 0xc8);
    }
}

// shl, shr, sar; which is the opcode's last byte for rax and cl
void generate_shift(Node *n, int which) {
    int is_wide = n->type->size == 8;
    if (n->rhs->kind == N_NUMBER) {
        generate(n->lhs);
        op((is_wide ? 0x48c100 : 0xc100) | which);
        put_int(&text, n->rhs->value, 1);
    } else {
        generate_operands(n->lhs, n->rhs);
        op((is_wide ? 0x48d300 : 0xd300) | which);
    }
}

void generate_multiplication(Node *n) {
    int is_wide = n->type->size == 8;
    int shift = n->rhs->kind == N_NUMBER ? log2_exact(n->rhs->value) : -1;
    if (shift >= 0) {
        generate(n->lhs);
        op(is_wide ? 0x48c1e0 : 0xc1e0);           // shl rax, shift
        put_int(&text, shift, 1);
    } else if (n->rhs->kind == N_NUMBER && fits_in(n->rhs->value, 32)) {
        generate(n->lhs);
        op_int(is_wide ? 0x4869c0 : 0x69c0, n->rhs->value);  // imul rax, rax, value
    } else {
        generate_operands(n->lhs, n->rhs);
        op(is_wide ? 0x480fafc1 : 0x0fafc1);       // imul rax, rcx
    }
}

void generate_division(Node *n) {
    int is_wide = n->type->size == 8;
    generate_operands(n->lhs, n->rhs);
    if (n->type->is_unsigned) {
        op(0x31d2);                                // xor edx, edx
        op(is_wide ? 0x48f7f1 : 0xf7f1);           // div rcx
    } else {
        op(is_wide ? 0x4899 : 0x99);               // cqo, cdq
        op(is_wide ? 0x48f7f9 : 0xf7f9);           // idiv rcx
    }
    if (n->kind == N_MOD)
        op(0x4889d0);                              // mov rax, rdx
}

// Both operands onto the x87 stack: lhs in st(0), rhs in st(1). The first waits in memory, since a call
// on the way may need the whole stack.
void generate_float_operands(Node *lhs, Node *rhs) {
    generate(rhs);
    op(0x4883ec10);                                // sub rsp, 16
    op(0xdb3c24);                                  // fstp tbyte [rsp]
    generate(lhs);
    op(0xdb2c24);                                  // fld tbyte [rsp]
    op(0x4883c410);                                // add rsp, 16
    op(0xd9c9);                                    // fxch
}

void generate_float_arithmetic(Node *n) {
    generate_float_operands(n->lhs, n->rhs);
    switch (n->kind) {
    case N_ADD: op(0xdec1); break;                 // faddp
    case N_SUB: op(0xdee1); break;                 // fsubrp: st(0) - st(1)
    case N_MUL: op(0xdec9); break;                 // fmulp
    default: op(0xdef1);                           // fdivrp: st(0) / st(1)
    }
    round_float(n->type);
}

// Compares the operands of n and returns the condition code (Intel SDM, appendix B) under which n is true.
int generate_comparison(Node *n) {
    Type *type = n->lhs->type;
    generate_arithmetic(n->lhs, n->rhs, 0x3d);     // cmp
    switch (n->kind) {
    case N_EQ: return 4;                           // e
    case N_NE: return 5;                           // ne
    case N_LT: return type->is_unsigned ? 2 : 12;  // b, l
    }
    return type->is_unsigned ? 6 : 14;             // be, le
}

// Comparisons with a NaN are false, but for !=: "below" would be true, so < and <= are asked the other way round.
void generate_float_comparison(Node *n) {
    int swap = n->kind == N_LT || n->kind == N_LE;
    generate_float_operands(swap ? n->rhs : n->lhs, swap ? n->lhs : n->rhs);
    op(0xdfe9);                                    // fucomip st(0), st(1)
    op(0xddd8);                                    // fstp st(0)
    switch (n->kind) {
    case N_LT: op(0x0f97c0); break;                // seta al
    case N_LE: op(0x0f93c0); break;                // setae al
    case N_EQ:
        op(0x0f94c0);                              // sete al
        op(0x0f9bc1);                              // setnp cl
        op(0x20c8);                                // and al, cl
        break;
    default:
        op(0x0f95c0);                              // setne al
        op(0x0f9ac1);                              // setp cl
        op(0x08c8);                                // or al, cl
    }
    op(0x0fb6c0);                                  // movzx eax, al
}

//
// Branches
//

// Jumps, joined to chain, if (n != 0) == sense.
long branch(Node *n, int sense, long chain) {
    if (n->kind == N_NUMBER)
        return (n->value != 0) == sense ? jump(0xe9, chain) : chain;
    if (n->kind == N_ANDAND || n->kind == N_OROR) {
        if (sense == (n->kind == N_OROR)) {
            chain = branch(n->lhs, sense, chain);
            return branch(n->rhs, sense, chain);
        }
        long skip = branch(n->lhs, !sense, 0);
        chain = branch(n->rhs, sense, chain);
        land(skip);
        return chain;
    }
    int code = 5;                                  // ne
    if (n->kind >= N_EQ && !is_float(n->lhs->type)) {
        code = generate_comparison(n);
    } else {
        generate(n);
        int size = n->type->size;
        if (size < 4)
            extend(n->type);
        op(size == 8 ? 0x4885c0 : 0x85c0);         // test rax, rax
    }
    return jump(0x0f80 | code ^ !sense, chain);    // jcc
}

// 0 or 1 from a branch
void generate_truth(Node *n) {
    long no = branch(n, 0, 0);
    op_int(0xb8, 1);                               // mov eax, 1
    long done = jump(0xe9, 0);
    land(no);
    op(0x31c0);                                    // xor eax, eax
    land(done);
}

//
// Assignment, calls
//

void generate_assign(Node *n) {
    Node *to = n->lhs;
    Place place;
    if (is_direct(to)) {
        generate(n->rhs);
        direct_place(to, &place);
        store(to->type, &place);
    } else {
        Node *base = pointer_base(to, &place);
        place.base = RCX;
        if (is_direct(base)) {
            Place pointer;
            generate(n->rhs);
            direct_place(base, &pointer);
            load_register(base->type, RCX, &pointer);
        } else {
            generate(base);
            op(0x50);                              // push rax
            generate(n->rhs);
            op(0x59);                              // pop rcx
        }
        store(to->type, &place);
    }
}

void push_float(Type *type) {
    op(type->size == 16 ? 0x4883ec10 : 0x4883ec08);  // sub rsp, 8 or 16
    op(fstp_stack[type->kind - T_FLOAT]);
}

// pop rdi, rsi, rdx, rcx, r8, r9
int pop_parameter[] = {0x5f, 0x5e, 0x5a, 0x59, 0x4158, 0x4159};

void generate_call(Node *n) {
    Node *function = n->lhs;
    Type *type = function->type->base;
    int slots = 0;
    int is_named = function->kind == N_ADDRESS;
    if (!is_named) {
        generate(function);
        op(0x50);                                  // push rax
    }
    for (Node *arg = n->rhs; arg; arg = arg->next) {
        generate(arg);
        if (is_float(arg->type))
            push_float(arg->type);
        else
            op(0x50);                              // push rax
        slots += arg->type->size == 16 ? 2 : 1;
    }
    int in_registers = type->on_stack ? 0 : slots < 6 ? slots : 6;
    for (int i = 0; i < in_registers; i++)
        op(pop_parameter[i]);
    slots -= in_registers;
    if (is_named) {
        op(0xe8);                                  // call function
        relocate(REL32, text.size, function->lhs->object, 0);
        put_int(&text, 0, 4);
    } else {
        op_int(0xff9424, 8 * slots);               // call [rsp + slots]
        slots++;
    }
    if (slots)
        op_int(0x4881c4, 8 * slots);               // add rsp, slots
}

//
// Any expression
//

void generate_unused(Node *n) {
    if (n->unused)
        n = n->unused;
    if (n->kind == N_COMMA) {
        generate_unused(n->lhs);
        generate_unused(n->rhs);
        return;
    }
    if (n->kind == N_CAST && n->type->kind == T_VOID)
        n = n->lhs;
    generate(n);
    if (is_float(n->type))
        op(0xddd8);                                // fstp st(0)
}

void generate_integer_operator(Node *n) {
    int is_unsigned = n->type->is_unsigned;
    switch (n->kind) {
    case N_ADD: generate_arithmetic(n->lhs, n->rhs, 0x05); break;
    case N_SUB: generate_arithmetic(n->lhs, n->rhs, 0x2d); break;
    case N_AND: generate_arithmetic(n->lhs, n->rhs, 0x25); break;
    case N_OR: generate_arithmetic(n->lhs, n->rhs, 0x0d); break;
    case N_XOR: generate_arithmetic(n->lhs, n->rhs, 0x35); break;
    case N_MUL: generate_multiplication(n); break;
    case N_DIV:
    case N_MOD: generate_division(n); break;
    case N_SHL: generate_shift(n, 0xe0); break;
    default: generate_shift(n, is_unsigned ? 0xe8 : 0xf8);
    }
}

void generate(Node *n) {
    Place place;
    long skip;
    long done;
    switch (n->kind) {
    case N_NUMBER: load_number(RAX, n->value); return;
    case N_FLOAT: load_float_constant(n); return;
    case N_LOCAL:
    case N_GLOBAL:
    case N_DEREF:
        locate(n, &place);
        load(n->type, &place);
        return;
    case N_ADDRESS:
        direct_place(n->lhs, &place);
        if (place.base < 0) {
            op(0xb8);                              // mov eax, address: it is below 4 GiB
            relocate(ABS32, text.size, place.object, place.offset);
            put_int(&text, 0, 4);
        } else {
            op_place(0x488d, RAX, &place);         // lea
        }
        return;
    case N_ASSIGN: generate_assign(n); return;
    case N_CAST: generate_cast(n); return;
    case N_CALL: generate_call(n); return;
    case N_COMMA:
        generate_unused(n->lhs);
        generate(n->rhs);
        return;
    case N_CONDITION:
        skip = branch(n->lhs, 0, 0);
        generate(n->rhs);
        done = jump(0xe9, 0);
        land(skip);
        generate(n->third);
        land(done);
        return;
    case N_ANDAND:
    case N_OROR: generate_truth(n); return;
    case N_NEGATE:                                 // of a float; other operators do it for integers
        generate(n->lhs);
        op(0xd9e0);                                // fchs
        return;
    }
    if (n->kind >= N_EQ && is_float(n->lhs->type)) {
        generate_float_comparison(n);
    } else if (n->kind >= N_EQ) {
        op(0x0f90c0 | generate_comparison(n) << 8);  // setcc al
        op(0x0fb6c0);                              // movzx eax, al
    } else if (is_float(n->type)) {
        generate_float_arithmetic(n);
    } else {
        generate_integer_operator(n);
    }
}

//
// For statements and functions
//

void compare_with(long value) {
    if (fits_in(value, 32)) {
        op_int(0x483d, value);                     // cmp rax, value
    } else {
        load_number(RCX, value);
        op(0x4839c8);                              // cmp rax, rcx
    }
}

// Returns where the size of the frame is to be written.
long function_start(void) {
    op(0x55);                                      // push rbp
    op(0x4889e5);                                  // mov rbp, rsp
    op_int(0x4881ec, 0);                           // sub rsp, frame
    return text.size - 4;
}

// mov [rbp + offset], the n-th parameter register: rdi, rsi, rdx, rcx, r8, r9, the last two by another prefix
int parameter_field[] = {RDI, RSI, RDX, RCX, 0, 1};

void store_parameter(int n, long offset) {
    Place place;
    set_place(&place, RBP, offset, 0);
    op_place(n < 4 ? 0x4889 : 0x4c89, parameter_field[n], &place);
}

void function_end(long start, int frame) {
    op(0xc9);                                      // leave
    op(0xc3);                                      // ret
    set_int(text.data + start, frame, 4);
}
