// SPDX-License-Identifier: GPL-3.0-or-later
// cc: everything that more than one phase knows, grouped by the file it lives in.
// cc is written in C0 (docs/c0.md): cc0 skips the lines that start with '#'.
#ifndef CC_H
#define CC_H
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <decimal.h>

typedef struct Buffer Buffer;
typedef struct File File;
typedef struct Name Name;
typedef struct Macro Macro;
typedef struct Token Token;
typedef struct Type Type;
typedef struct Member Member;
typedef struct Symbol Symbol;
typedef struct Object Object;
typedef struct Node Node;

//
// memory.c: two arenas, a growing buffer, messages
//

struct Buffer {
    char *data;
    long size;
    long capacity;
};

void *permanent(long size);          // zeroed, kept until the end
void *temporary(long size);          // zeroed, gone at release_temporary()
void release_temporary(void);
void put(Buffer *b, char *bytes, long size);
void put_int(Buffer *b, long value, int size); // little-endian, size bytes
void set_int(char *at, long value, int size);
void die(char *what, char *which);
void error_at(Token *at, char *what, char *which);  // which may be 0
void error_if(int is_wrong, Token *at, char *what, char *which);
char *decimal(long value);

//
// tokenize.c: characters to tokens
//

// Punctuators of one character are their own code; the rest follow, then keywords.
enum {
    TK_EOF = 256, TK_EOL, TK_IDENT, TK_NUMBER, TK_CHAR, TK_STRING,
    TK_ELLIPSIS, TK_PASTE, TK_EQ, TK_NE, TK_LE, TK_GE, TK_SHL, TK_SHR, TK_ANDAND, TK_OROR, TK_INC, TK_DEC, TK_ARROW,
    // in the order of N_ADD ...
    TK_ADD_ASSIGN, TK_SUB_ASSIGN, TK_MUL_ASSIGN, TK_DIV_ASSIGN, TK_MOD_ASSIGN,
    TK_AND_ASSIGN, TK_OR_ASSIGN, TK_XOR_ASSIGN, TK_SHL_ASSIGN, TK_SHR_ASSIGN,
    // keywords, in the order of keyword_text[]
    KW_VOID, KW_CHAR, KW_SHORT, KW_INT, KW_LONG, KW_FLOAT, KW_DOUBLE, KW_SIGNED, KW_UNSIGNED,
    KW_STRUCT, KW_UNION, KW_ENUM, KW_TYPEDEF, KW_EXTERN, KW_STATIC, KW_INLINE, KW_CONST, KW_VOLATILE,
    KW_REGISTER, KW_AUTO, KW_RESTRICT, KW_NORETURN, KW_ATTRIBUTE,
    KW_IF, KW_ELSE, KW_WHILE, KW_DO, KW_FOR, KW_SWITCH, KW_CASE, KW_DEFAULT, KW_BREAK, KW_CONTINUE,
    KW_RETURN, KW_GOTO, KW_SIZEOF, KW_ASM
};

struct File {
    File *next;    // all files read so far
    char *path;
    char *text;    // whole file, ends in "\n\0", backslash-newlines already joined
    char *end;
};

// An identifier, one struct for each spelling: lookups are one pointer away.
struct Name {
    Name *next;    // in its hash chain
    char *text;
    int len;
    int keyword;   // KW_*, or 0
    Macro *macro;  // #define in force, or 0
    Symbol *symbol; // innermost variable, function, typedef, enum constant
    Symbol *tag;    // innermost struct, union, enum tag
    Object *object; // the thing with external linkage of this name, in all files
};

struct Token {
    Token *next;   // in a macro's body or an argument
    int kind;      // TK_*, KW_* or a character
    int len;
    char *text;    // spelling
    char *loc;     // where to point at in a message
    File *file;
    Name *name;    // of identifiers
    int spaced;    // white space stands before it
    int frozen;    // a macro's own name in its own expansion: never expanded again
};

extern File *current_file;
extern char *cursor;        // next character to read
extern int at_line_start;
extern int in_directive;    // a newline is a token

void init_names(void);
Name *intern(char *text, int len);
void forget_file_scope(void);
File *read_file(char *path);         // 0 if it can't be opened
Token *lex(void);
int skip_space(void);
Token *new_token(int kind, char *text, int len);
int is_word(int c);
int is_digit(int c);
int hex_digit(int c);                // -1 if it is none

//
// preprocess.c: directives and macros
//

struct Macro {
    Token *body;
    Name **params;
    int param_count;
    int is_function;
    int is_variadic;     // its last parameter takes all that is left
    int is_active;       // being expanded
    int builtin;         // 'L' for __LINE__, 'F' for __FILE__, 0
};

void define_option(char *text);
void add_include_dir(char *path);
void open_source(char *path);
Token *next_token(void);
Token *kept(Token *t);                // a permanent copy
int is_between_macros(void);  // no expansion is half read, so no token but the current one is needed

//
// type.c
//

enum { T_VOID, T_CHAR, T_SHORT, T_INT, T_LONG, T_FLOAT, T_DOUBLE, T_LDOUBLE,
       T_POINTER, T_ARRAY, T_FUNCTION, T_STRUCT, T_UNION };

struct Type {
    int kind;
    int size;          // -1 while incomplete
    int align;
    int is_unsigned;
    Type *base;        // of pointer and array; what a function returns
    int length;        // of array, -1 while unknown
    Member *members;
    Symbol *params;    // of function, linked by ->next
    int is_variadic;
    int on_stack;      // all arguments are passed on the stack
};

struct Member {
    Member *next;
    Name *name;        // 0 for an anonymous struct or union
    Type *type;
    int offset;
    int bit_offset;
    int bit_width;     // 0: not a bit-field
};

extern Type *type_void, *type_char, *type_int, *type_uint, *type_long, *type_ulong;
extern Type *type_float, *type_double, *type_ldouble;

void init_types(void);
Type *basic_type(int kind, int is_unsigned);
Type *new_type(int kind, int size, int align);
Type *pointer_to(Type *base);
Type *array_of(Type *base, int length);
int is_integer(Type *type);
int is_float(Type *type);
int is_scalar(Type *type);
Type *common_type(Type *a, Type *b);
Type *promoted(Type *type);
long truncated(long value, Type *type);

//
// declare.c: scopes, declarations, initialisers
//

enum { S_LOCAL, S_GLOBAL, S_TYPEDEF, S_CONSTANT, S_TAG };

struct Symbol {
    Symbol *next;      // in its scope, or parameter list
    Symbol *outer;     // what it hides
    Name *name;
    int kind;          // S_*
    int depth;         // of its scope
    Type *type;
    long value;        // S_LOCAL: offset from rbp; S_CONSTANT
    Object *object;    // S_GLOBAL
};

extern int scope_depth;
void enter_scope(void);
void leave_scope(void);
Symbol *declare(Name *name, int kind, Type *type);
int is_type_name(Token *t);
Type *type_name(void);
void declaration(void);              // inside a function
void external_declaration(void);
void string_literal(Buffer *out);    // the strings at tok, joined, with their final zero
int character(char **at);            // one character of a string or constant, escapes decoded

//
// expression.c: expressions to trees
//

enum {
    N_NUMBER, N_FLOAT, N_LOCAL, N_GLOBAL, N_DEREF, N_BITFIELD, N_ADDRESS, N_ASSIGN, N_CAST, N_CALL,
    N_CONDITION, N_COMMA, N_ANDAND, N_OROR, N_NEGATE,
    N_ADD, N_SUB, N_MUL, N_DIV, N_MOD, N_AND, N_OR, N_XOR, N_SHL, N_SHR,
    N_EQ, N_NE, N_LT, N_LE
};

struct Node {
    int kind;
    int negative;      // N_FLOAT: its sign
    Type *type;
    Token *token;
    Node *lhs;
    Node *rhs;
    Node *third;       // N_CONDITION: the else part
    Node *next;        // in an argument list
    long value;        // N_NUMBER; N_LOCAL: offset from rbp; N_GLOBAL: distance from the object's start
    char *text;        // N_FLOAT: its spelling, read again at the precision that is wanted
    Object *object;    // N_GLOBAL
    Member *member;    // N_BITFIELD: where it is in the unit lhs
    Node *unused;      // what to do instead when nobody looks at the result (of x++)
};

extern Token *tok;            // the token under the eye
extern Token *peeked;         // the one after it, if it has been read
void advance(void);
Token *peek(void);
int accept(int kind);
void expect(int kind, char *spelling);
Node *expression(void);
Node *assignment(void);
long constant_expression(void);
Node *new_node(int kind, Type *type, Node *lhs, Node *rhs);
Node *new_number(long value, Type *type);
Node *new_cast(Node *operand, Type *type);
Node *new_assign(Node *lhs, Node *rhs);
Node *new_local(long offset, Type *type);
Node *new_bitfield(Node *unit, Member *member);
Node *value_of(Node *n);             // arrays and functions become pointers
Node *condition(Node *n);            // a value that is compared with zero
int log2_exact(long value);

//
// statement.c: statements, translated as they are read; function bodies
//

extern int frame_size;                      // bytes of locals in use at this point
int allocate_local(Type *type);      // its offset from rbp
void function_body(Symbol *function);

//
// generate.c: trees to machine code
//

void op(long bytes);                 // op(0x4889c8) emits 48 89 c8
void op_int(long bytes, long value); // the same with a 4-byte operand
long jump(long opcode, long chain);  // a jump forward, joined with others that go to the same place
void land(long chain);               // that place is here
void jump_back(long opcode, long target);
long branch(Node *n, int sense, long chain); // jumps if (n != 0) == sense
void generate(Node *n);              // value to rax, or to st(0)
void generate_unused(Node *n);
void compare_with(long value);       // cmp rax, value
void clear_local(long offset, int size);
long function_start(void);
void store_parameter(int n, long offset);
void function_end(long start, int frame);
void float_pattern(Node *n, Type *type, char *out);

//
// link.c: sections, relocations, the executable
//

enum { UNDEFINED, TEXT, DATA, BSS };
enum { REL32, ABS32, ABS64 };

struct Object {
    Object *next;
    Name *name;        // 0 for strings
    Token *token;      // where it was first met
    int section;
    int size;          // of a tentative definition: space to reserve in BSS
    int align;
    long offset;
};

extern Buffer text;
extern Buffer data;

Object *new_object(Token *token);
Object *external_object(Token *token);
void define_in_data(Object *object, int align);
void relocate(int kind, long offset, Object *object, long addend);
void write_executable(char *path);

//
// assemble.c: the few lines of assembly that the library needs
//

void assemble(char *source, long size, Token *at);

#endif
