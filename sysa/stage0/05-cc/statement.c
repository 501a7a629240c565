// SPDX-License-Identifier: GPL-3.0-or-later
// Statements (C99 6.8). They need no tree: each is translated as it is read, with jumps that are
// filled in when their targets are known.
#include "cc.h"

int frame_size;

typedef struct Case Case;
struct Case {
    Case *next;
    long value;
    long target;
};

typedef struct Label Label;
struct Label {
    Label *next;
    Token *name;
    long target;     // -1 until the label is met
    long gotos;      // chain of jumps that wait for it
};

int largest_frame;
Type *return_type;
long returns;        // chains of open jumps
long breaks;
long continues;
Case *cases;         // of the innermost switch, the last one first
int in_switch;
long default_target;
Label *labels;

void statement(void);

int allocate_local(Type *type) {
    int align = type->align < 8 ? 8 : type->align;
    frame_size = (frame_size + type->size + align - 1) / align * align;
    if (frame_size > largest_frame)
        largest_frame = frame_size;
    return -frame_size;
}

// block = "{" (declaration | statement)* "}"
void block(void) {
    int frame = frame_size;
    enter_scope();
    while (!accept('}')) {
        error_if(tok->kind == TK_EOF, tok, "'}' expected", 0);
        if (is_type_name(tok) && !(tok->kind == TK_IDENT && peek()->kind == ':'))
            declaration();
        else
            statement();
    }
    leave_scope();
    frame_size = frame;
}

Node *parenthesized_condition(void) {
    expect('(', "(");
    Node *n = condition(expression());
    expect(')', ")");
    return n;
}

// "if" "(" expression ")" statement ("else" statement)?
void if_statement(void) {
    long no = branch(parenthesized_condition(), 0, 0);
    statement();
    if (accept(KW_ELSE)) {
        long done = jump(0xe9, 0);
        land(no);
        statement();
        no = done;
    }
    land(no);
}

// The rest of a loop: the body, the step, and back to the start; exits is what leaves it already.
void loop_body(long start, long exits, Node *step) {
    long outer_breaks = breaks;
    long outer_continues = continues;
    breaks = exits;
    continues = 0;
    statement();
    land(continues);
    if (step)
        generate_unused(step);
    jump_back(0xe9, start);
    land(breaks);
    breaks = outer_breaks;
    continues = outer_continues;
}

// "while" "(" expression ")" statement
void while_statement(void) {
    long start = text.size;
    loop_body(start, branch(parenthesized_condition(), 0, 0), 0);
}

// "do" statement "while" "(" expression ")" ";"
void do_statement(void) {
    long outer_breaks = breaks;
    long outer_continues = continues;
    long start = text.size;
    breaks = 0;
    continues = 0;
    statement();
    land(continues);
    error_if(!accept(KW_WHILE), tok, "expected", "while");
    long out = branch(parenthesized_condition(), 0, 0);
    expect(';', ";");
    jump_back(0xe9, start);
    land(out);
    land(breaks);
    breaks = outer_breaks;
    continues = outer_continues;
}

// "for" "(" (declaration | expression? ";") expression? ";" expression? ")" statement
void for_statement(void) {
    int frame = frame_size;
    long exits = 0;
    Node *step = 0;
    enter_scope();
    expect('(', "(");
    if (is_type_name(tok)) {
        declaration();
    } else if (!accept(';')) {
        generate_unused(expression());
        expect(';', ";");
    }
    long start = text.size;
    if (tok->kind != ';')
        exits = branch(condition(expression()), 0, 0);
    expect(';', ";");
    if (tok->kind != ')')
        step = expression();
    expect(')', ")");
    loop_body(start, exits, step);
    leave_scope();
    frame_size = frame;
}

// Jumps to the case of the value in rax, by halving the sorted cases [low, high); the default is joined to out.
long dispatch(Case **sorted, int low, int high, long out) {
    if (high - low <= 4) {
        for (; low < high; low++) {
            compare_with(sorted[low]->value);
            jump_back(0x0f84, sorted[low]->target);  // je
        }
        return jump(0xe9, out);
    }
    int middle = (low + high) / 2;
    compare_with(sorted[middle]->value);
    long below = jump(0x0f8c, 0);                    // jl
    out = dispatch(sorted, middle, high, out);
    land(below);
    return dispatch(sorted, low, middle, out);
}

// "switch" "(" expression ")" statement. The cases are compared behind the body, when they are all known.
void switch_statement(void) {
    long outer_breaks = breaks;
    Case *outer_cases = cases;
    long outer_default = default_target;
    int outer_switch = in_switch;
    Token *at = tok;
    expect('(', "(");
    Node *value = value_of(expression());
    expect(')', ")");
    error_if(!is_integer(value->type), at, "an integer is needed here", 0);
    generate(new_cast(new_cast(value, promoted(value->type)), type_long));
    long start = jump(0xe9, 0);
    breaks = 0;
    cases = 0;
    default_target = -1;
    in_switch = 1;
    statement();
    breaks = jump(0xe9, breaks);
    land(start);
    int count = 0;
    for (Case *c = cases; c; c = c->next)
        count++;
    Case **sorted = temporary((count + 1) * sizeof(Case *));
    int filled = 0;
    for (Case *c = cases; c; c = c->next) {
        int i = filled++;
        for (; i && sorted[i - 1]->value > c->value; i--)
            sorted[i] = sorted[i - 1];
        sorted[i] = c;
    }
    for (int i = 1; i < count; i++)
        if (sorted[i]->value == sorted[i - 1]->value)
            error_at(at, "two cases have the value", decimal(sorted[i]->value));
    land(dispatch(sorted, 0, count, 0));
    if (default_target >= 0)
        jump_back(0xe9, default_target);
    land(breaks);
    breaks = outer_breaks;
    cases = outer_cases;
    default_target = outer_default;
    in_switch = outer_switch;
}

Label *find_label(Token *name) {
    for (Label *l = labels; l; l = l->next)
        if (l->name->name == name->name)
            return l;
    Label *l = temporary(sizeof(Label));
    l->name = name;
    l->target = -1;
    l->next = labels;
    labels = l;
    return l;
}

// "return" expression? ";"
void return_statement(void) {
    if (tok->kind != ';')
        generate(new_cast(expression(), return_type));
    expect(';', ";");
    returns = jump(0xe9, returns);
}

// name ":" statement
void labelled_statement(void) {
    Label *l = find_label(tok);
    error_if(l->target >= 0, tok, "this label is already there", tok->name->text);
    advance();
    advance();
    l->target = text.size;
    land(l->gotos);
    statement();
}

// "goto" name ";"
void goto_statement(void) {
    error_if(tok->kind != TK_IDENT, tok, "label expected", 0);
    Label *l = find_label(tok);
    advance();
    expect(';', ";");
    if (l->target >= 0)
        jump_back(0xe9, l->target);
    else
        l->gotos = jump(0xe9, l->gotos);
}

// statement = block | the ones above | "case" constant ":" statement | "default" ":" statement
//           | "break" ";" | "continue" ";" | expression? ";"
void statement(void) {
    Token *at = tok;
    switch (tok->kind) {
    case '{': advance(); block(); return;
    case KW_IF: advance(); if_statement(); return;
    case KW_WHILE: advance(); while_statement(); return;
    case KW_DO: advance(); do_statement(); return;
    case KW_FOR: advance(); for_statement(); return;
    case KW_SWITCH: advance(); switch_statement(); return;
    case KW_RETURN: advance(); return_statement(); return;
    case KW_GOTO: advance(); goto_statement(); return;
    case ';': advance(); return;
    }
    if (accept(KW_CASE) || accept(KW_DEFAULT)) {
        error_if(!in_switch, at, "this stands in no switch", 0);
        if (at->kind == KW_DEFAULT) {
            default_target = text.size;
        } else {
            Case *c = temporary(sizeof(Case));
            c->value = constant_expression();
            c->target = text.size;
            c->next = cases;
            cases = c;
        }
        expect(':', ":");
        statement();
    } else if (accept(KW_BREAK)) {
        expect(';', ";");
        breaks = jump(0xe9, breaks);
    } else if (accept(KW_CONTINUE)) {
        expect(';', ";");
        continues = jump(0xe9, continues);
    } else if (tok->kind == TK_IDENT && peek()->kind == ':') {
        labelled_statement();
    } else {
        generate_unused(expression());
        expect(';', ";");
    }
}

// Gives the parameters their places: those in registers are stored into the frame, the others are where the caller
// has pushed them.
void place_parameters(Type *type) {
    int slot = 0;
    for (Symbol *p = type->params; p; p = p->next) {
        int registers = type->on_stack ? 0 : 6;
        int offset;
        if (slot < registers) {
            offset = allocate_local(type_long);
            store_parameter(slot, offset);
        } else {
            offset = 16 + 8 * (slot - registers);
        }
        slot += p->type->size == 16 ? 2 : 1;
        if (p->name)
            declare(p->name, S_LOCAL, p->type)->value = offset;
    }
}

// The body of a function, with its braces.
void function_body(Symbol *function) {
    Object *object = function->object;
    object->section = TEXT;
    object->offset = text.size;
    frame_size = 0;
    largest_frame = 0;
    returns = 0;
    breaks = 0;
    continues = 0;
    labels = 0;
    return_type = function->type->base;
    long start = function_start();
    enter_scope();
    place_parameters(function->type);
    expect('{', "{");
    block();
    leave_scope();
    for (Label *l = labels; l; l = l->next)
        error_if(l->target < 0, l->name, "no such label", l->name->name->text);
    land(returns);
    function_end(start, (largest_frame + 15) / 16 * 16);
}
