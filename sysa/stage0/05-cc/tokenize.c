// SPDX-License-Identifier: GPL-3.0-or-later
// Characters to tokens. Identifiers are interned: one Name for each spelling, on which its macro, its
// symbol and its tag hang, so that no later phase searches for a name.
#include "cc.h"

File *current_file;
char *cursor;
int at_line_start;
int in_directive;

enum { NAME_BUCKETS = 8192 };

Name *buckets[NAME_BUCKETS];
File *files;

char *keyword_text[] = {
    "void", "char", "short", "int", "long", "float", "double", "signed", "unsigned",
    "struct", "union", "enum", "typedef", "extern", "static", "inline", "const", "volatile",
    "register", "auto", "restrict", "_Noreturn", "__attribute__",
    "if", "else", "while", "do", "for", "switch", "case", "default", "break", "continue",
    "return", "goto", "sizeof", "__asm__", 0
};

int is_digit(int c) {
    return c >= '0' && c <= '9';
}

// May c stand in an identifier?
int is_word(int c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || is_digit(c);
}

int hex_digit(int c) {
    if (is_digit(c))
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

Name *intern(char *text, int len) {
    long hash = len;
    for (int i = 0; i < len; i++)
        hash = hash * 31 + text[i];
    Name **bucket = &buckets[hash & (NAME_BUCKETS - 1)];
    for (Name *n = *bucket; n; n = n->next)
        if (n->len == len && !memcmp(n->text, text, len))
            return n;
    Name *n = permanent(sizeof(Name));
    n->text = permanent(len + 1);
    memcpy(n->text, text, len);
    n->len = len;
    n->next = *bucket;
    *bucket = n;
    return n;
}

void init_names(void) {
    for (int i = 0; keyword_text[i]; i++)
        intern(keyword_text[i], strlen(keyword_text[i]))->keyword = KW_VOID + i;
}

// Between two source files macros and symbols are forgotten; objects with external linkage are not.
void forget_file_scope(void) {
    for (int i = 0; i < NAME_BUCKETS; i++)
        for (Name *n = buckets[i]; n; n = n->next) {
            n->macro = 0;
            n->symbol = 0;
            n->tag = 0;
        }
}

// Joins lines that end in a backslash; the newlines follow after, so that lines keep their numbers.
void join_lines(char *text) {
    char *to = text;
    int owed = 0;
    for (char *p = text; *p; p++) {
        if (p[0] == '\\' && p[1] == '\n') {
            p++;
            owed++;
            continue;
        }
        *to++ = *p;
        if (*p == '\n')
            for (; owed; owed--)
                *to++ = '\n';
    }
    for (; owed; owed--)
        *to++ = '\n';
    *to = 0;
}

File *read_file(char *path) {
    for (File *f = files; f; f = f->next)
        if (!strcmp(f->path, path))
            return f;
    int fd = open(path, O_RDONLY, 0);
    if (fd < 0)
        return 0;
    long size = lseek(fd, 0, SEEK_END);
    lseek(fd, 0, SEEK_SET);
    File *f = permanent(sizeof(File));
    f->path = permanent(strlen(path) + 1);
    strcpy(f->path, path);
    f->text = permanent(size + 2);
    if (size < 0 || read(fd, f->text, size) != size)
        die("cannot read", path);
    close(fd);
    f->text[size] = '\n';
    if (strchr(f->text, '\\'))
        join_lines(f->text);
    f->end = f->text + strlen(f->text);
    f->next = files;
    files = f;
    return f;
}

Token *new_token(int kind, char *text, int len) {
    Token *t = temporary(sizeof(Token));
    t->kind = kind;
    t->text = text;
    t->loc = text;
    t->len = len;
    t->file = current_file;
    return t;
}

void lex_error(char *what) {
    error_at(new_token(TK_EOF, cursor, 1), what, 0);
}

// Skips blanks and comments, and newlines outside of a directive. Returns whether there were any.
int skip_space(void) {
    char *p = cursor;
    for (;;) {
        if (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\f' || *p == '\v') {
            p++;
        } else if (*p == '\n' && !in_directive) {
            at_line_start = 1;
            p++;
        } else if (*p == '/' && p[1] == '/') {
            p = strchr(p, '\n');
        } else if (*p == '/' && p[1] == '*') {
            char *start = p;
            p += 2;
            while (p[0] && (p[0] != '*' || p[1] != '/'))
                p++;
            if (!*p) {
                cursor = start;
                lex_error("unterminated comment");
            }
            p += 2;
        } else {
            break;
        }
    }
    int skipped = p != cursor;
    cursor = p;
    return skipped;
}

// The length of the string or character constant at p, quotes included.
int quoted_length(char *p) {
    char *start = p;
    int quote = *p++;
    while (*p != quote) {
        if (*p == '\n' || !*p)
            lex_error(quote == '"' ? "unterminated string" : "unterminated character constant");
        if (*p == '\\')
            p++;
        p++;
    }
    return p + 1 - start;
}

// A preprocessing number (C99 6.4.8): what it is worth is found out when the parser meets it.
int number_length(char *p) {
    char *start = p;
    while (is_word(*p) || *p == '.' || (*p == '+' || *p == '-') && strchr("eEpP", p[-1]))
        p++;
    return p - start;
}

int punctuator_length;
char *assigning_operators = "+-*/%&|^";  // in the order of TK_ADD_ASSIGN ...

int of_length(int length, int kind) {
    punctuator_length = length;
    return kind;
}

// The kind of the punctuator at p; sets punctuator_length.
int punctuator(char *p) {
    int a = p[0];
    int b = p[1];
    char *assigning = strchr(assigning_operators, a);
    if (a <= ' ' || a >= 127)
        lex_error("stray character");
    if (a == '<' && b == '<')
        return p[2] == '=' ? of_length(3, TK_SHL_ASSIGN) : of_length(2, TK_SHL);
    if (a == '>' && b == '>')
        return p[2] == '=' ? of_length(3, TK_SHR_ASSIGN) : of_length(2, TK_SHR);
    if (a == '.' && b == '.' && p[2] == '.')
        return of_length(3, TK_ELLIPSIS);
    if (a == '-' && b == '>')
        return of_length(2, TK_ARROW);
    if (b == '=' && assigning)
        return of_length(2, TK_ADD_ASSIGN + (assigning - assigning_operators));
    if (b == '=')
        switch (a) {
        case '=': return of_length(2, TK_EQ);
        case '!': return of_length(2, TK_NE);
        case '<': return of_length(2, TK_LE);
        case '>': return of_length(2, TK_GE);
        }
    if (a == b)
        switch (a) {
        case '&': return of_length(2, TK_ANDAND);
        case '|': return of_length(2, TK_OROR);
        case '+': return of_length(2, TK_INC);
        case '-': return of_length(2, TK_DEC);
        case '#': return of_length(2, TK_PASTE);
        }
    return of_length(1, a);
}

// The next token of the current file, before any macro is looked at. Keywords are identifiers here.
Token *lex(void) {
    int spaced = skip_space();
    char *p = cursor;
    Token *t;
    if (*p == '\n' || !*p) {
        t = new_token(in_directive ? TK_EOL : TK_EOF, p, 0);
    } else if (is_word(*p) && !is_digit(*p)) {
        int len = 1;
        while (is_word(p[len]))
            len++;
        t = new_token(TK_IDENT, p, len);
        t->name = intern(p, len);
    } else if (is_digit(*p) || *p == '.' && is_digit(p[1])) {
        t = new_token(TK_NUMBER, p, number_length(p));
    } else if (*p == '"') {
        t = new_token(TK_STRING, p, quoted_length(p));
    } else if (*p == '\'') {
        t = new_token(TK_CHAR, p, quoted_length(p));
    } else {
        int kind = punctuator(p);
        t = new_token(kind, p, punctuator_length);
    }
    t->spaced = spaced;
    cursor += t->len;
    return t;
}
