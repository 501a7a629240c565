# SPDX-License-Identifier: GPL-3.0-or-later
"""Scanners made by our lex and by flex, side by side: they have to find the same tokens.

Of a lexer only the patterns are taken. Each action becomes one that prints what was matched, and now and then
does one of the things that actions do: reads on, puts characters back, switches the start condition.
"""

from __future__ import annotations

import atexit
import functools
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e import cli

SOURCE = cli.BASE / "sysa/steps/lex/files/lex.c"
WARN = ["-std=c99", "-Wall", "-Wextra", "-Werror"]
SANITIZED = ["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
# lex never frees; and a sanitizer's complaint must not look like an error that was reported properly.
ENVIRONMENT = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0:exitcode=99", "UBSAN_OPTIONS": "exitcode=99"}


@functools.cache
def program() -> Path:
    """Our lex, by the host's gcc with its sanitizers."""
    folder = Path(tempfile.mkdtemp(prefix="seedroot-lex-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    subprocess.run(["gcc", *WARN, *SANITIZED, "-o", folder / "lex", SOURCE], check=True)
    return folder / "lex"


def lex(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run our lex. A sanitizer's complaint or a hang fails the test."""
    done = subprocess.run(
        [program(), *arguments], cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True, timeout=300,
        check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    return done


def needs(tool: str) -> None:
    """Skip if the host has no such program."""
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")


def make(file: Path) -> dict[str, Path]:
    """Make FILE.ours.c and FILE.flex.c out of FILE.l. None may complain of what the other does not."""
    needs("flex")
    made = {who: file.with_suffix(f".{who}.c") for who in ("ours", "flex")}
    done = lex("-o", made["ours"].name, file.name, cwd=file.parent)
    assert done.returncode == 0, done.stderr
    other = subprocess.run(
        ["flex", "-o", made["flex"].name, file.name], cwd=file.parent, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert other.returncode == 0, other.stderr
    return made


def compile_scanner(c: Path, *more: str | Path, flags: Sequence[str] = ()) -> Path:
    """Compile a scanner: ours with the sanitizers."""
    to = c.with_suffix("")
    checks = SANITIZED if c.name.endswith(".ours.c") else ["-O1"]
    subprocess.run(["gcc", "-w", *checks, *flags, "-o", to, c, *more], cwd=c.parent, check=True)
    return to


def run(
    scanner: Path, *arguments: str | Path, cwd: Path | None = None, stdin: bytes = b""
) -> tuple[int, bytes]:
    """What a scanner prints, and its exit status."""
    done = subprocess.run(
        [scanner, *arguments], cwd=cwd, input=stdin, env=ENVIRONMENT, timeout=300, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert done.returncode != 99, done.stdout[-4000:].decode(errors="replace")
    return done.returncode, done.stdout


class FlexFailed(Exception):  # noqa: N818 - not an error of ours
    """A scanner of flex's gave up, which then says nothing about ours."""


def same(file: Path, *arguments: str | Path, flags: Sequence[str] = (), more: Sequence[Path] = ()) -> bytes:
    """Make a lexer by both, compile and run it. They must do the same. Returns what they print."""
    ours, theirs = (
        run(compile_scanner(c, *more, flags=flags), *arguments, cwd=file.parent) for c in make(file).values()
    )
    if b"fatal flex scanner internal error" in theirs[1]:
        raise FlexFailed
    assert ours == theirs
    return ours[1]


DRIVER = r"""
%{
#define CONDITIONS %d
#define TRICKS %d
static int count, want;
static int token(int rule);
/* what actions do besides returning: everything flex has that does not depend on luck */
#define do_rule(rule) \
    switch (token(rule)) { \
    case 1: yyless(yyleng - yyleng / 2); printf("[%s]", yytext); break; \
    case 2: yymore(); break; \
    case 3: unput('a'); break; \
    case 4: want = input(); printf("(%d)", want); break; \
    case 5: unput('\n'); unput('b'); unput(' '); break; \
    case 6: want = YY_START; BEGIN((want + 1) % CONDITIONS); break; \
    case 7: want = input(); want = input(); if (want > 0) unput(want); break; \
    }
%}
"""

MAIN = r"""
static int token(int rule) {
    int i;
    printf("%d %d %d:", rule, yylineno, YY_START);
    for (i = 0; i < yyleng; i++)
        printf(yytext[i] > ' ' && yytext[i] <= '~' ? "%c" : "\\%02x", yytext[i] & 255);
    putchar('\n');
    if (yytext[yyleng] != 0)
        printf("no 0 at the end\n");
    if (yyleng == 0 || ++count > 100000)
        exit(3); /* a rule whose text is all behind its '/' would match for ever */
    return count * 7 % 5 ? 0 : (TRICKS >> count / 5 % 8 & 1) * (count / 5 % 8);
}
int main(int argc, char **argv) {
    int i;
    for (i = 1; i < argc; i++) {
        yyin = fopen(argv[i], "rb");
        if (i % 2)
            yyrestart(yyin);
        BEGIN(i % CONDITIONS);
        count = i;
        yylineno = 1;
        while (yylex())
            printf("returned\n");
        printf("end of %s\n", argv[i]);
    }
    return 0;
}
"""

ALL_TRICKS, NO_YYMORE = 0xFF, 0xFB


@dataclass(frozen=True)
class Lexer:
    """The patterns of a lexer, and what they need."""

    options: str
    definitions: str
    rules: Sequence[str]
    """Pattern by pattern; what is no pattern (<A>{ and }) begins with a newline."""
    conditions: int

    def text(self, tricks: int) -> str:
        lines = [f"%option noyywrap yylineno yymore {self.options}", self.definitions]
        lines.append(DRIVER.replace("%d", str(self.conditions), 1).replace("%d", str(tricks), 1))
        lines.append("%%")
        number = 0
        for rule in self.rules:
            if rule.startswith("\n"):
                lines.append(rule[1:])
            elif "<<EOF>>" in rule:
                lines.append(f'{rule} printf("EOF\\n"); yyterminate();')
            else:
                number += 1
                lines.append(f"{rule} do_rule({number})")
        return "\n".join([*lines, "%%", MAIN])


COMMENT = r"/\*(?:[^*]|\*+[^*/])*\*+/"
PATTERN = re.compile(
    r"""(?:"(?:\\.|[^"\\])*" | \[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\] | \\. | <<EOF>> | [^\s"\[\\])+""",
    re.VERBOSE,
)
ACTION = re.compile(rf"""{COMMENT} | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' | [{{}}\n] | .""", re.VERBOSE)


def patterns_of(source: str) -> Lexer:
    """Take the patterns out of a lexer."""
    first, second = re.split(r"^%%.*\n", source, flags=re.MULTILINE)[:2]
    first = re.sub(r"^%\{.*?^%\}", "", first, flags=re.MULTILINE | re.DOTALL)
    first = re.sub(rf"^{COMMENT}", "", first, flags=re.MULTILINE)
    first = re.sub(r"\b(?:yylineno|stack|noyy_top_state|nodefault|noinput|nounput|noyywrap)\b", "", first)
    rules: list[str] = []
    at = 0
    while at < len(second):
        line = second[at : second.find("\n", at) + 1 or None]
        blank = line[:1].isspace() or line.startswith("%{")
        if found := re.compile(rf"[ \t]*(?:{COMMENT}[ \t]*)?\n").match(second, at):
            at = found.end()
        elif not rules and blank:
            at += len(line)
        elif found := re.compile(rf"[ \t]*(\}}|<[^>\n]*>\{{)[ \t]*(?:{COMMENT})?[ \t]*\n").match(second, at):
            rules.append("\n" + found[1])
            at = found.end()
        else:
            found = PATTERN.match(second, at + len(line) - len(line.lstrip()))
            assert found, line
            rules.append(found[0])
            at, depth = found.end(), 0
            while second[at] != "\n" or depth > 0:
                found = ACTION.match(second, at)
                assert found
                depth += {"{": 1, "}": -1}.get(found[0], 0)
                at = found.end()
    conditions = 1 + sum(len(names.split()) for names in re.findall(r"^%[sx]\s(.*)", first, re.MULTILINE))
    return Lexer("", first, rules, conditions)
