# SPDX-License-Identifier: GPL-3.0-or-later
"""Our lex: its scanners find what flex finds, with real lexers and made-up ones; it says what it can't do."""

from __future__ import annotations

import functools
import re
import subprocess
import tarfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, assume, given, reject, settings
from hypothesis import strategies as st

from lib import deps, sources
from lib.monitor import Silent
from tests.e2e import cli, lexers
from tests.e2e.lexers import Lexer

pytestmark = pytest.mark.timeout(1200)


@functools.cache
def members(source: str, pattern: str) -> dict[str, bytes]:
    """Files out of a source, by what their path below its folder matches."""
    catalogue = sources.load(cli.BASE)
    path = sources.Fetcher(catalogue, deps.cache() / "distfiles", Silent()).fetch([source])[source]
    found: dict[str, bytes] = {}
    with tarfile.open(path, "r|*") as archive:
        for entry in archive:
            name = entry.name.partition("/")[2]
            if entry.isfile() and re.fullmatch(pattern, name) and (file := archive.extractfile(entry)):
                found[name] = file.read()
    return found


def linux() -> dict[str, bytes]:
    return members(
        "linux_6.1.8.orig.tar.xz",
        r"scripts/kconfig/.*\.[chly]|scripts/(genksyms|dtc)/[^/]*\.l|.*\bKconfig[^/]*",
    )


def flex() -> dict[str, bytes]:
    return members("flex_2.6.4.orig.tar.gz", r"src/.*|(tests|examples)/.*\.l")


REAL = [
    ("linux_6.1.8.orig.tar.xz", "scripts/kconfig/lexer.l"),
    ("linux_6.1.8.orig.tar.xz", "scripts/genksyms/lex.l"),
    ("linux_6.1.8.orig.tar.xz", "scripts/dtc/dtc-lexer.l"),
    ("flex_2.6.4.orig.tar.gz", "src/scan.l"),
    ("binutils_2.40.orig.tar.xz", "ld/ldlex.l"),
    ("binutils_2.40.orig.tar.xz", "binutils/arlex.l"),
    ("gcc-h8300-hms_3.4.6+dfsg2.orig.tar.gz", "gcc/gengtype-lex.l"),
    ("bc_1.07.1.orig.tar.gz", "bc/scan.l"),
]


def real(source: str, name: str) -> bytes:
    if source.startswith("linux"):
        return linux()[name]
    return members(source, r"src/.*|(tests|examples)/.*\.l" if source.startswith("flex") else name)[name]


@pytest.mark.parametrize(("source", "name"), REAL, ids=[name for _, name in REAL])
def test_real_patterns(tmp_path: Path, source: str, name: str) -> None:
    """All patterns of real lexers, over texts that they were not written for, from all start conditions.

    Without yymore(), for flex's own scanners lose the end of their buffer with it.
    """
    lexer = lexers.patterns_of(real(source, name).decode())
    assert len(lexer.rules) > 10
    (tmp_path / "x.l").write_text(lexer.text(lexers.NO_YYMORE))
    texts = {
        "a": real(source, name),
        **{Path(name).name: flex()[f"src/{name}"] for name in ("scan.l", "gen.c", "sym.c")},
    }
    for file, content in texts.items():
        (tmp_path / file).write_bytes(content)
    said = lexers.same(tmp_path / "x.l", *texts, *texts)
    ends = re.findall(rb"end of (?:a|scan\.l|gen\.c|sym\.c)\n", said)
    assert len(ends) == 2 * len(texts)


KCONFIG = r"""
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "lkc.h"
#include "parser.tab.h"
struct file *current_file;
YYSTYPE yylval;
int yylex(void);
void *xmalloc(size_t size) { return malloc(size); }
void *xrealloc(void *p, size_t size) { return realloc(p, size); }
struct file *file_lookup(const char *name) {
    struct file *file = calloc(1, sizeof *file);
    file->name = name;
    return file;
}
char *expand_one_token(const char **s) {
    int length = strcspn(*s, " \t\")");
    char *result = malloc(length + 3);
    sprintf(result, "<%.*s>", length, *s);
    *s += length;
    return result;
}
char *expand_dollar(const char **s) { return expand_one_token(s); }
int main(int argc, char **argv) {
    int i, token, count;
    for (i = 1; i < argc; i++) {
        zconf_initscan(argv[i]);
        for (count = 0; (token = yylex()) != 0; count++) {
            printf("%s:%d: %d", zconf_curname(), zconf_lineno(), token);
            if (token == T_WORD || token == T_WORD_QUOTE || token == T_HELPTEXT || token == T_ASSIGN_VAL)
                printf(" %s", yylval.string);
            putchar('\n');
            if (token == T_HELP)
                zconf_starthelp();
            if (token == T_EOL && count > 20 && i % 8 && i + 1 < argc && current_file) {
                zconf_nextfile(argv[++i]); /* as "source" does: the rest of this file comes later */
                count = 0;
            }
        }
    }
    return 0;
}
"""


def test_all_kconfig_files_of_linux(tmp_path: Path) -> None:
    """The lexer as it is, with Linux's headers, reading every file that it was written for."""
    kconfigs = []
    for name, content in linux().items():
        path = tmp_path / Path(name).name if name.startswith("scripts/kconfig/") else tmp_path / "tree" / name
        if "/tests/" in name or path.suffix not in (".c", ".h", ".l", ".y"):
            path = tmp_path / "tree" / name
            kconfigs.append(path.relative_to(tmp_path))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    assert len(kconfigs) > 1500
    grammar = (tmp_path / "parser.y").read_text()
    tokens = ", ".join(sorted(set(re.findall(r"\bT_\w+", grammar))))
    union = re.search(r"^%union\n(\{.*?^\})", grammar, re.MULTILINE | re.DOTALL)
    assert union
    (tmp_path / "parser.tab.h").write_text(
        f"enum {{ T_FIRST = 257, {tokens} }};\ntypedef union {union[1]} YYSTYPE;\nextern YYSTYPE yylval;\n"
    )
    (tmp_path / "driver.c").write_text(KCONFIG)
    said = lexers.same(tmp_path / "lexer.l", *sorted(kconfigs), flags=["-I."], more=[tmp_path / "driver.c"])
    assert said.count(b"\n") > 400_000


FLEX_PARTS = (
    "buf ccl dfa ecs filter gen main misc nfa options parse regex scanflags scanopt skel sym tables"
    " tables_shared tblcmp yylex"
)
FLEX_FLAGS = (
    "-D_GNU_SOURCE -DHAVE_LIMITS_H -DHAVE_NETINET_IN_H -DHAVE_REALLOCARRAY"
    ' -DM4="m4" -DVERSION="2.6.4" -DPACKAGE="flex"'
)


def test_flex_is_bootstrapped(tmp_path: Path) -> None:
    """flex with our scanner makes of scan.l what its authors' flex made, and of others what theirs makes."""
    lexers.needs("m4")
    for name, content in flex().items():
        path = tmp_path / Path(name).name if name.startswith("src/") else tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    shipped = (tmp_path / "scan.c").read_bytes()
    done = lexers.lex("-o", "x.ours.c", "scan.l", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    (tmp_path / "x.flex.c").write_bytes(shipped)
    others = [tmp_path / f"{part}.c" for part in FLEX_PARTS.split()]
    programs = {}
    for who in ("ours", "flex"):
        flags = [*FLEX_FLAGS.split(), "-I."]
        programs[who] = lexers.compile_scanner(tmp_path / f"x.{who}.c", *others, "-lm", flags=flags)
    assert lexers.run(programs["ours"], "-o", "scan.c", "scan.l", cwd=tmp_path)[0] == 0
    assert (tmp_path / "scan.c").read_bytes() == shipped
    some = sorted(path.relative_to(tmp_path) for path in tmp_path.glob("*/*.l"))
    assert len(some) > 30
    (tmp_path / "bad.l").write_text('%option nosuch\n%x A\nb [a\n%%\n<B>a ;\n"a\n[a\na{b\n{c} {\n')
    for file in [*some, Path("bad.l")]:
        results = []
        for who, flex_program in programs.items():
            status, said = lexers.run(flex_program, "-o", "out.c", file, cwd=tmp_path)
            out = tmp_path / "out.c"
            results.append(
                (status, said.replace(b"x." + who.encode(), b""), out.read_bytes() if out.exists() else b"")
            )
            out.unlink(missing_ok=True)
        assert results[0] == results[1], file


# --- made-up lexers

CHARACTERS = st.sampled_from(
    [*"abcABC019_", r"\n", r"\t", r"\"", r"\x61", r"\101", r"\.", "-", "<", ",", r"\0", r"\xff"]
)
FIXED = st.one_of(
    CHARACTERS,
    st.sampled_from(
        [
            ".",
            "[a-c]",
            "[^a]",
            "[^\\n]",
            "[[:alpha:]_-]",
            "[]a]",
            "[^]a]",
            "[^-b]",
            "[a\\]\\-]",
            "[[:^digit:]]",
        ]
    ),
    st.sampled_from(['"a"', '"ab c"', '"\\n"', '"[*"', "{ONE}"]),
)


def several(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Patterns made of patterns. Counts only of small ones, or there are too many states."""
    few, any_number = st.sampled_from(["", "", "?", "{2}", "{1,3}"]), st.sampled_from(["", "*", "+", "{2,}"])
    part = st.one_of(
        st.tuples(FIXED, st.one_of(few, any_number)).map("".join),
        st.tuples(st.one_of(inner.map("({})".format), st.just("{SEVERAL}")), any_number).map("".join),
    )
    return st.lists(st.lists(part, min_size=1, max_size=3).map("".join), min_size=1, max_size=2).map("|".join)


PATTERNS = st.recursive(FIXED, several, max_leaves=4)


@st.composite
def rules(draw: st.DrawFn) -> str:
    """A rule. What is before a '/' matches at least one character, or the scanner would not get on."""
    where = draw(st.sampled_from(["", "", "", "<ONLY>", "<ALSO>", "<INITIAL,ONLY>", "<*>"]))
    begin = draw(st.sampled_from(["", "", "", "^"]))
    pattern = draw(PATTERNS)
    kind = draw(st.sampled_from(["", "", "", "$", "fixed head", "fixed tail"]))
    if kind == "$":
        pattern = f"{draw(CHARACTERS)}({pattern})$"
    elif kind == "fixed head":
        pattern = f"{draw(FIXED)}{draw(FIXED)}/{pattern}{draw(CHARACTERS)}"
    elif kind == "fixed tail":
        pattern = f"{draw(CHARACTERS)}({pattern})/{draw(FIXED)}"
    if pattern.startswith("<") and not where + begin:
        pattern = f"\\{pattern}"  # or it would begin a list of start conditions
    return where + begin + pattern


@st.composite
def made_up(draw: st.DrawFn) -> tuple[str, list[bytes]]:
    some = draw(st.lists(rules(), min_size=1, max_size=8))
    if draw(st.booleans()):
        some.append(draw(st.sampled_from(["<ONLY><<EOF>>", "<<EOF>>", "<INITIAL,ALSO><<EOF>>"])))
    if draw(st.booleans()):
        some = ["\n<ALSO,ONLY>{", *some, "\n}", *draw(st.lists(rules(), max_size=3))]
    some.append(r"<*>\n")  # flex does not count the lines that end with a newline which no rule matches
    options = draw(st.sampled_from(["", "caseless", "full 8bit", "always-interactive"]))
    lexer = Lexer(
        options,
        f"ONE a\nSEVERAL b|{draw(PATTERNS).replace('{SEVERAL}', '{ONE}')}\n%x ONLY\n%s ALSO\n",
        some,
        3,
    )
    yymore = not any("/" in rule or "$" in rule for rule in some)  # flex counts wrongly with both
    pieces = st.lists(st.sampled_from([*'aabbcABC019_-.,<"[* \t\n\n\0\r\xff', "ab c", "ab"]), max_size=60)
    texts = draw(st.lists(pieces.map(lambda text: "".join(text).encode("latin-1")), min_size=4, max_size=10))
    return lexer.text(lexers.ALL_TRICKS if yymore else lexers.NO_YYMORE), texts


@settings(  # without shrinking: each try compiles two programs
    max_examples=25, deadline=None, suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)  # fmt: skip
@given(case=made_up())
def test_made_up_lexers(tmp_path_factory: pytest.TempPathFactory, case: tuple[str, list[bytes]]) -> None:
    text, inputs = case
    folder = tmp_path_factory.mktemp("lex")
    (folder / "x.l").write_text(text)
    for number, content in enumerate(inputs):
        (folder / f"{number}").write_bytes(content)
    assume("states" not in lexers.lex("-t", "x.l", cwd=folder).stderr)  # more than there can be
    try:
        lexers.same(folder / "x.l", *(str(number) for number in range(len(inputs))))
    except lexers.FlexFailed:
        reject()  # it loses the end of its buffer, with yymore() at the end of a file


# --- what actions and other code may call

INCLUDE = r"""
%option noyywrap stack nounput
%x IN
%{
static FILE *opened(const char *name) { FILE *file = fopen(name, "r"); if (!file) exit(9); return file; }
static void scan(int depth);
%}
%%
"<"[a-z]+">"    {
                    yytext[yyleng - 1] = 0;
                    yypush_buffer_state(yy_create_buffer(opened(yytext + 1), YY_BUF_SIZE));
                }
"("             yy_push_state(IN); printf("in ");
<IN>")"         yy_pop_state(); printf("out of %d ", YY_START);
<IN>"("         printf("top %d ", yy_top_state()); yy_push_state(INITIAL);
")"             yy_pop_state();
x               yymore();
[a-w]+          printf("%s ", yytext);
"/*"            { int c; while ((c = input()) != 0 && c != '*') ; }
<*>\n           printf("%d\n", YY_AT_BOL());
<IN>.           ;
<<EOF>>         { yypop_buffer_state(); if (!YY_CURRENT_BUFFER) yyterminate(); }
%%
int main(void) { yyin = opened("a"); while (yylex()) ; return 0; }
"""

WRAP = r"""
%option yylineno
%%
    if (0) printf("never\n");
    /* a comment */
ab$       printf("end ");
^ab       printf("begin ");
a/b       printf("a before b ");
\n        printf(" line %d\n", yylineno);
[a-z]     |
"."       printf("%s%d ", yytext, yylineno); REJECTED
%{
    /* C code between rules is copied */
%}
%%
static int files;
int yywrap(void) {
    if (files++ == 2)
        return 1;
    yyin = fopen(files == 1 ? "b" : "a", "r");
    return !yyin;
}
int main(void) { yyin = fopen("a", "r"); yylex(); printf("%d\n", yylineno); return 0; }
""".replace("REJECTED", "/* REJECT */")

FILES = {"a": b"a<b>c\nxxa(((a)))a /*\n**/b xa\nabab\nab", "b": b"b<c>\nq(/*", "c": b"", "d": b"a\0b"}


@pytest.mark.parametrize("text", [INCLUDE, WRAP], ids=["include", "wrap"])
def test_what_actions_call(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.l").write_text(text)
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    assert lexers.same(tmp_path / "x.l").count(b"\n") > 4


def test_reads_no_further_than_it_must(tmp_path: Path) -> None:
    """A person who types gets the answer to a line before the next."""
    (tmp_path / "x.l").write_text('%option noyywrap\n%%\n[a-z]+\\n printf("<%s>", yytext); fflush(stdout);\n')
    lexers.lex("-o", "x.ours.c", "x.l", cwd=tmp_path)
    (tmp_path / "main.c").write_text("int yylex(void); int main(void) { return yylex(); }\n")
    scanner = lexers.compile_scanner(tmp_path / "x.ours.c", "main.c")
    with subprocess.Popen([scanner], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        for word in (b"a\n", b"bcd\n"):
            process.stdin.write(word)
            process.stdin.flush()
            assert process.stdout.read(len(word) + 2) == b"<" + word + b">"
        process.stdin.close()


def test_two_runs_are_equal(tmp_path: Path) -> None:
    (tmp_path / "x.l").write_text(WRAP)
    for name in ("1.c", "2.c"):
        assert lexers.lex("-o", name, "x.l", cwd=tmp_path).returncode == 0
    assert (tmp_path / "1.c").read_bytes() == (tmp_path / "2.c").read_bytes()
    assert lexers.lex("-t", "x.l", cwd=tmp_path).stdout == (tmp_path / "1.c").read_text()


def test_a_rule_that_never_matches_is_reported(tmp_path: Path) -> None:
    (tmp_path / "x.l").write_text("%%\n[a-z]+ ;\n\nif ;\n")
    done = lexers.lex("x.l", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "lex: x.l:4: warning: this rule never matches\n")
    assert (tmp_path / "lex.yy.c").exists()


# --- errors


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "x.l:1: no %% follows"),
        ("a b\n", "x.l:2: no %% follows"),
        ("%{\nint i;\n", "x.l:1: no %} ends this"),
        ("\n/* a\n", "x.l:2: the comment does not end"),
        ("%%\n\n[ab c\n", "x.l:3: the class of characters does not end in this line"),
        ("%%\n[a\\", "x.l:2: nothing follows the '\\'"),
        ("%%\n[z-a] ;\n", "x.l:2: the range in the class of characters goes backwards"),
        ("%%\n[a-c-e] ;\n", "x.l:2: '-' between what is no two characters"),
        ("%%\n[[:alfa:]] ;\n", "x.l:2: no class of characters has the name [:alfa:]"),
        ('%%\na"b ;\n', "x.l:2: the string does not end in this line"),
        ("%%\n<NONE>a ;\n", "x.l:2: no start condition has the name NONE"),
        ("%%\n<>a ;\n", "x.l:2: the name of a start condition expected"),
        ("%x A\n%%\n<A]a ;\n", "x.l:3: '>' expected behind the start conditions"),
        ("%x A B A\n%%\n", "x.l:1: the start condition A is there already"),
        ("%%\nx{none} ;\n", "x.l:2: {none} is not defined"),
        ("%%\nx{a ;\n", "x.l:2: '}' expected behind {a"),
        ("a b{a}\n%%\n{a} ;\n", "x.l:3: {a} contains itself"),
        ("a b c\n%%\n{a} ;\n", "x.l:3: in the definition of {a}, this can't follow:  c"),
        ("a ^b\n%%\n{a} ;\n", "x.l:3: {a} has a '^' or '$' in it"),
        ("a\n%%\n", "x.l:1: the definition of a is empty"),
        ("a b\na c\n%%\n", "x.l:2: a is defined already"),
        ("%%\n(a ;\n", "x.l:2: a ')' is missing"),
        ("%%\na) ;\n", "x.l:2: this can't follow in a pattern: ) ;"),
        ("%%\na|| ;\n", "x.l:2: a pattern is missing"),
        ("%%\n*a ;\n", "x.l:2: '*' follows nothing that it could belong to"),
        ("%%\na{3,2} ;\n", "x.l:2: so often a pattern can't be repeated"),
        ("%%\na{99999} ;\n", "x.l:2: "),
        ("%%\n((((a{999}){999}){999}){999}) ;\n", "x.l:2: the patterns are too large"),
        ("%%\n(a|b)*a(a|b){20} ;\n", "the scanner has more than 32767 states"),
        ("%%\na*/b* ;\n", "x.l:2: what is before the '/' and what is behind it both vary in length"),
        ("%%\na/b/c ;\n", "x.l:2: this can't follow in a pattern: /c"),
        ("%%\n(?i:a) ;\n", "x.l:2: (? is not supported"),
        ("%%\na {\n;\n", "x.l:2: the action does not end"),
        ("%x A\n%%\n<A>{\na ;\n", "a '}' is missing behind the last rule"),
        ("%x A\n%%\n<A>{ b\na ;\n", "x.l:3: this can't follow here: b"),
        ("%%\na { if (1) REJECT; }\n", "x.l:2: REJECT is not supported"),
        ("%option noyywrap reentrant\n%%\n", "x.l:1: the option reentrant is not supported"),
        ("%option nosuch\n%%\n", "x.l:1: the option nosuch is not supported"),
        ("%array\n%%\n", "x.l:1: %array and %top are not supported"),
        ("%y\n%%\n", "x.l:1: a name expected"),
        ("%%\na\0b ;\n", "a byte 0 is in this file"),
    ],
)
def test_one_clear_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "x.l").write_text(text)
    done = lexers.lex("-o", "x.c", "x.l", cwd=tmp_path)
    assert done.returncode == 1
    assert message in done.stderr
    assert done.stderr.startswith("lex: x.l:")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "x.c").exists()


def test_files_that_are_not_there(tmp_path: Path) -> None:
    done = lexers.lex("none.l", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "lex: none.l: No such file or directory\n")
    (tmp_path / "x.l").write_text("%%\na ;\n")
    done = lexers.lex("-o", "none/x.c", "x.l", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "lex: none/x.c: No such file or directory\n")
    for arguments in ([], ["-z", "x.l"], ["x.l", "x.l"], ["-o"]):
        done = lexers.lex(*arguments, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (1, "usage: lex [-List] [-o FILE] FILE.l\n")


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(alphabet='ab%{}<>[]()"\\/|^$*+?-:=,.{2} \n\tEOFxs', max_size=80),
    first=st.sampled_from(["", "%%\n", "%x A\n"]),
)
def test_no_text_confuses_it(tmp_path_factory: pytest.TempPathFactory, text: str, first: str) -> None:
    """It makes a scanner or says in one line why not; the sanitizers watch."""
    file = tmp_path_factory.getbasetemp() / "any.l"
    file.write_text(first + text)
    done = lexers.lex("-t", file)
    if done.returncode == 1:
        assert done.stdout == ""
        assert re.fullmatch(r"(?:.*warning.*\n)*lex: \S+any\.l:\d+: .+\n", done.stderr)
