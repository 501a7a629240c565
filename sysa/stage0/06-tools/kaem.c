/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kaem FILE    runs the commands in FILE and stops at the first that fails
 * kaem -i      the same with commands from standard input: prompts, and goes on after a failure
 * The language is described in docs/kaem.md. */
#include "common.h"
#include <ctype.h>
#include <sys/wait.h>

extern char **environ;

enum { MAX_WORDS = 4096, MAX_VARIABLES = 1024, ESCAPED = 256 };

static FILE *script;
static const char *script_name;
static int interactive;
static int line = 1;
static char *step; /* of the last "#: step NAME", or 0 */

static int argc; /* the command */
static char *argv[MAX_WORDS + 1];
static struct text command; /* its words, with a blank before each */

static char *env[MAX_VARIABLES + 1]; /* all variables, as NAME=VALUE; a 0 at the end */

/* Writes at once, so that lines come in the order in which things happen. */
static void say(const char *text) {
    fputs(text, stdout);
    fflush(stdout);
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

static void set_variable(char *definition) {
    char **v = find_variable(definition, strcspn(definition, "="));
    require(v < env + MAX_VARIABLES, definition, "too many variables");
    *v = definition;
}

/* ---- reading a command ----
 *
 * line   = blanks [ word { blanks word } ] blanks [ '#' anything ] newline
 * blanks = { ' ' | tab | '\' newline }
 * word   = { plain } [ '"' { plain | ' ' | tab | '#' | ';' } '"' ]
 * plain  = character | '\' character | '${' name '}'
 *
 * Each function finds the first character that concerns it in `c`, and leaves there the first that doesn't. */

static int c;             /* ESCAPED is added to a character after a '\': so it is none of the special ones */
static const char *error; /* what is wrong with the line, or 0 */
static struct text text;  /* the word that is being read */

static void advance(void) {
    line += c == '\n';
    c = getc(script);
    if (c == '\\') {
        c = getc(script);
        line += c == '\n';
        c = c < 0 ? c : c == '\n' ? ' ' : c == 'n' ? ESCAPED + '\n' : ESCAPED + c;
    }
}

/* Puts the rest of the line into `text`. A '\' is nothing special here. */
static void rest(void) {
    for (text.len = 0; c != '\n' && c >= 0; c = getc(script))
        text_char(&text, c);
    text_char(&text, 0);
}

static void wrong(const char *what) {
    error = error ? error : what;
    rest();
}

static void plain(void) {
    struct text name = {0};
    if (c != '$') {
        text_char(&text, c);
        advance();
        return;
    }
    advance();
    if (c == '{')
        for (advance(); c < ESCAPED && (isalnum(c) || c == '_'); advance())
            text_char(&name, c);
    if (c == '}' && name.len) {
        text_char(&name, 0);
        text_add(&text, value_of(name.data), strlen(value_of(name.data)));
        advance();
    } else {
        wrong("a '$' that is not of the form ${NAME}");
    }
}

static int ends_word(void) {
    return c < 0 || (c > 0 && c < ESCAPED && strchr(" \t\n#;", c));
}

static void word(void) {
    for (text.len = 0; !ends_word() && c != '"';)
        plain();
    if (c == '"') {
        for (advance(); c != '"' && c != '\n' && c >= 0;)
            plain();
        if (c == '"')
            advance();
        else
            wrong("a string without its closing '\"'");
        if (!ends_word())
            wrong("a string that is not followed by a blank");
    }
    text_char(&text, 0);
    argv[argc] = join(text.data, "", "");
    if (strlen(argv[argc]) != text.len - 1)
        wrong("a character with the code 0");
    text_char(&command, ' ');
    text_add(&command, argv[argc], strlen(argv[argc]));
    argc++;
}

/* Reads one line. "#: ..." at its beginning is for whoever watches the console. */
static void read_command(void) {
    argc = command.len = 0;
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
    text_char(&command, 0);
    argv[argc] = 0;
    if (argc > 1 && strchr(argv[0], '='))
        wrong("NAME=VALUE is followed by something");
}

/* ---- running it ---- */

/* The program's file: a name with a '/' is one already, any other is looked for in PATH. 0 if there is none. */
static char *find_program(void) {
    static char file[4096];
    const char *dir = value_of("PATH");
    int len;
    if (strchr(argv[0], '/'))
        return access(argv[0], X_OK) == 0 ? argv[0] : 0;
    for (; *dir; dir += len + (dir[len] == ':')) {
        len = strcspn(dir, ":");
        snprintf(file, sizeof file, "%.*s/%s", len, dir, argv[0]);
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
    if (strchr(argv[0], '=')) {
        set_variable(argv[0]);
        return 0;
    }
    if (strcmp(argv[0], "echo") == 0) {
        say(join(command.data + (argc > 1 ? 6 : 5), "\n", ""));
        return 0;
    }
    if (strcmp(argv[0], "cd") == 0)
        return argc == 2 && chdir(argv[1]) == 0 ? 0 : "failed: not a directory";
    file = find_program();
    if (!file)
        return "not found";
    pid = must(fork(), "fork");
    if (pid == 0) {
        execve(file, argv, env);
        fprintf(stderr, "kaem: %s: %s\n", file, strerror(errno));
        _exit(1);
    }
    must(waitpid(pid, &status, 0), "wait");
    sprintf(problem, "failed with exit status %d", status >> 8);
    if (status & 127)
        sprintf(problem, "killed by signal %d", status & 127);
    return status ? problem : 0;
}

/* FILE:LINE: ERROR, in the protocol and for people. */
static void fail(int where) {
    char number[24], *message;
    sprintf(number, ":%d: ", where);
    message = join(join(script_name, number, error), "\n", "");
    if (step && !interactive) /* the program may have left a line unfinished: begin a new one */
        say(join(join("\n#: fail ", step, " "), message, ""));
    fputs(message, stderr);
    if (!interactive)
        exit(1);
}

int main(int count, char **arguments) {
    int where;
    program = "kaem";
    if (count != 2)
        die("usage: kaem FILE or kaem -i");
    for (; *environ; environ++)
        set_variable(*environ);
    interactive = strcmp(arguments[1], "-i") == 0;
    script_name = interactive ? "stdin" : arguments[1];
    script = interactive ? stdin : fopen(script_name, "r");
    must(script ? 0 : -1, script_name);
    for (;;) {
        if (interactive)
            say("kaem> ");
        advance();
        if (c < 0)
            return 0;
        where = line;
        read_command();
        if (argc && !error) {
            say(join(" +>", command.data, "\n"));
            error = run();
            if (error)
                error = join(join("command '", command.data + 1, "' "), error, "");
        }
        if (error)
            fail(where);
    }
}
