// SPDX-License-Identifier: GPL-3.0-or-later
// cc [-I DIR]... [-D NAME[=VALUE]]... -o OUT FILE.c...
// Compiles a whole program, all source files at once, to a static executable for amd64 Linux.
#include "cc.h"

Token current_token;

// Between two declarations nothing temporary is needed but the token under the eye.
void start_afresh(void) {
    if (peeked || !is_between_macros())
        return;
    memcpy((char *)&current_token, tok, sizeof(Token));
    tok = &current_token;
    release_temporary();
}

void compile(char *path, char **options, int option_count) {
    forget_file_scope();
    for (int i = 0; i < option_count; i++)
        define_option(options[i]);
    open_source(path);
    advance();
    while (tok->kind != TK_EOF) {
        start_afresh();
        external_declaration();
    }
}

int main(int argc, char **argv) {
    char **options = permanent(argc * sizeof(char *));
    char **files_named = permanent(argc * sizeof(char *));
    int option_count = 0;
    int file_count = 0;
    char *output = 0;
    for (int i = 1; i < argc; i++) {
        char *arg = argv[i];
        if (arg[0] != '-') {
            files_named[file_count++] = arg;
            continue;
        }
        char *value = arg[2] ? arg + 2 : argv[++i];
        if (!value)
            die("this option needs an argument", arg);
        if (arg[1] == 'o')
            output = value;
        else if (arg[1] == 'I')
            add_include_dir(value);
        else if (arg[1] == 'D')
            options[option_count++] = value;
        else
            die("unknown option", arg);
    }
    if (!output || !file_count)
        die("usage: cc [-I DIR]... [-D NAME[=VALUE]]... -o OUT FILE.c...", 0);
    init_names();
    init_types();
    for (int i = 0; i < file_count; i++)
        compile(files_named[i], options, option_count);
    write_executable(output);
    return 0;
}
