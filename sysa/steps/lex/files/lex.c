/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lex [-List] [-o FILE] FILE.l    makes a scanner in C out of patterns and actions, as README.md describes
 *
 * Five parts: reading patterns into trees; trees -> NFA; NFA -> DFA; reading the file; writing the scanner, most of which
 * is the text in `interface`, `support`, `matching` and `ending`.  Nothing is freed: the program is soon over. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_STATES = SHRT_MAX, MAX_NODES = 1000000, MAX_DEPTH = 50 };

static const char *input_name;
static int line = 1; /* where `at` is */
static char *at;     /* what is read next; the text ends with a 0 */

static int caseless, no_default, to_stdout, count_lines, no_yywrap, use_stack;
static int no_unput, no_input, no_unistd;
static const char *output_name;

static void fail(int where, const char *format, ...) {
    va_list ap;
    va_start(ap, format);
    fprintf(stderr, "lex: %s:%d: ", input_name, where);
    vfprintf(stderr, format, ap);
    fputc('\n', stderr);
    exit(1);
}

static void fail_file(const char *name) {
    fprintf(stderr, "lex: %s: %s\n", name, strerror(errno));
    exit(1);
}

static void *allocated(void *old, size_t size) {
    void *p = realloc(old, size);
    if (!p) {
        fputs("lex: out of memory\n", stderr);
        exit(1);
    }
    return p;
}

/* Returns the array of `count` elements with room for one more. It grows whenever count is a power of two. */
static void *grown(void *array, int count, size_t element) {
    if ((count & (count - 1)) == 0)
        return allocated(array, element * (count ? 2 * (size_t)count : 1));
    return array;
}

/* A text that grows. */
struct text {
    char *data;
    int length;
};

static void add(struct text *text, int c) {
    text->data = grown(text->data, text->length, 1);
    text->data[text->length++] = (char)c;
}

static void add_string(struct text *text, const char *s) {
    while (*s)
        add(text, *s++);
}

static char *copy_of(const char *start, size_t length) {
    char *copy = allocated(0, length + 1);
    memcpy(copy, start, length);
    copy[length] = 0;
    return copy;
}

/* Is this what comes next? */
static int begins(const char *with) {
    return strncmp(at, with, strlen(with)) == 0;
}

/* ---- Patterns -> trees ---- */

enum kind { CHAR, EMPTY, THEN, OR, REPEAT };

struct node {
    enum kind kind;
    int set;      /* CHAR: which set of characters */
    int a, b;     /* THEN, OR: the two parts; REPEAT: a */
    int min, max; /* REPEAT: how often; max < 0: without limit */
};

static struct node *nodes;
static int node_count;

struct set {
    unsigned char has[256];
};

static struct set *sets;
static int set_count;

struct definition {
    char *name, *pattern;
};

static struct definition *definitions;
static int definition_count;

static int either(void);

static int new_node(enum kind kind, int a, int b) {
    struct node *n;
    if (node_count == MAX_NODES)
        fail(line, "the patterns are too large");
    nodes = grown(nodes, node_count, sizeof *nodes);
    n = &nodes[node_count];
    memset(n, 0, sizeof *n);
    n->kind = kind;
    n->a = a;
    n->b = b;
    return node_count++;
}

static int set_node(const struct set *set) {
    int n = new_node(CHAR, 0, 0);
    sets = grown(sets, set_count, sizeof *sets);
    sets[set_count] = *set;
    nodes[n].set = set_count++;
    return n;
}

static void add_char(struct set *set, int c) {
    set->has[c] = 1;
    if (caseless && isalpha(c))
        set->has[c ^ 32] = 1; /* the other case */
}

static int char_node(int c) {
    struct set set = {{0}};
    add_char(&set, c);
    return set_node(&set);
}

static int is_blank(int c) {
    return c == ' ' || c == '\t';
}

static int is_name_start(int c) {
    return isalpha((unsigned char)c) || c == '_';
}

static int is_name(int c) {
    return isalnum((unsigned char)c) || c == '_' || c == '-';
}

/* Reads a name; it has to be there. */
static char *name(const char *what) {
    char *start = at;
    if (!is_name_start(*at))
        fail(line, "%s expected", what);
    while (is_name(*at))
        at++;
    return copy_of(start, (size_t)(at - start));
}

/* Reads what stands behind a backslash. */
static int escaped(void) {
    static const char letters[] = "abfnrtv", values[] = "\a\b\f\n\r\t\v";
    int c = (unsigned char)*at, digits, value = 0;
    const char *found;
    if (c == 0 || c == '\n')
        fail(line, "nothing follows the '\\'");
    if (c >= '0' && c <= '7') {
        for (digits = 0; digits < 3 && *at >= '0' && *at <= '7'; digits++)
            value = value * 8 + *at++ - '0';
        return value & 255;
    }
    at++;
    if (c == 'x' && isxdigit((unsigned char)*at)) {
        for (digits = 0; digits < 2 && isxdigit((unsigned char)*at); digits++, at++)
            value = value * 16 + (isdigit((unsigned char)*at) ? *at - '0' : tolower((unsigned char)*at) - 'a' + 10);
        return value;
    }
    found = strchr(letters, c);
    return found ? values[found - letters] : c;
}

/* Reads a character of a class or a string. */
static int literal(const char *unterminated) {
    if (*at == 0 || *at == '\n')
        fail(line, "%s", unterminated);
    if (*at != '\\')
        return (unsigned char)*at++;
    at++;
    return escaped();
}

static int is_hex(int c) {
    return isxdigit(c);
}

/* Reads [:name:] or [:^name:]. Returns 0 if it is nothing of the kind. */
static int named_class(struct set *set) {
    static const struct {
        const char *name;
        int (*has)(int);
    } classes[] = {{"alnum", isalnum}, {"alpha", isalpha}, {"blank", is_blank}, {"cntrl", iscntrl},
                   {"digit", isdigit}, {"graph", isgraph}, {"lower", islower},  {"print", isprint},
                   {"punct", ispunct}, {"space", isspace}, {"upper", isupper},  {"xdigit", is_hex}};
    size_t i, length;
    int c, negated = begins("[:^");
    char *start = at + 2 + negated;
    if (!begins("[:") || !isalpha((unsigned char)*start))
        return 0;
    for (length = 0; isalpha((unsigned char)start[length]); length++)
        ;
    if (start[length] != ':' || start[length + 1] != ']')
        return 0;
    for (i = 0; i < sizeof classes / sizeof *classes; i++)
        if (strlen(classes[i].name) == length && strncmp(classes[i].name, start, length) == 0) {
            for (c = 0; c < 256; c++)
                if ((c < 128 && classes[i].has(c)) != negated)
                    add_char(set, c);
            at = start + length + 2;
            return 1;
        }
    fail(line, "no class of characters has the name [:%.*s:]", (int)length, start);
    return 0;
}

/* Reads a class behind its '['. */
static int class_node(void) {
    static const char unterminated[] = "the class of characters does not end in this line";
    struct set set = {{0}};
    int c, last, first = 1, negated = *at == '^';
    at += negated;
    while (*at != ']' || first) {
        if (!first && *at == '-' && at[1] != ']')
            fail(line, "'-' between what is no two characters; write '\\-'");
        first = 0;
        if (named_class(&set))
            continue;
        c = last = literal(unterminated);
        if (*at == '-' && at[1] != ']') {
            at++;
            last = literal(unterminated);
            if (last < c)
                fail(line, "the range in the class of characters goes backwards");
        }
        for (; c <= last; c++)
            add_char(&set, c);
    }
    at++;
    for (c = 0; negated && c < 256; c++)
        set.has[c] = !set.has[c];
    return set_node(&set);
}

static int string_node(void) {
    int n = -1, c;
    while (*at != '"') {
        c = char_node(literal("the string does not end in this line"));
        n = n < 0 ? c : new_node(THEN, n, c);
    }
    at++;
    return n < 0 ? new_node(EMPTY, 0, 0) : n;
}

/* Reads {name} behind its '{': the pattern of that name, as if in parentheses. */
static int definition_node(void) {
    static int depth;
    char *wanted = name("a number or a name"), *back;
    int i, n;
    if (*at++ != '}')
        fail(line, "'}' expected behind {%s", wanted);
    for (i = 0; i < definition_count && strcmp(definitions[i].name, wanted) != 0; i++)
        ;
    if (i == definition_count)
        fail(line, "{%s} is not defined", wanted);
    if (depth++ == MAX_DEPTH)
        fail(line, "{%s} contains itself", wanted);
    back = at;
    at = definitions[i].pattern;
    if (*at == '^' || at[strlen(at) - 1] == '$')
        fail(line, "{%s} has a '^' or '$' in it", wanted);
    n = either();
    if (*at)
        fail(line, "in the definition of {%s}, this can't follow: %s", wanted, at);
    at = back;
    depth--;
    return n;
}

static int single(void) {
    struct set set;
    int n, c = (unsigned char)*at++;
    switch (c) {
    case '(':
        if (*at == '?')
            fail(line, "(? is not supported");
        n = either();
        if (*at++ != ')')
            fail(line, "a ')' is missing");
        return n;
    case '"':
        return string_node();
    case '[':
        return class_node();
    case '{':
        return definition_node();
    case '.':
        memset(&set, 1, sizeof set);
        set.has['\n'] = 0;
        return set_node(&set);
    case '\\':
        return char_node(escaped());
    case '*':
    case '+':
    case '?':
    case '}':
        fail(line, "'%c' follows nothing that it could belong to", c);
    }
    return char_node(c);
}

static int number(void) {
    int value = 0;
    while (isdigit((unsigned char)*at) && value < 10000)
        value = value * 10 + *at++ - '0';
    return value;
}

static int repeated(void) {
    int n = single(), min, max, outer;
    for (;;) {
        min = *at == '+';
        max = *at == '?' ? 1 : -1;
        if (*at == '{' && isdigit((unsigned char)at[1])) {
            at++;
            min = max = number();
            if (*at == ',') {
                at++;
                max = isdigit((unsigned char)*at) ? number() : -1;
            }
            if (*at != '}')
                fail(line, "'}' expected behind the number");
            if (max == 0 || (max > 0 && max < min) || min > 1000 || max > 1000)
                fail(line, "so often a pattern can't be repeated");
        } else if (*at != '*' && *at != '+' && *at != '?')
            return n;
        at++;
        outer = new_node(REPEAT, n, 0);
        nodes[outer].min = min;
        nodes[outer].max = max;
        n = outer;
    }
}

/* Is a '$' here the end of a line? Only if the pattern ends with it. */
static int is_end_of_line(void) {
    return *at == '$' && (is_blank(at[1]) || at[1] == '\n' || at[1] == '\r');
}

static int sequence(void) {
    int n = -1, next;
    while (*at && !strchr(" \t\r\n|)/", *at) && !is_end_of_line()) {
        next = repeated();
        n = n < 0 ? next : new_node(THEN, n, next);
    }
    if (n < 0)
        fail(line, "a pattern is missing");
    return n;
}

static int either(void) {
    static int depth;
    int n;
    if (depth++ == 20 * MAX_DEPTH)
        fail(line, "too many parentheses");
    n = sequence();
    while (*at == '|') {
        at++;
        n = new_node(OR, n, sequence());
    }
    depth--;
    return n;
}

/* How many characters a pattern matches; -1 if that varies. */
static int length(int n) {
    struct node *node = &nodes[n];
    int a, b;
    switch (node->kind) {
    case CHAR:
        return 1;
    case EMPTY:
        return 0;
    case REPEAT:
        a = length(node->a);
        if (node->min > 0 && a > MAX_NODES / node->min)
            fail(line, "the patterns are too large");
        return a >= 0 && node->min == node->max ? a * node->min : -1;
    default:
        a = length(node->a);
        b = length(node->b);
        if (a < 0 || b < 0 || (node->kind == OR && a != b))
            return -1;
        return node->kind == OR ? a : a + b;
    }
}

/* ---- Trees -> NFA: what may follow what ---- */

/* A state reads a character of its set and becomes state a; or, with set -1, reads nothing and is a and b at once;
 * or, with set -2, has matched rule a. */
struct nfa {
    int set, a, b;
};

static struct nfa *nfa;
static int nfa_count;

static int new_state(int set, int a, int b) {
    if (nfa_count == MAX_NODES)
        fail(line, "the patterns are too large");
    nfa = grown(nfa, nfa_count, sizeof *nfa);
    nfa[nfa_count].set = set;
    nfa[nfa_count].a = a;
    nfa[nfa_count].b = b;
    return nfa_count++;
}

/* Returns the state that reads what the tree describes and then becomes state `next`. */
static int compiled(int n, int next) {
    struct node node = nodes[n];
    int i, state, loop;
    switch (node.kind) {
    case CHAR:
        return new_state(node.set, next, 0);
    case EMPTY:
        return next;
    case THEN:
        return compiled(node.a, compiled(node.b, next));
    case OR:
        state = compiled(node.a, next);
        return new_state(-1, state, compiled(node.b, next));
    default: /* from behind: first what may be there, then what must be */
        state = next;
        if (node.max < 0) {
            loop = new_state(-1, next, next);
            state = compiled(node.a, loop);
            nfa[loop].a = state;
            state = loop;
        }
        for (i = node.min; i < node.max; i++)
            state = new_state(-1, compiled(node.a, state), next);
        for (i = 0; i < node.min; i++)
            state = compiled(node.a, state);
        return state;
    }
}

/* ---- The rules ---- */

struct rule {
    int line;
    int begin_of_line; /* does it begin with ^ ? */
    int state;         /* of the NFA */
    int tail;          /* if > 0, so many characters at the end do not belong to the token; if < 0, all but so many */
    char *active;      /* in which start conditions */
    int reached;
};

static struct rule *rules; /* the first is number 1: 0 says that no rule matches */
static int rule_count;

struct condition {
    char *name;
    int exclusive;
    int has_eof; /* has it an <<EOF>> rule? */
};

static struct condition *conditions;
static int condition_count;

static void add_condition(char *its_name, int exclusive) {
    int i;
    for (i = 0; i < condition_count; i++)
        if (strcmp(conditions[i].name, its_name) == 0)
            fail(line, "the start condition %s is there already", its_name);
    conditions = grown(conditions, condition_count, sizeof *conditions);
    conditions[condition_count].name = its_name;
    conditions[condition_count].exclusive = exclusive;
    conditions[condition_count++].has_eof = 0;
}

/* ---- NFA -> DFA: all states that the NFA may be in become one ---- */

struct dfa {
    int *members, count; /* states of the NFA that read a character or have matched, in order */
    int rule;            /* the first rule of those that have matched, or 0 */
    int next[256];       /* by class of character */
    int leaf;            /* does nothing follow? */
    int same_hash;       /* another state with that hash, or -1 */
};

static struct dfa *dfa;
static int dfa_count;
static int hashes[4096];

static int class_of[256]; /* characters that all sets treat alike are of one class */
static int class_count;
static int example[256]; /* of each class, one character */

static int *closure, closure_count; /* the members of the state in the making */
static int *mark, generation;       /* mark[s] == generation: s is among them */

static void find_classes(void) {
    int i, c, number[256][2];
    class_count = 1;
    for (i = 0; i < set_count; i++) {
        memset(number, -1, sizeof number);
        class_count = 0;
        for (c = 0; c < 256; c++) {
            int *n = &number[class_of[c]][sets[i].has[c]];
            if (*n < 0)
                *n = class_count++;
            class_of[c] = *n;
        }
    }
    for (c = 255; c >= 0; c--)
        example[class_of[c]] = c;
}

static void add_member(int state) {
    while (mark[state] != generation) {
        mark[state] = generation;
        if (nfa[state].set != -1) {
            closure[closure_count++] = state;
            return;
        }
        add_member(nfa[state].a);
        state = nfa[state].b;
    }
}

static void begin_closure(void) {
    closure_count = 0;
    generation++;
}

static int compare_ints(const void *a, const void *b) {
    return *(const int *)a - *(const int *)b;
}

/* Returns the state of the DFA with the members that are in `closure`. */
static int dfa_state(void) {
    unsigned hash = 0;
    size_t size = (size_t)closure_count * sizeof *closure;
    struct dfa *d;
    int i, s;
    qsort(closure, (size_t)closure_count, sizeof *closure, compare_ints);
    for (i = 0; i < closure_count; i++)
        hash = hash * 31 + (unsigned)closure[i];
    hash %= sizeof hashes / sizeof *hashes;
    for (s = hashes[hash]; s >= 0; s = dfa[s].same_hash)
        if (dfa[s].count == closure_count && memcmp(dfa[s].members, closure, size) == 0)
            return s;
    if (dfa_count == MAX_STATES)
        fail(line, "the scanner has more than %d states", MAX_STATES);
    dfa = grown(dfa, dfa_count, sizeof *dfa);
    d = &dfa[dfa_count];
    memset(d, 0, sizeof *d);
    d->members = allocated(0, size + 1);
    memcpy(d->members, closure, size);
    d->count = closure_count;
    d->leaf = 1;
    for (i = 0; i < closure_count; i++)
        if (nfa[closure[i]].set == -2 && (d->rule == 0 || nfa[closure[i]].a < d->rule))
            d->rule = nfa[closure[i]].a;
    d->same_hash = hashes[hash];
    hashes[hash] = dfa_count;
    return dfa_count++;
}

/* Makes the DFA. Returns, for each start condition, its first state within a line and that at the begin of one. */
static int *make_dfa(void) {
    int *first = allocated(0, (size_t)condition_count * 2 * sizeof *first), i, r, s, c;
    closure = allocated(0, ((size_t)nfa_count + 1) * sizeof *closure);
    mark = allocated(0, ((size_t)nfa_count + 1) * sizeof *mark);
    memset(mark, 0, ((size_t)nfa_count + 1) * sizeof *mark);
    memset(hashes, -1, sizeof hashes);
    find_classes();
    begin_closure();
    dfa_state(); /* state 0: nothing matches any more */
    for (i = 0; i < 2 * condition_count; i++) {
        begin_closure();
        for (r = 1; r <= rule_count; r++)
            if (rules[r].active[i / 2] && (i % 2 || !rules[r].begin_of_line))
                add_member(rules[r].state);
        first[i] = dfa_state();
    }
    for (s = 0; s < dfa_count; s++)
        for (c = 0; c < class_count; c++) {
            begin_closure();
            for (i = 0; i < dfa[s].count; i++) {
                struct nfa *n = &nfa[dfa[s].members[i]];
                if (n->set >= 0 && sets[n->set].has[example[c]])
                    add_member(n->a);
            }
            i = dfa_state();
            dfa[s].next[c] = i;
            if (i)
                dfa[s].leaf = 0;
        }
    for (s = 0; s < dfa_count; s++)
        if (dfa[s].rule)
            rules[dfa[s].rule].reached = 1;
    for (r = 1; r <= rule_count; r++)
        if (!rules[r].reached)
            fprintf(stderr, "lex: %s:%d: warning: this rule never matches\n", input_name, rules[r].line);
    return first;
}

/* ---- Reading the file ---- */

static struct text definitions_code, prologue, actions; /* C code: of section 1, at the begin of yylex, of the rules */

static int at_line_start(void) {
    return at[-1] == '\n'; /* a newline was put before the text */
}

/* Copies a character into the text, unless that is 0. */
static void copy(struct text *to) {
    if (*at == '\n')
        line++;
    if (to)
        add(to, *at);
    at++;
}

static void copy_line(struct text *to) {
    while (*at && *at != '\n')
        copy(to);
    if (*at)
        copy(to);
}

static void copy_comment(struct text *to) {
    int start = line;
    copy(to);
    copy(to);
    while (*at && !begins("*/"))
        copy(to);
    if (!*at)
        fail(start, "the comment does not end");
    copy(to);
    copy(to);
}

static void skip_blanks(void) {
    while (is_blank(*at) || (*at == '\r' && at[1] == '\n'))
        at++;
}

/* Nothing may follow in this line but comments. */
static void end_line(void) {
    for (skip_blanks(); begins("/*"); skip_blanks())
        copy_comment(0);
    if (*at && *at != '\n')
        fail(line, "this can't follow here: %.*s", (int)strcspn(at, "\n"), at);
    copy_line(0);
}

/* Copies what stands between lines that begin with %{ and %}. */
static void copy_block(struct text *to) {
    int start = line;
    for (copy_line(0); !begins("%}"); copy_line(to))
        if (!*at)
            fail(start, "no %%} ends this");
    copy_line(0);
}

/* Copies lines that begin with a blank, or skips an empty one. */
static void copy_indented(struct text *to) {
    char *start = at;
    skip_blanks();
    if (*at == '\n' || !*at) {
        copy_line(0);
        return;
    }
    at = start;
    copy_line(to);
}

static void copy_string(struct text *to) {
    int quote = *at;
    copy(to);
    while (*at && *at != '\n' && *at != quote) {
        if (*at == '\\' && at[1])
            copy(to);
        copy(to);
    }
    if (*at == quote)
        copy(to);
}

/* Copies an action: C code up to the first newline that is in no braces, comment or string. */
static void copy_action(struct text *to) {
    int depth = 0, start = line;
    while (*at && (*at != '\n' || depth > 0)) {
        if (begins("/*"))
            copy_comment(to);
        else if (begins("//"))
            while (*at && *at != '\n')
                copy(to);
        else if (*at == '"' || *at == '\'')
            copy_string(to);
        else if (is_name_start(*at)) {
            char *word = at;
            while (isalnum((unsigned char)*at) || *at == '_')
                copy(to);
            if (at - word == 6 && strncmp(word, "REJECT", 6) == 0)
                fail(line, "REJECT is not supported");
        } else {
            depth += (*at == '{') - (*at == '}');
            copy(to);
        }
    }
    if (depth > 0)
        fail(start, "the action does not end");
    copy_line(to);
}

/* Sets what an option says. Returns 0 if we do not know it. */
static int set_option(const char *word, int sense) {
    static const struct {
        const char *name;
        int *variable, value;
    } options[] = {{"yywrap", &no_yywrap, 0},  {"default", &no_default, 0},         {"yylineno", &count_lines, 1},
                   {"caseless", &caseless, 1}, {"case-insensitive", &caseless, 1},  {"stack", &use_stack, 1},
                   {"caseful", &caseless, 0},  {"case-sensitive", &caseless, 0},    {"stdout", &to_stdout, 1},
                   {"unput", &no_unput, 0},    {"input", &no_input, 0},             {"unistd", &no_unistd, 0}};
    /* these say how large and fast the scanner becomes, or what is always so */
    static const char *const without_effect[] = {
        "7bit", "8bit", "align", "always-interactive", "backup", "batch", "ecs", "fast", "full", "interactive", "line",
        "meta-ecs", "never-interactive", "perf-report", "pointer", "read", "stdinit", "verbose", "warn", "yymore"};
    /* these have to be off; so have, if they leave out functions, names that begin with yy */
    static const char *const unsupported[] = {"array", "bison-bridge", "bison-locations", "c++", "debug", "lex-compat", "main",
                                              "posix-compat", "reentrant", "reject"};
    size_t i;
    for (i = 0; i < sizeof options / sizeof *options; i++)
        if (strcmp(word, options[i].name) == 0) {
            *options[i].variable = options[i].value == sense;
            return 1;
        }
    for (i = 0; i < sizeof without_effect / sizeof *without_effect; i++)
        if (strcmp(word, without_effect[i]) == 0)
            return 1;
    for (i = 0; i < sizeof unsupported / sizeof *unsupported; i++)
        if (strcmp(word, unsupported[i]) == 0)
            return !sense;
    return !sense && strncmp(word, "yy", 2) == 0;
}

/* Reads an %option line. */
static void read_options(void) {
    for (skip_blanks(); *at && *at != '\n' && *at != '/'; skip_blanks()) {
        char *word = at;
        int sense = 1;
        while (*at && !isspace((unsigned char)*at))
            at++;
        word = copy_of(word, (size_t)(at - word));
        for (; strncmp(word, "no", 2) == 0; word += 2)
            sense = !sense;
        if (!set_option(word, sense))
            fail(line, "the option %s%s is not supported", sense ? "" : "no", word);
    }
    end_line();
}

/* Reads the names behind %s or %x. */
static void read_conditions(void) {
    int exclusive = at[1] == 'x';
    for (at += 2; is_name(*at); at++) /* %start, %xstate and the like */
        ;
    for (skip_blanks(); is_name_start(*at); skip_blanks())
        add_condition(name("a name"), exclusive);
    end_line();
}

static void read_definition(void) {
    char *its_name = name("a name"), *end, *start;
    int i;
    skip_blanks();
    start = at;
    end = at += strcspn(at, "\n");
    while (end > start && isspace((unsigned char)end[-1]))
        end--;
    if (end == start)
        fail(line, "the definition of %s is empty", its_name);
    for (i = 0; i < definition_count; i++)
        if (strcmp(definitions[i].name, its_name) == 0)
            fail(line, "%s is defined already", its_name);
    definitions = grown(definitions, definition_count, sizeof *definitions);
    definitions[definition_count].name = its_name;
    definitions[definition_count++].pattern = copy_of(start, (size_t)(end - start));
    copy_line(0);
}

/* Reads section 1, up to %%. */
static void read_definitions(void) {
    struct text *to = &definitions_code;
    while (!begins("%%")) {
        if (!*at)
            fail(line, "no %%%% follows");
        if (begins("%{"))
            copy_block(to);
        else if (begins("/*")) {
            copy_comment(to);
            add(to, '\n');
            end_line();
        } else if (isspace((unsigned char)*at))
            copy_indented(to);
        else if (begins("%option")) {
            at += 7;
            read_options();
        } else if (begins("%pointer"))
            copy_line(0);
        else if (begins("%array") || begins("%top"))
            fail(line, "%%array and %%top are not supported");
        else if (*at == '%' && (at[1] == 's' || at[1] == 'S' || at[1] == 'x' || at[1] == 'X'))
            read_conditions();
        else if (*at == '%' && at[1] && strchr("aceknopr", at[1]) && is_blank(at[2]))
            copy_line(0); /* sizes of the tables of older lexes */
        else
            read_definition();
    }
    copy_line(0);
}

/* Reads the C code before the first rule: indented lines, and what is between %{ and %}. */
static void read_prologue(void) {
    while (*at) {
        if (begins("%{"))
            copy_block(&prologue);
        else if (isspace((unsigned char)*at))
            copy_indented(&prologue);
        else
            return;
    }
}

static char *scopes[MAX_DEPTH]; /* of the <...>{ around a rule, the innermost last: in which start conditions it is active */
static int scope_count;

/* Reads <A,B> into the given array. */
static void read_active(char *active) {
    int i;
    char *wanted;
    do {
        at++;
        while (isspace((unsigned char)*at))
            copy(0);
        if (*at == '*') {
            memset(active, 1, (size_t)condition_count);
            at++;
            continue;
        }
        wanted = name("the name of a start condition");
        for (i = 0; i < condition_count && strcmp(conditions[i].name, wanted) != 0; i++)
            ;
        if (i == condition_count)
            fail(line, "no start condition has the name %s", wanted);
        active[i] = 1;
    } while (*at == ',');
    if (*at++ != '>')
        fail(line, "'>' expected behind the start conditions");
}

/* Reads <<EOF>>. Unless said otherwise it is for all start conditions that have none yet. */
static void read_eof(const char *active, int limited) {
    int i;
    at += 7;
    for (i = 0; i < condition_count; i++)
        if ((active[i] || !limited) && !conditions[i].has_eof) {
            conditions[i].has_eof = 1;
            add_string(&actions, "        case YY_STATE_EOF(");
            add_string(&actions, conditions[i].name);
            add_string(&actions, "):\n");
        }
}

/* Reads the pattern of a rule. */
static void read_pattern(char *active, int limited) {
    struct rule rule;
    int i, pattern, context, head;
    struct set newline = {{0}};
    char label[60];
    memset(&rule, 0, sizeof rule);
    newline.has['\n'] = 1;
    rule.line = line;
    rule.begin_of_line = *at == '^';
    at += rule.begin_of_line;
    pattern = either();
    if (*at == '/' || is_end_of_line()) {
        head = length(pattern);
        if (*at++ == '/')
            context = either();
        else
            context = set_node(&newline);
        rule.tail = length(context);
        if (rule.tail < 0) {
            if (head <= 0)
                fail(line, "what is before the '/' and what is behind it both vary in length");
            rule.tail = -head;
        }
        pattern = new_node(THEN, pattern, context);
    }
    if (*at && !isspace((unsigned char)*at))
        fail(line, "this can't follow in a pattern: %.*s", (int)strcspn(at, "\n"), at);
    for (i = 0; i < condition_count && !limited; i++)
        active[i] = !conditions[i].exclusive;
    rule.active = active;
    if (rule_count == MAX_STATES)
        fail(line, "too many rules");
    rules = grown(rules, rule_count + 1, sizeof *rules);
    rules[++rule_count] = rule;
    rules[rule_count].state = compiled(pattern, new_state(-2, rule_count, 0));
    sprintf(label, "        case %d: /* line %d */\n", rule_count, rule.line);
    add_string(&actions, label);
}

static void read_rule(void) {
    size_t size = (size_t)condition_count;
    char *active = allocated(0, size);
    int limited = scope_count > 0;
    memset(active, 0, size);
    if (limited)
        memcpy(active, scopes[scope_count - 1], size);
    if (*at == '<' && !begins("<<EOF>>")) {
        read_active(active);
        limited = 1;
        if (*at == '{' && isspace((unsigned char)at[1])) {
            if (scope_count == MAX_DEPTH)
                fail(line, "too many <...>{ in each other");
            scopes[scope_count++] = active;
            at++;
            end_line();
            return;
        }
    }
    if (begins("<<EOF>>"))
        read_eof(active, limited);
    else
        read_pattern(active, limited);
    skip_blanks();
    if (*at == '|') { /* the action of the next rule */
        at++;
        end_line();
        return;
    }
    if (begins("%{"))
        copy_block(&actions);
    else
        copy_action(&actions);
    add_string(&actions, "        YY_BREAK\n");
}

/* Reads section 2, up to %% or the end. */
static void read_rules(void) {
    int start = line;
    read_prologue();
    while (*at && !(at_line_start() && begins("%%"))) {
        start = line;
        skip_blanks();
        if (*at == '\n')
            copy_line(0);
        else if (begins("/*"))
            end_line();
        else if (begins("%{"))
            copy_block(&actions);
        else if (*at == '}' && scope_count > 0) {
            scope_count--;
            at++;
            end_line();
        } else if (*at)
            read_rule();
    }
    if (scope_count > 0)
        fail(start, "a '}' is missing behind the last rule");
}

/* Returns the whole file, with a newline before it. */
static char *contents(const char *file_name) {
    FILE *file = fopen(file_name, "r");
    struct text text = {0, 0};
    int c;
    if (!file)
        fail_file(file_name);
    add(&text, '\n');
    while ((c = getc(file)) != EOF) {
        if (c == 0)
            fail(line, "a byte 0 is in this file");
        add(&text, c);
    }
    if (ferror(file))
        fail_file(file_name);
    fclose(file);
    add(&text, 0);
    return text.data;
}


/* ---- Writing the scanner ---- */

/* What comes first, for the C code of section 1 may use it. The names that begin with yy or YY and are not explained here are
 * flex's, and mean the same. */
static const char interface[] =
"#define FLEX_SCANNER\n"
"#include <stdio.h>\n"
"#include <string.h>\n"
"#include <errno.h>\n"
"#include <stdlib.h>\n"
"\n"
"typedef struct yy_buffer_state *YY_BUFFER_STATE;\n"
"\n"
"struct yy_buffer_state {\n"
"    FILE *yy_input_file;\n"
"    char *yy_ch_buf;       /* the text, and room for two bytes behind it */\n"
"    char *yy_buf_pos;      /* where scanning goes on */\n"
"    int yy_buf_size;       /* how much text fits in */\n"
"    int yy_n_chars;        /* how much is there */\n"
"    int yy_is_our_buffer;  /* is yy_ch_buf ours to enlarge and to free? */\n"
"    int yy_is_interactive; /* without effect: never more than a line is read ahead */\n"
"    int yy_at_bol;         /* does a line begin here? */\n"
"    int yy_fill_buffer;    /* 0: the text that is there is all; do not read */\n"
"    int yy_buffer_status;\n"
"};\n"
"#define YY_BUFFER_NEW 0         /* reads yyin, whatever file that is by then */\n"
"#define YY_BUFFER_NORMAL 1\n"
"#define YY_BUFFER_EOF_PENDING 2 /* all has been read, but not yet scanned */\n"
"#define YY_END_OF_BUFFER_CHAR 0\n"
"#define YY_BUF_SIZE 16384\n"
"#define YY_READ_BUF_SIZE 8192\n"
"\n"
"FILE *yyin, *yyout;\n"
"char *yytext;\n"
"int yyleng, yylineno = 1;\n"
"static int yy_start, yy_init;\n"
"static YY_BUFFER_STATE yy_current; /* the buffer that is scanned, or NULL */\n"
"\n"
"extern int yywrap(void);\n"
"void yyrestart(FILE *file);\n"
"YY_BUFFER_STATE yy_create_buffer(FILE *file, int size);\n"
"void yy_switch_to_buffer(YY_BUFFER_STATE buffer);\n"
"void yy_delete_buffer(YY_BUFFER_STATE buffer);\n"
"void yy_flush_buffer(YY_BUFFER_STATE buffer);\n"
"void yypush_buffer_state(YY_BUFFER_STATE buffer);\n"
"void yypop_buffer_state(void);\n"
"\n"
"#define YY_CURRENT_BUFFER yy_current\n"
"#define YY_NULL 0\n"
"#define BEGIN yy_start =\n"
"#define YY_START yy_start\n"
"#define YYSTATE yy_start\n"
"#define YY_NEW_FILE yyrestart(yyin)\n"
"#define YY_FLUSH_BUFFER yy_flush_buffer(YY_CURRENT_BUFFER)\n"
"#define YY_AT_BOL() (YY_CURRENT_BUFFER->yy_at_bol)\n"
"#define yy_set_bol(at_bol) (yy_buffer()->yy_at_bol = (at_bol))\n"
"#define yy_set_interactive(is_interactive) (yy_buffer()->yy_is_interactive = (is_interactive))\n"
"#define yyterminate() return YY_NULL\n"
"#define unput(c) yyunput(c, yytext)\n"
"#define yymore() (yy_more = 1)\n"
"#define yyless(n) \\\n"
"    do { \\\n"
"        int yy_keep = (n); \\\n"
"        while (yyleng > yy_keep) \\\n"
"            yy_count_line(yytext[--yyleng], -1); \\\n"
"        yyleng = yy_keep; \\\n"
"        yy_end_token(); \\\n"
"    } while (0)\n"
"\n";

/* Behind the tables: what yylex and the user's code call. */
static const char support[] =
"#ifndef YY_DECL\n"
"extern int yylex(void);\n"
"#define YY_DECL int yylex(void)\n"
"#endif\n"
"#ifndef YY_USER_ACTION\n"
"#define YY_USER_ACTION\n"
"#endif\n"
"#ifndef YY_USER_INIT\n"
"#define YY_USER_INIT\n"
"#endif\n"
"#ifndef YY_BREAK\n"
"#define YY_BREAK break;\n"
"#endif\n"
"#ifndef YY_FATAL_ERROR\n"
"#define YY_FATAL_ERROR(message) yy_fatal_error(message)\n"
"#endif\n"
"#ifndef ECHO\n"
"#define ECHO do { if (fwrite(yytext, (size_t)yyleng, 1, yyout)) {} } while (0)\n"
"#endif\n"
"#ifndef YY_INPUT\n"
"/* up to a newline, so that a person can be asked line by line */\n"
"#define YY_INPUT(buf, result, max_size) \\\n"
"    do { \\\n"
"        int yy_c = 0; \\\n"
"        result = 0; \\\n"
"        while (result < (max_size) && yy_c != '\\n' && (yy_c = getc(yyin)) != EOF) \\\n"
"            (buf)[result++] = (char)yy_c; \\\n"
"        if (yy_c == EOF && ferror(yyin)) \\\n"
"            YY_FATAL_ERROR(\"input in flex scanner failed\"); \\\n"
"    } while (0)\n"
"#endif\n"
"#if YY_COUNT_LINES\n"
"#define yy_count_line(c, n) ((void)((c) == '\\n' && (yylineno += (n))))\n"
"#else\n"
"#define yy_count_line(c, n) ((void)(c))\n"
"#endif\n"
"\n"
"static char yy_hold; /* the character behind the token: yytext ends with a 0, which is in its place */\n"
"static int yy_more;  /* by yymore(), so much of the text belongs to the token already */\n"
"static int yy_switched;\n"
"static YY_BUFFER_STATE *yy_below; /* the buffers under the current one, by yypush_buffer_state() */\n"
"static int yy_depth;\n"
"\n"
"static void yy_fatal_error(const char *message)\n"
"{\n"
"    fprintf(stderr, \"%s\\n\", message);\n"
"    exit(2);\n"
"}\n"
"\n"
"static void *yy_allocate(void *old, size_t size)\n"
"{\n"
"    void *p = realloc(old, size);\n"
"    if (!p)\n"
"        YY_FATAL_ERROR(\"out of dynamic memory in the scanner\");\n"
"    return p;\n"
"}\n"
"\n"
"/* Begins to scan the current buffer. */\n"
"static void yy_load(void)\n"
"{\n"
"    yytext = YY_CURRENT_BUFFER->yy_buf_pos;\n"
"    yyin = YY_CURRENT_BUFFER->yy_input_file;\n"
"    yy_hold = *yytext;\n"
"}\n"
"\n"
"static void yy_initialize(YY_BUFFER_STATE b, FILE *file)\n"
"{\n"
"    b->yy_input_file = file;\n"
"    b->yy_fill_buffer = 1;\n"
"    b->yy_is_interactive = 0;\n"
"    yy_flush_buffer(b);\n"
"}\n"
"\n"
"void yy_flush_buffer(YY_BUFFER_STATE b)\n"
"{\n"
"    if (!b)\n"
"        return;\n"
"    b->yy_buf_pos = b->yy_ch_buf;\n"
"    b->yy_buf_pos[0] = b->yy_buf_pos[1] = YY_END_OF_BUFFER_CHAR;\n"
"    b->yy_n_chars = 0;\n"
"    b->yy_at_bol = 1;\n"
"    b->yy_buffer_status = YY_BUFFER_NEW;\n"
"    if (b == YY_CURRENT_BUFFER)\n"
"        yy_load();\n"
"}\n"
"\n"
"YY_BUFFER_STATE yy_create_buffer(FILE *file, int size)\n"
"{\n"
"    YY_BUFFER_STATE b = (YY_BUFFER_STATE)yy_allocate(NULL, sizeof *b);\n"
"    b->yy_buf_size = size;\n"
"    b->yy_ch_buf = (char *)yy_allocate(NULL, (size_t)size + 2);\n"
"    b->yy_is_our_buffer = 1;\n"
"    yy_initialize(b, file);\n"
"    return b;\n"
"}\n"
"\n"
"/* The current buffer; makes one if there is none. */\n"
"static YY_BUFFER_STATE yy_buffer(void)\n"
"{\n"
"    if (!YY_CURRENT_BUFFER) {\n"
"        YY_CURRENT_BUFFER = yy_create_buffer(yyin, YY_BUF_SIZE);\n"
"        yy_load();\n"
"    }\n"
"    return YY_CURRENT_BUFFER;\n"
"}\n"
"\n"
"void yyrestart(FILE *file)\n"
"{\n"
"    yy_initialize(yy_buffer(), file);\n"
"    yy_load();\n"
"}\n"
"\n"
"void yy_switch_to_buffer(YY_BUFFER_STATE b)\n"
"{\n"
"    if (b == YY_CURRENT_BUFFER)\n"
"        return;\n"
"    if (YY_CURRENT_BUFFER)\n"
"        *YY_CURRENT_BUFFER->yy_buf_pos = yy_hold;\n"
"    YY_CURRENT_BUFFER = b;\n"
"    yy_load();\n"
"    yy_switched = 1;\n"
"}\n"
"\n"
"void yy_delete_buffer(YY_BUFFER_STATE b)\n"
"{\n"
"    if (!b)\n"
"        return;\n"
"    if (b == YY_CURRENT_BUFFER)\n"
"        YY_CURRENT_BUFFER = NULL;\n"
"    if (b->yy_is_our_buffer)\n"
"        free(b->yy_ch_buf);\n"
"    free(b);\n"
"}\n"
"\n"
"void yypush_buffer_state(YY_BUFFER_STATE b)\n"
"{\n"
"    if (!b)\n"
"        return;\n"
"    if (YY_CURRENT_BUFFER) {\n"
"        *YY_CURRENT_BUFFER->yy_buf_pos = yy_hold;\n"
"        yy_below = (YY_BUFFER_STATE *)yy_allocate(yy_below, (size_t)(yy_depth + 1) * sizeof *yy_below);\n"
"        yy_below[yy_depth++] = YY_CURRENT_BUFFER;\n"
"    }\n"
"    YY_CURRENT_BUFFER = b;\n"
"    yy_load();\n"
"    yy_switched = 1;\n"
"}\n"
"\n"
"void yypop_buffer_state(void)\n"
"{\n"
"    yy_delete_buffer(YY_CURRENT_BUFFER);\n"
"    if (yy_depth > 0) {\n"
"        YY_CURRENT_BUFFER = yy_below[--yy_depth];\n"
"        yy_load();\n"
"        yy_switched = 1;\n"
"    }\n"
"}\n"
"\n"
"/* The token has yyleng characters: scanning goes on behind them. */\n"
"static void yy_end_token(void)\n"
"{\n"
"    *YY_CURRENT_BUFFER->yy_buf_pos = yy_hold;\n"
"    YY_CURRENT_BUFFER->yy_buf_pos = yytext + yyleng;\n"
"    yy_hold = yytext[yyleng];\n"
"    yytext[yyleng] = 0;\n"
"}\n"
"\n"
"/* Moves the text that is in the buffer, so that yytext is there at this place; what is before yytext may be lost. */\n"
"static void yy_move(char *place)\n"
"{\n"
"    YY_BUFFER_STATE b = YY_CURRENT_BUFFER;\n"
"    int shift = (int)(place - yytext);\n"
"    memmove(place, yytext, (size_t)(b->yy_ch_buf + b->yy_n_chars - yytext));\n"
"    b->yy_n_chars += shift;\n"
"    b->yy_buf_pos += shift;\n"
"    yytext = place;\n"
"}\n"
"\n"
"/* Doubles the size of the buffer. */\n"
"static void yy_grow(void)\n"
"{\n"
"    YY_BUFFER_STATE b = YY_CURRENT_BUFFER;\n"
"    int token = (int)(yytext - b->yy_ch_buf), pos = (int)(b->yy_buf_pos - b->yy_ch_buf);\n"
"    if (!b->yy_is_our_buffer)\n"
"        YY_FATAL_ERROR(\"flex scanner push-back overflow\");\n"
"    b->yy_buf_size = 2 * b->yy_buf_size + 16;\n"
"    b->yy_ch_buf = (char *)yy_allocate(b->yy_ch_buf, (size_t)b->yy_buf_size + 2);\n"
"    yytext = b->yy_ch_buf + token;\n"
"    b->yy_buf_pos = b->yy_ch_buf + pos;\n"
"}\n"
"\n"
"/* Reads more text behind what is there; yy_hold must be in its place. Returns 0 at the end of the input. */\n"
"static int yy_fill(void)\n"
"{\n"
"    YY_BUFFER_STATE b = YY_CURRENT_BUFFER;\n"
"    int room, result = 0;\n"
"    if (!b->yy_fill_buffer || b->yy_buffer_status == YY_BUFFER_EOF_PENDING)\n"
"        return 0;\n"
"    if (b->yy_buffer_status == YY_BUFFER_NEW) {\n"
"        b->yy_input_file = yyin;\n"
"        b->yy_buffer_status = YY_BUFFER_NORMAL;\n"
"    }\n"
"    yy_move(b->yy_ch_buf);\n"
"    if (b->yy_n_chars >= b->yy_buf_size)\n"
"        yy_grow();\n"
"    room = b->yy_buf_size - b->yy_n_chars;\n"
"    if (room > YY_READ_BUF_SIZE)\n"
"        room = YY_READ_BUF_SIZE;\n"
"    YY_INPUT((&b->yy_ch_buf[b->yy_n_chars]), result, room);\n"
"    if (result <= 0) {\n"
"        b->yy_buffer_status = YY_BUFFER_EOF_PENDING;\n"
"        return 0;\n"
"    }\n"
"    b->yy_n_chars += result;\n"
"    yy_hold = *b->yy_buf_pos; /* what was there before may have been the end of the text */\n"
"    return 1;\n"
"}\n"
"\n"
"/* The text of the current buffer has ended. Returns 0 if yywrap() has found more. */\n"
"static int yy_at_end(void)\n"
"{\n"
"    if (YY_CURRENT_BUFFER->yy_fill_buffer)\n"
"        yyrestart(yyin);\n"
"    yy_switched = 0;\n"
"    if (yywrap())\n"
"        return 1;\n"
"    if (!yy_switched)\n"
"        yyrestart(yyin);\n"
"    return 0;\n"
"}\n"
"\n"
"#ifndef YY_NO_UNPUT\n"
"static void yyunput(int c, char *text)\n"
"{\n"
"    YY_BUFFER_STATE b = YY_CURRENT_BUFFER;\n"
"    (void)text;\n"
"    *b->yy_buf_pos = yy_hold;\n"
"    if (b->yy_buf_pos == b->yy_ch_buf) { /* then yytext is there too, for it is never behind */\n"
"        if (b->yy_n_chars >= b->yy_buf_size)\n"
"            yy_grow();\n"
"        yy_move(b->yy_ch_buf + b->yy_buf_size - b->yy_n_chars);\n"
"    }\n"
"    *--b->yy_buf_pos = (char)c;\n"
"    if (yytext > b->yy_buf_pos)\n"
"        yytext = b->yy_buf_pos;\n"
"    yy_hold = (char)c;\n"
"    yy_count_line(c, -1);\n"
"}\n"
"#endif\n"
"\n"
"#ifndef YY_NO_INPUT\n"
"static int input(void)\n"
"{\n"
"    int c;\n"
"    for (;;) {\n"
"        YY_BUFFER_STATE b = YY_CURRENT_BUFFER;\n"
"        *b->yy_buf_pos = yy_hold;\n"
"        if (b->yy_buf_pos < b->yy_ch_buf + b->yy_n_chars || yy_fill()) {\n"
"            c = (unsigned char)*b->yy_buf_pos;\n"
"            *b->yy_buf_pos++ = 0; /* yytext still ends here */\n"
"            yy_hold = *b->yy_buf_pos;\n"
"            b->yy_at_bol = c == '\\n';\n"
"            yy_count_line(c, 1);\n"
"            return c;\n"
"        }\n"
"        if (yy_at_end())\n"
"            return 0;\n"
"    }\n"
"}\n"
"#endif\n"
"\n";

static const char stack[] =
"static int *yy_stack, yy_stack_depth;\n"
"static void yy_push_state(int state)\n"
"{\n"
"    yy_stack = (int *)yy_allocate(yy_stack, (size_t)(yy_stack_depth + 1) * sizeof *yy_stack);\n"
"    yy_stack[yy_stack_depth++] = yy_start;\n"
"    yy_start = state;\n"
"}\n"
"static void yy_pop_state(void)\n"
"{\n"
"    if (yy_stack_depth == 0)\n"
"        YY_FATAL_ERROR(\"start-condition stack underflow\");\n"
"    yy_start = yy_stack[--yy_stack_depth];\n"
"}\n"
"#define yy_top_state() (yy_stack[yy_stack_depth - 1])\n"
"\n";

/* yylex, around the code from the file: before what it begins with, before its actions, behind them. */
static const char beginning[] =
"YY_DECL\n"
"{\n"
"    int yy_state, yy_action, yy_read, yy_length, yy_i;\n"
"    char *yy_end;\n"
"    if (!yy_init) {\n"
"        yy_init = 1;\n"
"        YY_USER_INIT;\n"
"        if (!yyin)\n"
"            yyin = stdin;\n"
"        if (!yyout)\n"
"            yyout = stdout;\n"
"        yy_buffer();\n"
"        yy_load();\n"
"    }\n"
"    {\n";

static const char matching[] =
"    for (;;) {\n"
"        /* the longest match of any rule */\n"
"        *YY_CURRENT_BUFFER->yy_buf_pos = yy_hold;\n"
"        if (yy_more)\n"
"            yy_more = (int)(YY_CURRENT_BUFFER->yy_buf_pos - yytext);\n"
"        yytext = YY_CURRENT_BUFFER->yy_buf_pos - yy_more;\n"
"        yy_state = yy_first[2 * yy_start + YY_CURRENT_BUFFER->yy_at_bol];\n"
"        yy_read = yy_length = yy_more;\n"
"        yy_action = 0;\n"
"        while (yy_state < YY_LEAF) {\n"
"            yy_end = YY_CURRENT_BUFFER->yy_ch_buf + YY_CURRENT_BUFFER->yy_n_chars;\n"
"            if (yytext + yy_read == yy_end && !yy_fill())\n"
"                break;\n"
"            yy_state = yy_next[yy_state][yy_class[(unsigned char)yytext[yy_read]]];\n"
"            if (yy_state == 0)\n"
"                break;\n"
"            yy_read++;\n"
"            if (yy_accept[yy_state]) {\n"
"                yy_action = yy_accept[yy_state];\n"
"                yy_length = yy_read;\n"
"            }\n"
"        }\n"
"        yy_end = YY_CURRENT_BUFFER->yy_ch_buf + YY_CURRENT_BUFFER->yy_n_chars;\n"
"        if (yytext + yy_more == yy_end) { /* nothing is left */\n"
"            yytext = YY_CURRENT_BUFFER->yy_buf_pos;\n"
"            yy_more = 0;\n"
"            if (!yy_at_end())\n"
"                continue;\n"
"            yyleng = 0;\n"
"            yy_hold = *yytext;\n"
"            yy_action = YY_STATE_EOF(yy_start);\n"
"        } else {\n"
"            if (yy_action == 0)\n"
"                yy_length = yy_more + 1; /* no rule: a single character */\n"
"            else if (yy_tail[yy_action] > 0)\n"
"                yy_length -= yy_tail[yy_action];\n"
"            else if (yy_tail[yy_action] < 0)\n"
"                yy_length = yy_more - yy_tail[yy_action];\n"
"            for (yy_i = yy_more; yy_i < yy_length; yy_i++)\n"
"                yy_count_line(yytext[yy_i], 1);\n"
"            yyleng = yy_length;\n"
"            yy_end_token();\n"
"            if (yyleng > 0)\n"
"                YY_CURRENT_BUFFER->yy_at_bol = yytext[yyleng - 1] == '\\n';\n"
"            yy_more = 0;\n"
"            YY_USER_ACTION\n"
"        }\n"
"        switch (yy_action) {\n";

static const char ending[] =
"        }\n"
"    }\n"
"    }\n"
"}\n"
"\n";

static FILE *output;

static void emit(const char *text) {
    fputs(text, output);
}

static void emit_text(struct text *text) {
    add(text, 0);
    emit(text->data);
}

/* Writes a number of a table; the first one of a line has the index 0, 20, 40, ... */
static void emit_number(int value, int index, int last) {
    fprintf(output, "%s%d%s", index % 20 == 0 ? "    " : "", value, index == last ? "\n" : index % 20 == 19 ? ",\n" : ", ");
}

static void emit_constant(const char *constant, int value) {
    fprintf(output, "#define %s %d\n", constant, value);
}

/* Writes the tables. Leaves of the DFA get the highest numbers, for they need no rows in yy_next. */
static void emit_tables(const int *first) {
    int *number = allocated(0, (size_t)dfa_count * sizeof *number), *order = allocated(0, (size_t)dfa_count * sizeof *order);
    int s, c, i, count = 0, leaf;
    for (s = 0; s < dfa_count; s++)
        if (s == 0 || !dfa[s].leaf)
            order[count++] = s;
    leaf = count;
    for (s = 1; s < dfa_count; s++)
        if (dfa[s].leaf)
            order[count++] = s;
    for (i = 0; i < count; i++)
        number[order[i]] = i;

    emit("/* classes of characters that all rules treat alike */\nstatic const unsigned char yy_class[256] = {\n");
    for (c = 0; c < 256; c++)
        emit_number(class_of[c], c, 255);
    emit("};\n/* the state to begin with: for each start condition, within a line and at the begin of one */\n"
         "static const short yy_first[] = {\n");
    for (i = 0; i < 2 * condition_count; i++)
        emit_number(number[first[i]], i, 2 * condition_count - 1);
    emit("};\n/* the rule that matches what has been read, by state; 0: none */\nstatic const short yy_accept[] = {\n");
    for (i = 0; i < count; i++)
        emit_number(dfa[order[i]].rule, i, count - 1);
    emit("};\n/* by rule: > 0: so many characters at the end do not belong to the token; < 0: all but so many */\n"
         "static const int yy_tail[] = {\n");
    for (i = 0; i <= rule_count; i++)
        emit_number(i ? rules[i].tail : 0, i, rule_count);
    emit("};\n/* the next state, by state and class; after states from YY_LEAF on there is none, nor after 0 */\n");
    emit_constant("YY_LEAF", leaf);
    emit_constant("YY_CLASSES", class_count);
    emit("static const short yy_next[][YY_CLASSES] = {\n");
    for (i = 0; i < leaf; i++) {
        emit("{\n");
        for (c = 0; c < class_count; c++)
            emit_number(number[dfa[order[i]].next[c]], c, class_count - 1);
        emit(i == leaf - 1 ? "}\n" : "},\n");
    }
    emit("};\n\n");
}

static void emit_scanner(const int *first) {
    int i;
    fprintf(output, "/* Made by lex from %s */\n", input_name);
    emit(interface);
    emit(no_unistd ? "" : "#ifndef YY_NO_UNISTD_H\n#include <unistd.h>\n#endif\n");
    emit(no_yywrap ? "#define yywrap() 1\n" : "");
    emit(no_unput ? "#define YY_NO_UNPUT\n" : "");
    emit(no_input ? "#define YY_NO_INPUT\n" : "");
    emit_text(&definitions_code);
    emit("\n");
    for (i = 0; i < condition_count; i++)
        emit_constant(conditions[i].name, i);
    emit_constant("YY_RULES", rule_count);
    emit_constant("YY_COUNT_LINES", count_lines);
    emit("#define YY_STATE_EOF(state) (YY_RULES + 1 + (state))\n\n");
    emit_tables(first);
    emit(support);
    emit(use_stack ? stack : "");
    emit(beginning);
    emit_text(&prologue);
    emit(matching);
    emit_text(&actions);
    for (i = 0; i < condition_count; i++)
        if (!conditions[i].has_eof)
            fprintf(output, "        case YY_STATE_EOF(%s):\n", conditions[i].name);
    emit("            yyterminate();\n        case 0:\n");
    emit(no_default ? "            YY_FATAL_ERROR(\"flex scanner jammed\");\n" : "            ECHO;\n");
    emit("            YY_BREAK\n");
    emit(ending);
}

int main(int argc, char **argv) {
    int i;
    const int *first;
    char *option;
    for (i = 1; i < argc && argv[i][0] == '-' && argv[i][1]; i++)
        for (option = argv[i] + 1; *option; option++)
            if (*option == 'o') {
                output_name = option[1] ? option + 1 : ++i < argc ? argv[i] : "";
                break;
            } else if (*option == 'i')
                caseless = 1;
            else if (*option == 's')
                no_default = 1;
            else if (*option == 't')
                to_stdout = 1;
            else if (!strchr("8BFILf", *option))
                i = argc;
    if (i != argc - 1) {
        fputs("usage: lex [-List] [-o FILE] FILE.l\n", stderr);
        return 1;
    }
    input_name = argv[i];
    at = contents(input_name) + 1;
    add_condition("INITIAL", 0);
    read_definitions();
    read_rules();
    first = make_dfa();
    if (!output_name)
        output_name = "lex.yy.c";
    output = to_stdout ? stdout : fopen(output_name, "w");
    if (!output)
        fail_file(output_name);
    emit_scanner(first);
    copy_line(0); /* that with the second %% */
    emit(at);
    if (fflush(output) || ferror(output) || fclose(output))
        fail_file(output_name);
    return 0;
}
