/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kaem FILE    runs the commands in FILE and stops at the first that fails
 * kaem -i      the same with commands from standard input: prompts, and goes on after a failure
 * The language is described in docs/kaem.md. */
#include "common.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { MAX_WORDS = 4096, MAX_VARIABLES = 1024 };

static struct in script;
static int interactive;
static int line;       /* the line that the next character is on */
static char *step;     /* of the last "#: step NAME", or 0 */

static int argc;       /* the command: */
static char *argv[MAX_WORDS + 1];
static struct text words; /* its words, one after the other, each with a 0 at its end */
static int assignment;    /* it is NAME=VALUE */

static char *env[MAX_VARIABLES + 1]; /* all variables, as NAME=VALUE; a 0 at the end */

/* Writes at once, so that lines come in the order in which things happen. */
static void say(const char *text) {
    write_all(1, text, strlen(text), "standard output");
    if (strncmp(text, "#: step ", 8) == 0) {
        free(step);
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
 * word   = { plain } [ '"' { plain | ' ' | tab | '#' } '"' ]
 * plain  = character | '\' character | '${' name [ ':-' default ] '}'
 *
 * Each function finds the first character that concerns it in `c`, and leaves there the first that doesn't. */

enum { ESCAPED = 256 };

static int c;             /* ESCAPED is added to a character after a '\': so it is none of the special ones */
static const char *error; /* what is wrong with the line, or 0 */

static void advance(void) {
    if (c == '\n')
        line++;
    c = in_byte(&script);
    if (c == '\\') {
        c = in_byte(&script);
        if (c == '\n') {
            line++;
            c = ' ';
        } else if (c >= 0) {
            c = ESCAPED + (c == 'n' ? '\n' : c);
        }
    }
}

static int is_name(int letter) {
    return letter == '_' || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9');
}

static void variable(void) {
    struct text name = {0};
    const char *value;
    advance();
    if (c != '{') {
        error = "'$' is not followed by '{'";
        return;
    }
    advance();
    text_set(&name, "");
    for (; is_name(c); advance())
        text_char(&name, c);
    value = value_of(name.data);
    text_add(&words, value, strlen(value));
    if (c == ':') {
        advance();
        if (c == '-')
            for (advance(); c != '}' && c != '\n' && c >= 0; advance())
                if (!*value)
                    text_char(&words, c);
    }
    if (c != '}' || name.len == 0)
        error = "not of the form ${NAME} or ${NAME:-default}";
    else
        advance();
    free(name.data);
}

static void plain(void) {
    if (c == '$') {
        variable();
    } else {
        text_char(&words, c);
        advance();
    }
}

static int ends_word(void) {
    return c == ' ' || c == '\t' || c == '\n' || c == '#' || c < 0;
}

static void word(void) {
    long start = words.len, i;
    int may_be_name = argc == 0;
    while (!ends_word() && c != '"' && !error) {
        if (c == '=' && may_be_name && words.len > start) {
            assignment = 1;
            may_be_name = 0;
        }
        if (!is_name(c))
            may_be_name = 0;
        if (c == ';')
            error = "a ';' outside of a string";
        plain();
    }
    if (c == '"' && !error) {
        advance();
        while (c != '"' && c != '\n' && c >= 0 && !error)
            plain();
        if (c != '"' && !error)
            error = "a string without its closing '\"'";
        if (!error) {
            advance();
            if (!ends_word())
                error = "a string that is not followed by a blank";
        }
    }
    for (i = start; i < words.len; i++)
        if (!words.data[i])
            error = "a character with the code 0";
    text_char(&words, 0);
    argc++;
}

static void blanks(void) {
    while (c == ' ' || c == '\t')
        advance();
}

/* "#: ..." at the beginning of a line is for whoever watches the console. A '\' is nothing special here. */
static void comment(int say_it) {
    struct text t = {0};
    for (; c != '\n' && c >= 0; c = in_byte(&script))
        text_char(&t, c);
    text_char(&t, '\n');
    if (say_it && strncmp(t.data, "#: ", 3) == 0)
        say(t.data);
    free(t.data);
}

/* Reads one line into argc, argv. */
static void command(void) {
    char *p;
    int i;
    argc = assignment = 0;
    error = 0;
    text_set(&words, "");
    if (c == '#')
        comment(1);
    for (blanks(); c != '\n' && c != '#' && c >= 0 && !error; blanks())
        word();
    comment(0);
    if (assignment && argc > 1 && !error)
        error = "NAME=VALUE is followed by something";
    if (argc > MAX_WORDS)
        error = "too many words";
    for (i = 0, p = words.data; i < argc && !error; i++, p += strlen(p) + 1)
        argv[i] = p;
    argv[i] = 0;
}

/* ---- running it ---- */

/* the command, written so that it could be read again */
static void show(struct text *t) {
    int i;
    char *p;
    for (i = 0; i < argc; i++) {
        int quote = !argv[i][0] || strpbrk(argv[i], " \t\n#") != 0;
        if (i)
            text_char(t, ' ');
        if (quote)
            text_char(t, '"');
        for (p = argv[i]; *p; p++) {
            if (strchr("\n\\\"$", *p))
                text_char(t, '\\');
            text_char(t, *p == '\n' ? 'n' : *p);
        }
        if (quote)
            text_char(t, '"');
    }
}

/* The program's file: a name with a '/' is one already, any other is looked for in PATH. 0 if there is none. */
static char *find_program(const char *name) {
    char *path = join(value_of("PATH"), "", ""), *file, *end;
    if (strchr(name, '/'))
        return access(name, X_OK) == 0 ? join(name, "", "") : 0;
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

static char problem[64]; /* what was wrong with the command */

/* 1 if it succeeded */
static int run_program(void) {
    int status, pid;
    char *file = find_program(argv[0]);
    strcpy(problem, "not found");
    if (!file)
        return 0;
    pid = must(fork(), "fork");
    if (pid == 0)
        must(execve(file, argv, env), file);
    must(waitpid(pid, &status, 0), "wait");
    if (WIFSIGNALED(status))
        sprintf(problem, "killed by signal %d", WTERMSIG(status));
    else
        sprintf(problem, "failed with exit status %d", WEXITSTATUS(status));
    return status == 0;
}

static int run(void) {
    struct text t = {0};
    int i;
    if (assignment) {
        set_variable(argv[0]);
    } else if (strcmp(argv[0], "echo") == 0) {
        for (i = 1; i < argc; i++) {
            text_add(&t, " ", i > 1);
            text_add(&t, argv[i], strlen(argv[i]));
        }
        text_char(&t, '\n');
        say(t.data);
    } else if (strcmp(argv[0], "cd") == 0) {
        strcpy(problem, "failed: not a directory");
        return argc == 2 && chdir(argv[1]) == 0;
    } else if (strcmp(argv[0], "set") == 0) {
        strcpy(problem, "failed: only -e and -x are known, and always on");
        return argc == 2 && argv[1][0] == '-' && argv[1][1 + strspn(argv[1] + 1, "ex")] == 0;
    } else {
        return run_program();
    }
    return 1;
}

/* FILE:LINE: WHAT, in the protocol and for people. */
static void fail(int where, const char *what) {
    char number[24];
    char *text;
    sprintf(number, ":%d: ", where);
    text = join(join(script.name, number, what), "\n", "");
    if (step && !interactive) /* the program may have left a line unfinished: begin a new one */
        say(join(join("\n#: fail ", step, " "), text, ""));
    write_all(2, text, strlen(text), "standard error");
    if (!interactive)
        exit(1);
}

int main(int count, char **arguments) {
    struct text shown = {0};
    char **v;
    program = "kaem";
    if (count != 2)
        die("usage: kaem FILE or kaem -i");
    for (v = environ; *v; v++)
        set_variable(*v);
    interactive = strcmp(arguments[1], "-i") == 0;
    if (interactive)
        in_fd(&script, "stdin", 0);
    else
        in_open(&script, arguments[1]);
    for (;;) {
        int where;
        if (interactive)
            say("kaem> ");
        advance();
        where = line + 1;
        if (c < 0)
            break;
        command();
        if (error) {
            fail(where, error);
        } else if (argc) {
            shown.len = 0;
            show(&shown);
            say(join(" +> ", shown.data, "\n"));
            if (!run())
                fail(where, join(join("command '", shown.data, "' "), problem, ""));
        }
    }
    if (interactive)
        say("\n");
    return 0;
}
