/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kaem FILE    runs the commands in FILE and stops at the first that fails
 * kaem -i      the same with commands from standard input: prompts, and goes on after a failure
 * The language is described in docs/kaem.md. */
#include "common.h"
#include <sys/wait.h>

extern char **environ;

enum { MAX_WORDS = 4096, MAX_VARIABLES = 1024, ESCAPED = 256 };

static struct in script;
static int interactive;
static int line = 1;
static char *step; /* of the last "#: step NAME", or 0 */

static int argc; /* the command */
static char *argv[MAX_WORDS + 1];
static int assignment; /* it is NAME=VALUE */

static char *env[MAX_VARIABLES + 1]; /* all variables, as NAME=VALUE; a 0 at the end */

/* Writes at once, so that lines come in the order in which things happen. */
static void say(const char *text) {
    write_all(1, text, strlen(text), "standard output");
    if (strncmp(text, "#: step ", 8) == 0) {
        step = join(text + 8, "", "");
        step[strcspn(step, " \n")] = 0;
    }
}

/* ---- variables ---- */

/* the place of NAME=... in `env`, or of the 0 at its end */
static char **find_variable(const char *name, long len) {
    char **v = env;
    while (*v && !(strncmp(*v, name, len) == 0 && (*v)[len] == '='))
        v++;
    return v;
}

static const char *value_of(const char *name) {
    char **v = find_variable(name, strlen(name));
    return *v ? *v + strlen(name) + 1 : "";
}

static void set_variable(const char *definition) {
    char **v = find_variable(definition, strcspn(definition, "="));
    require(v < env + MAX_VARIABLES, definition, "too many variables");
    *v = join(definition, "", "");
}

/* ---- reading a command ----
 *
 * line   = blanks [ word { blanks word } ] blanks [ '#' anything ] newline
 * blanks = { ' ' | tab | '\' newline }
 * word   = { plain } [ '"' { plain | ' ' | tab | '#' | ';' } '"' ]
 * plain  = character | '\' character | '${' name [ ':-' default ] '}'
 *
 * Each function finds the first character that concerns it in `c`, and leaves there the first that doesn't. */

static int c;             /* ESCAPED is added to a character after a '\': so it is none of the special ones */
static const char *error; /* what is wrong with the line, or 0 */
static struct text text;  /* the word that is being read */

static void advance(void) {
    line += c == '\n';
    c = in_byte(&script);
    if (c == '\\') {
        c = in_byte(&script);
        line += c == '\n';
        c = c < 0 ? c : c == '\n' ? ' ' : c == 'n' ? ESCAPED + '\n' : ESCAPED + c;
    }
}

/* Puts the rest of the line into `text`. A '\' is nothing special here. */
static void rest(void) {
    for (text_set(&text, ""); c != '\n' && c >= 0; c = in_byte(&script))
        text_char(&text, c);
}

static void wrong(const char *what) {
    error = error ? error : what;
    rest();
}

static int is_name(int letter) {
    return letter > 0 && letter < ESCAPED &&
           strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789", letter) != 0;
}

static void variable(void) {
    struct text name = {0};
    const char *value;
    text_set(&name, "");
    advance();
    if (c == '{')
        for (advance(); is_name(c); advance())
            text_char(&name, c);
    value = value_of(name.data);
    text_add(&text, value, strlen(value));
    if (c == ':') {
        advance();
        if (c == '-')
            for (advance(); c != '}' && c != '\n' && c >= 0; advance())
                if (!*value)
                    text_char(&text, c);
    }
    if (c != '}' || !name.len)
        wrong("a '$' that is not of the form ${NAME} or ${NAME:-default}");
    else
        advance();
}

static void plain(void) {
    if (c == '$') {
        variable();
    } else {
        text_char(&text, c);
        advance();
    }
}

static int ends_word(void) {
    return c < 0 || (c > 0 && c < ESCAPED && strchr(" \t\n#;", c));
}

static void word(void) {
    int name = argc == 0;
    for (text_set(&text, ""); !ends_word() && c != '"'; plain()) {
        assignment |= name && c == '=' && text.len > 0;
        name &= is_name(c);
    }
    if (c == '"') {
        for (advance(); c != '"' && c != '\n' && c >= 0;)
            plain();
        if (c != '"')
            wrong("a string without its closing '\"'");
        advance();
        if (!ends_word())
            wrong("a string that is not followed by a blank");
    }
    if (strlen(text.data) != text.len)
        wrong("a character with the code 0");
    argv[argc++] = join(text.data, "", "");
}

/* Reads one line into argc, argv. "#: ..." at its beginning is for whoever watches the console. */
static void command(void) {
    argc = assignment = 0;
    error = 0;
    if (c == '#') {
        rest();
        if (strncmp(text.data, "#: ", 3) == 0)
            say(join(text.data, "\n", ""));
    }
    while (c != '\n' && c != '#' && c >= 0) {
        if (c == ' ' || c == '\t')
            advance();
        else if (c == ';')
            wrong("a ';' outside of a string");
        else if (argc == MAX_WORDS)
            wrong("too many words");
        else
            word();
    }
    rest();
    argv[argc] = 0;
    if (assignment && argc > 1)
        wrong("NAME=VALUE is followed by something");
}

/* ---- running it ---- */

static char *words_from(int i) {
    char *all = i < argc ? argv[i] : "";
    while (++i < argc)
        all = join(all, " ", argv[i]);
    return all;
}

/* The program's file: a name with a '/' is one already, any other is looked for in PATH. 0 if there is none. */
static char *find_program(const char *name) {
    char *path = join(value_of("PATH"), "", ""), *file, *end;
    if (strchr(name, '/'))
        return access(name, X_OK) == 0 ? argv[0] : 0;
    for (; *path; path = end) {
        end = path + strcspn(path, ":");
        if (*end)
            *end++ = 0;
        file = join(path, "/", name);
        if (access(file, X_OK) == 0 && !is_directory(file))
            return file;
    }
    return 0;
}

/* Returns what went wrong, or 0. */
static const char *run(void) {
    static char problem[40];
    int status, pid;
    char *file;
    if (assignment) {
        set_variable(argv[0]);
        return 0;
    }
    if (strcmp(argv[0], "echo") == 0) {
        say(join(words_from(1), "\n", ""));
        return 0;
    }
    if (strcmp(argv[0], "cd") == 0)
        return argc == 2 && chdir(argv[1]) == 0 ? 0 : "failed: not a directory";
    if (strcmp(argv[0], "set") == 0) /* as in a shell: -e stops at a failure, -x shows the commands */
        return argc == 2 && argv[1][0] == '-' ? 0 : "failed: only -e and -x are known, and always on";
    file = find_program(argv[0]);
    if (!file)
        return "not found";
    pid = must(fork(), "fork");
    if (pid == 0)
        must(execve(file, argv, env), file);
    must(waitpid(pid, &status, 0), "wait");
    sprintf(problem, "failed with exit status %d", status >> 8);
    if (status & 127)
        sprintf(problem, "killed by signal %d", status & 127);
    return status ? problem : 0;
}

/* FILE:LINE: WHAT, in the protocol and for people. */
static void fail(int where, const char *what) {
    char number[24], *message;
    sprintf(number, ":%d: ", where);
    message = join(join(script.name, number, what), "\n", "");
    if (step && !interactive) /* the program may have left a line unfinished: begin a new one */
        say(join(join("\n#: fail ", step, " "), message, ""));
    write_all(2, message, strlen(message), "standard error");
    if (!interactive)
        exit(1);
}

int main(int count, char **arguments) {
    const char *problem;
    int where;
    program = "kaem";
    if (count != 2)
        die("usage: kaem FILE or kaem -i");
    for (; *environ; environ++)
        set_variable(*environ);
    interactive = strcmp(arguments[1], "-i") == 0;
    in_open(&script, interactive ? "-" : arguments[1]);
    script.name = interactive ? "stdin" : arguments[1];
    for (;;) {
        if (interactive)
            say("kaem> ");
        advance();
        if (c < 0)
            return 0;
        where = line;
        command();
        if (error) {
            fail(where, error);
        } else if (argc) {
            say(join(" +> ", words_from(0), "\n"));
            problem = run();
            if (problem)
                fail(where, join(join("command '", words_from(0), "' "), problem, ""));
        }
    }
}
