// SPDX-License-Identifier: GPL-3.0-or-later
// The preprocessor (C99 6.10): directives and macros. It hands out one token at a time. A macro that is being
// expanded stands on a stack of frames; tokens come from the topmost frame and, when there is none, from the file.
#include "cc.h"

// A list of tokens that is being read. A barrier ends in TK_EOF instead of going on with what lies below.
typedef struct Frame Frame;
struct Frame {
    Frame *below;
    Token *token;
    Macro *macro;
    int is_barrier;
};

// A file that waits until the one that it includes is read.
typedef struct Source Source;
struct Source {
    Source *outer;
    File *file;
    char *cursor;
};

typedef struct Conditional Conditional;
struct Conditional {
    Conditional *outer;
    Token *start;
    File *file;
    int taken;      // one of its groups has been read
    int in_else;
};

typedef struct List List;
struct List {
    Token *first;
    Token *last;
};

enum { MAX_INCLUDE_DIRS = 32, MAX_INCLUDE_DEPTH = 100 };

Frame *frames;
Source *sources;
int include_depth;
Conditional *conditionals;
char *include_dirs[MAX_INCLUDE_DIRS];
int include_dir_count;

Token *expanded(void);
Token *read_token(void);
Token *file_token(void);

int is_between_macros(void) {
    return !frames;
}

Token *copy_to(Token *copy, Token *t) {
    memcpy(copy, t, sizeof(Token));
    copy->next = 0;
    return copy;
}

Token *copied(Token *t) {
    return copy_to(temporary(sizeof(Token)), t);
}

Token *kept(Token *t) {
    return copy_to(permanent(sizeof(Token)), t);
}

List *new_list(void) {
    return temporary(sizeof(List));
}

void append(List *list, Token *t) {
    if (list->last)
        list->last->next = t;
    else
        list->first = t;
    list->last = t;
}

void append_copies(List *list, Token *t) {
    for (; t; t = t->next)
        append(list, copied(t));
}

// The list, which now stands in the place of a token that was spaced or not. Lists are shared: only a copy
// of the first token changes.
Token *in_place_of(Token *t, Token *list) {
    if (!list || list->spaced == t->spaced)
        return list;
    Token *first = copied(list);
    first->spaced = t->spaced;
    first->next = list->next;
    return first;
}

// A number or string that stands for something else, at its place.
Token *token_instead(Token *t, int kind, char *text) {
    Token *n = new_token(kind, text, strlen(text));
    n->loc = t->loc;
    n->file = t->file;
    n->spaced = t->spaced;
    return n;
}

void push_frame(Token *list, Macro *macro, int is_barrier) {
    Frame *f = temporary(sizeof(Frame));
    f->below = frames;
    f->token = list;
    f->macro = macro;
    f->is_barrier = is_barrier;
    frames = f;
    if (macro)
        macro->is_active = 1;
}

void pop_frame(void) {
    if (frames->macro)
        frames->macro->is_active = 0;
    frames = frames->below;
}

void pop_finished_frames(void) {
    while (frames && !frames->token && !frames->is_barrier)
        pop_frame();
}

//
// Macros
//

int param_index(Macro *m, Token *t) {
    if (t->kind == TK_IDENT)
        for (int i = 0; i < m->param_count; i++)
            if (m->params[i] == t->name)
                return i;
    return -1;
}

// #define NAME body, #define NAME(params) body; the cursor is behind the "define".
void define_macro(void) {
    Token *t = lex();
    error_if(t->kind != TK_IDENT, t, "macro name expected", 0);
    Name *name = t->name;
    Macro *m = permanent(sizeof(Macro));
    t = lex();
    if (t->kind == '(' && !t->spaced) {
        int capacity = 0;
        m->is_function = 1;
        t = lex();
        while (t->kind != ')') {
            Name *param = t->name;
            if (t->kind == TK_ELLIPSIS) {
                m->is_variadic = 1;
                param = intern("__VA_ARGS__", 11);
            } else if (t->kind != TK_IDENT) {
                error_at(t, "parameter name expected", 0);
            }
            if (m->param_count == capacity) {
                Name **bigger = permanent((2 * capacity + 4) * sizeof(Name *));
                memcpy(bigger, m->params, capacity * sizeof(Name *));
                m->params = bigger;
                capacity = 2 * capacity + 4;
            }
            m->params[m->param_count++] = param;
            t = lex();
            if (t->kind == ',')
                t = lex();
            else if (t->kind != ')')
                error_at(t, "',' or ')' expected", 0);
        }
        t = lex();
    }
    List *body = new_list();
    for (; t->kind != TK_EOL; t = lex())
        append(body, kept(t));
    m->body = body->first;
    name->macro = m;
}

// -D NAME or -D NAME=VALUE, as if it stood in a file.
void define_option(char *option) {
    long len = strlen(option);
    char *equals = strchr(option, '=');
    File *f = permanent(sizeof(File));
    f->path = "<command line>";
    f->text = permanent(len + 4);
    strcpy(f->text, option);
    if (equals)
        f->text[equals - option] = ' ';
    else
        strcpy(f->text + len, " 1");
    strcat(f->text, "\n");
    f->end = f->text + strlen(f->text);
    current_file = f;
    cursor = f->text;
    in_directive = 1;
    define_macro();
    in_directive = 0;
}

void define_builtin(char *name, int kind) {
    Macro *m = permanent(sizeof(Macro));
    m->builtin = kind;
    intern(name, strlen(name))->macro = m;
}

Token *builtin_token(Macro *m, Token *t) {
    if (m->builtin == 'L') {
        int line = 1;
        for (char *p = current_file->text; p < cursor; p++)
            line += *p == '\n';
        return token_instead(t, TK_NUMBER, decimal(line));
    }
    char *quoted = temporary(strlen(current_file->path) + 3);
    strcpy(quoted, "\"");
    strcat(quoted, current_file->path);
    strcat(quoted, "\"");
    return token_instead(t, TK_STRING, quoted);
}

// Is the next token a '('? Finished expansions are left to look, newlines are crossed.
int parenthesis_follows(void) {
    pop_finished_frames();
    if (frames)
        return frames->token && frames->token->kind == '(';
    skip_space();
    return *cursor == '(';
}

// The arguments of a call of m, the '(' comes next.
Token **arguments(Macro *m, Token *call) {
    Token **args = temporary((m->param_count + 1) * sizeof(Token *));
    List *arg = new_list();
    int depth = 0;
    int count = 0;
    read_token();
    for (;;) {
        Token *t = read_token();
        error_if(t->kind == TK_EOF, call, "unterminated call of macro", call->name->text);
        int takes_rest = m->is_variadic && count == m->param_count - 1;
        if (!depth && (t->kind == ')' || t->kind == ',' && !takes_rest)) {
            if (count >= m->param_count && (count || arg->first))
                error_at(call, "too many arguments for macro", call->name->text);
            args[count++] = arg->first;
            arg = new_list();
            if (t->kind == ')')
                break;
            continue;
        }
        depth += (t->kind == '(') - (t->kind == ')');
        append(arg, copied(t));
    }
    error_if(count < m->param_count - m->is_variadic, call, "too few arguments for macro", call->name->text);
    return args;
}

// An argument with its own macros expanded.
Token *expanded_list(Token *raw) {
    List *out = new_list();
    push_frame(raw, 0, 1);
    for (Token *t = expanded(); t->kind != TK_EOF; t = expanded())
        append(out, copied(t));
    pop_frame();
    return out->first;
}

// #param: the argument's spelling as a string.
Token *stringized(Token *hash, Token *arg) {
    long size = 3;
    for (Token *t = arg; t; t = t->next)
        size += 2 * t->len + 1;
    char *string = temporary(size);
    char *to = string;
    *to++ = '"';
    for (Token *t = arg; t; t = t->next) {
        if (t != arg && t->spaced)
            *to++ = ' ';
        for (int i = 0; i < t->len; i++) {
            int c = t->text[i];
            if ((t->kind == TK_STRING || t->kind == TK_CHAR) && (c == '"' || c == '\\'))
                *to++ = '\\';
            *to++ = c;
        }
    }
    *to = '"';
    return token_instead(hash, TK_STRING, string);
}

// a ## b
Token *pasted(Token *a, Token *b) {
    char *spelling = permanent(a->len + b->len + 2);
    memcpy(spelling, a->text, a->len);
    memcpy(spelling + a->len, b->text, b->len);
    spelling[a->len + b->len] = '\n';
    char *saved_cursor = cursor;
    int saved_mode = in_directive;
    cursor = spelling;
    in_directive = 1;
    Token *t = lex();
    error_if(t->len != a->len + b->len, a, "'##' does not give one token", 0);
    cursor = saved_cursor;
    in_directive = saved_mode;
    t->loc = a->loc;
    t->file = a->file;
    t->spaced = a->spaced;
    return t;
}

// The body of m with its parameters replaced.
Token *substituted(Macro *m, Token **args) {
    List *out = new_list();
    int hole = 0;       // what stood before the next ## was an empty argument
    for (Token *t = m->body; t; t = t->next) {
        int param = param_index(m, t);
        Token *last = out->last;
        if (t->kind == '#' && t->next && param_index(m, t->next) >= 0) {
            append(out, stringized(t, args[param_index(m, t->next)]));
            t = t->next;
        } else if (t->kind == TK_PASTE && t->next && (last || hole)) {
            t = t->next;
            param = param_index(m, t);
            Token *right = param < 0 ? t : args[param];
            int is_rest = m->is_variadic && param == m->param_count - 1;
            if (is_rest && last && last->kind == ',') {
                // GNU: ", ## __VA_ARGS__" drops the comma when there is nothing
                if (!right)
                    last->kind = TK_EOL;
                else
                    append_copies(out, right);
            } else if (hole) {
                if (param < 0)
                    append(out, copied(t));
                else
                    append_copies(out, right);
                hole = !right;
            } else if (right) {
                Token *joined = pasted(last, right);
                memcpy(last, joined, sizeof(Token));
                if (param >= 0)
                    append_copies(out, right->next);
            }
            continue;
        } else if (param < 0) {
            append(out, copied(t));
        } else if (t->next && t->next->kind == TK_PASTE) {
            append_copies(out, in_place_of(t, args[param]));
            hole = !args[param];
            continue;
        } else {
            append_copies(out, in_place_of(t, expanded_list(args[param])));
        }
        hole = 0;
    }
    return out->first;
}

// The next token as it stands, from the topmost frame or the file.
Token *read_token(void) {
    pop_finished_frames();
    if (frames) {
        Token *t = frames->token;
        if (!t)
            return new_token(TK_EOF, cursor, 0);
        frames->token = t->next;
        return t;
    }
    return file_token();
}

// The next token with macros expanded.
Token *expanded(void) {
    for (;;) {
        Token *t = read_token();
        if (t->kind == TK_EOL)  // a dropped comma
            continue;
        Macro *m = t->kind == TK_IDENT ? t->name->macro : 0;
        if (!m || t->frozen)
            return t;
        if (m->is_active) {
            t = copied(t);
            t->frozen = 1;
            return t;
        }
        if (m->builtin)
            return builtin_token(m, t);
        if (!m->is_function) {
            push_frame(in_place_of(t, m->body), m, 0);
        } else {
            if (!parenthesis_follows())
                return t;
            push_frame(in_place_of(t, substituted(m, arguments(m, t))), m, 0);
        }
    }
}

// The next token for the parser: expanded, keywords recognised.
Token *next_token(void) {
    Token *t = expanded();
    if (t->kind == TK_IDENT && t->name->keyword) {
        t = copied(t);
        t->kind = t->name->keyword;
    }
    return t;
}

//
// Directives
//

void add_include_dir(char *path) {
    if (include_dir_count == MAX_INCLUDE_DIRS)
        die("too many -I options", 0);
    include_dirs[include_dir_count++] = path;
}

void enter_file(File *file) {
    current_file = file;
    cursor = file->text;
    at_line_start = 1;
}

// Begins a translation unit.
void open_source(char *path) {
    File *file = read_file(path);
    if (!file)
        die("cannot open", path);
    define_builtin("__LINE__", 'L');
    define_builtin("__FILE__", 'F');
    define_option("__x86_64__");
    define_option("__linux__");
    define_option("__STDC__");
    define_option("__STDC_VERSION__=199901L");
    enter_file(file);
}

// DIR/NAME, if there is such a file.
File *find_in(char *dir, long dir_len, char *name, int name_len) {
    char *path = temporary(dir_len + name_len + 2);
    memcpy(path, dir, dir_len);
    if (dir_len)
        path[dir_len++] = '/';
    memcpy(path + dir_len, name, name_len);
    return read_file(path);
}

// #include "NAME" looks beside the file first, then, as <NAME>, in the -I directories.
void include(Token *at) {
    Token *t = lex();
    char *start = t->text + 1;
    char *end = t->text + t->len - 1;
    if (t->kind == '<')
        end = strchr(start, '>');
    else if (t->kind != TK_STRING)
        end = 0;
    error_if(!end, t, "\"FILE\" or <FILE> expected", 0);
    char *slash = strrchr(current_file->path, '/');
    File *file = 0;
    if (t->kind == TK_STRING)
        file = find_in(current_file->path, slash ? slash - current_file->path : 0, start, end - start);
    for (int i = 0; i < include_dir_count && !file; i++)
        file = find_in(include_dirs[i], strlen(include_dirs[i]), start, end - start);
    error_if(!file, t, "cannot open included file", 0);
    error_if(++include_depth > MAX_INCLUDE_DEPTH, t, "includes are nested too deeply", 0);
    Source *s = permanent(sizeof(Source));
    s->outer = sources;
    s->file = current_file;
    s->cursor = strchr(end, '\n');
    sources = s;
    enter_file(file);
}

// The controlling expression of #if and #elif: defined is answered first, then macros are expanded, what is
// an identifier still is 0, and the parser does the rest.
int condition_holds(Token *at) {
    List *line = new_list();
    List *result = new_list();
    Name *defined = intern("defined", 7);
    for (Token *t = lex(); t->kind != TK_EOL; t = lex()) {
        if (t->kind == TK_IDENT && t->name == defined) {
            t = lex();
            int parenthesis = t->kind == '(';
            if (parenthesis)
                t = lex();
            error_if(t->kind != TK_IDENT, t, "macro name expected", 0);
            t = token_instead(t, TK_NUMBER, t->name->macro ? "1" : "0");
            error_if(parenthesis && lex()->kind != ')', t, "')' expected after 'defined ('", 0);
        }
        append(line, t);
    }
    push_frame(line->first, 0, 1);
    for (Token *t = expanded(); t->kind != TK_EOF; t = expanded())
        append(result, t->kind == TK_IDENT ? token_instead(t, TK_NUMBER, "0") : copied(t));
    pop_frame();
    error_if(!result->first, at, "expression expected after", "#if");
    Token *saved_tok = tok;
    Token *saved_peeked = peeked;
    peeked = 0;
    push_frame(result->first, 0, 1);
    advance();
    int holds = constant_expression() != 0;
    error_if(tok->kind != TK_EOF, tok, "the expression should end here", 0);
    pop_frame();
    tok = saved_tok;
    peeked = saved_peeked;
    return holds;
}

int starts_with(char *p, char *word) {
    long len = strlen(word);
    return !strncmp(p, word, len) && !is_word(p[len]);
}

// Skips a group that is not to be read, up to the #else, #elif or #endif that ends it. Only comments and quotes
// need a look on the way; so this goes by characters. The cursor is left before the '#'.
void skip_group(void) {
    int depth = 0;
    char *p = strchr(cursor, '\n');
    Token *start = conditionals->start;
    at_line_start = 1;
    for (;;) {
        while (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r' || *p == '\f')
            p++;
        error_if(!*p, start, "this conditional is never ended", 0);
        if (*p == '#') {
            cursor = p;
            p++;
            while (*p == ' ' || *p == '\t')
                p++;
            if (starts_with(p, "if") || starts_with(p, "ifdef") || starts_with(p, "ifndef"))
                depth++;
            else if (!depth && (starts_with(p, "else") || starts_with(p, "elif") || starts_with(p, "endif")))
                return;
            else if (starts_with(p, "endif"))
                depth--;
        }
        while (*p != '\n') {
            if (*p == '/' && p[1] == '*') {
                for (p += 2; *p && (p[0] != '*' || p[1] != '/'); p++)
                    ;
                error_if(!*p, start, "this conditional is never ended", 0);
                p += 2;
            } else if (*p == '/' && p[1] == '/') {
                p = strchr(p, '\n');
            } else if (*p == '"' || *p == '\'') {
                int quote = *p++;
                while (*p != quote && *p != '\n')
                    p += *p == '\\' && p[1] != '\n' ? 2 : 1;
                p += *p == quote;
            } else {
                p++;
            }
        }
    }
}

void begin_conditional(Token *at, int holds) {
    Conditional *c = permanent(sizeof(Conditional));
    c->outer = conditionals;
    c->start = kept(at);
    c->file = current_file;
    c->taken = holds;
    conditionals = c;
    if (!holds)
        skip_group();
}

// The cursor is behind a '#' that starts a line.
void directive(void) {
    in_directive = 1;
    Token *t = lex();
    char *word = t->kind == TK_IDENT ? t->name->text : "";
    Conditional *c = conditionals;
    if (!strcmp(word, "define")) {
        define_macro();
    } else if (!strcmp(word, "undef")) {
        t = lex();
        error_if(t->kind != TK_IDENT, t, "macro name expected", 0);
        t->name->macro = 0;
    } else if (!strcmp(word, "include")) {
        include(t);
    } else if (!strcmp(word, "if")) {
        begin_conditional(t, condition_holds(t));
    } else if (!strcmp(word, "ifdef") || !strcmp(word, "ifndef")) {
        int wanted = !strcmp(word, "ifdef");
        Token *name = lex();
        error_if(name->kind != TK_IDENT, name, "macro name expected", 0);
        begin_conditional(t, (name->name->macro != 0) == wanted);
    } else if (!strcmp(word, "else") || !strcmp(word, "elif")) {
        error_if(!c || c->in_else, t, "no #if belongs to this", word);
        c->in_else = !strcmp(word, "else");
        if (c->taken || !c->in_else && !condition_holds(t))
            skip_group();
        else
            c->taken = 1;
    } else if (!strcmp(word, "endif")) {
        error_if(!c, t, "no #if belongs to this", word);
        conditionals = c->outer;
    } else if (!strcmp(word, "error")) {
        error_at(t, "#error", 0);
    } else if (t->kind == TK_EOL || !strcmp(word, "pragma") || !strcmp(word, "line") || !strcmp(word, "warning")) {
        cursor = strchr(t->text, '\n');
    } else {
        error_at(t, "unknown directive", word);
    }
    in_directive = 0;
}

// The next token of the source files, directives obeyed.
Token *file_token(void) {
    for (;;) {
        Token *t = lex();
        int starts_line = at_line_start;
        at_line_start = 0;
        if (t->kind == '#' && starts_line) {
            directive();
        } else if (t->kind == TK_EOF) {
            if (conditionals && conditionals->file == current_file)
                error_at(conditionals->start, "this conditional is never ended", 0);
            if (!sources)
                return t;
            current_file = sources->file;
            cursor = sources->cursor;
            sources = sources->outer;
            include_depth--;
        } else {
            return t;
        }
    }
}
