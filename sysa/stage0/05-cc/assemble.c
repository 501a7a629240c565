// SPDX-License-Identifier: GPL-3.0-or-later
// __asm__("...") at file level, as far as the library needs it, in words that gas and tcc understand as well:
//     .globl NAME     NAME:     .byte 0x..,0x..     call NAME
// One to a line or separated by semicolons.
#include "cc.h"

char *asm_end;

char *skip_blanks(char *p) {
    while (p < asm_end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == ';'))
        p++;
    return p;
}

char *word_end(char *p) {
    while (p < asm_end && (is_word(*p) || *p == '.'))
        p++;
    return p;
}

// byte = "0x" digits | decimal digits
char *assemble_byte(char *p, Token *at) {
    int base = 10;
    int value = 0;
    if (*p == '0' && p[1] == 'x') {
        base = 16;
        p += 2;
    }
    error_if(hex_digit(*p) < 0, at, "byte expected in assembly", 0);
    for (; hex_digit(*p) >= 0; p++)
        value = value * base + hex_digit(*p);
    put_int(&text, value, 1);
    return p;
}

Object *named_object(char *p, char *end, Token *at) {
    Token *t = new_token(TK_IDENT, p, end - p);
    t->loc = at->loc;
    t->file = at->file;
    t->name = intern(p, end - p);
    return external_object(t);
}

void assemble(char *source, long size, Token *at) {
    asm_end = source + size;
    for (char *p = skip_blanks(source); p < asm_end; p = skip_blanks(p)) {
        char *end = word_end(p);
        if (end - p == 5 && !memcmp(p, ".byte", 5)) {
            p = assemble_byte(skip_blanks(end), at);
            while (*p == ',')
                p = assemble_byte(skip_blanks(p + 1), at);
        } else if (end - p == 6 && !memcmp(p, ".globl", 6)) {
            p = word_end(skip_blanks(end));
        } else if (end - p == 4 && !memcmp(p, "call", 4)) {
            p = skip_blanks(end);
            end = word_end(p);
            put_int(&text, 0xe8, 1);
            relocate(REL32, text.size, named_object(p, end, at), 0);
            put_int(&text, 0, 4);
            p = end;
        } else if (end > p && *end == ':') {
            Object *o = named_object(p, end, at);
            o->section = TEXT;
            o->offset = text.size;
            p = end + 1;
        } else {
            error_at(at, "cc assembles only .globl, .byte, call and labels", 0);
        }
    }
}
