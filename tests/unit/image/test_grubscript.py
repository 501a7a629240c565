# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.image.entry import MenuError
from lib.image.grubscript import Command, For, Function, If, Part, While, parse

CHECK = shutil.which("grub-script-check")


def test_a_script_as_a_tree() -> None:
    parsed = parse(
        'if a; then b "c $d"e; else f; fi\nfunction g { h; }\nuntil i; do j; done\nfor k in l; do m; done\n'
    )
    assert not parsed.errors
    condition, function, loop, each = parsed.block
    assert isinstance(condition, If)
    assert isinstance(function, Function)
    assert isinstance(loop, While)
    assert isinstance(each, For)
    assert loop.until
    ((_, body),) = condition.branches
    assert isinstance(body[0], Command)
    assert body[0].words[1] == (
        Part("quoted", ""), Part("quoted", "c "), Part("quoted variable", "d"), Part("text", "e"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("a\n\nb $", 'line 3: a "$"'),
        ("fi", ""),
        ("if a", "line 1: unexpected end"),
        ("a {\nb\n", "line 3: unexpected end"),
        ("a { b } c", 'unexpected "c"'),
        ("for 1 in a; do b; done", 'unexpected "1"'),
        ("for a of b; do b; done", 'unexpected "of"'),
        ("for a in b; c; done", 'unexpected "c"'),
        ("function 1 { b; }", 'unexpected "1"'),
        ("function a b", 'unexpected "b"'),
        ("a | b", 'unexpected "|"'),
        ("{ a; }", 'unexpected "{"'),
        ('"', 'line 1: " without another one'),
    ],
)
def test_mistakes_are_found_on_their_lines(script: str, said: str) -> None:
    errors = parse(script).errors
    assert said in errors[0] if said else not errors


def test_too_much_is_refused() -> None:
    with pytest.raises(MenuError, match="levels deep"):
        parse("if a; then\n" * 1000)
    with pytest.raises(MenuError, match="too long a word"):
        parse("a" + "\\b" * 100000)


TRIED = """\
a|b1|'x y'|"x $a"|$a|${a}| |;|{|}|if a|then|else|elif a|fi|for a in b|do|done|while a|until a|function f|in|=
menuentry x {|# c|\\|$|'|"|&|[ a = b ]|a=b|$a$|"\\""|<|!|a{|}b|a\\;b|"a|b"|$"c"|a#|;;|if a; then b; fi
while a; do b; done|for a in b c; do d; done|menuentry x { a; }|function f { a; }|if a; then b; else c; fi"""
PIECES = st.sampled_from([*TRIED.replace("|", "\n").split("\n"), "\n", "|", "\\\n", ";\n"])


@pytest.mark.skipif(CHECK is None, reason="grub-script-check is not there")
@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=12).map(lambda pieces: " ".join(pieces) + "\n"))
def test_what_grub_understands_is_understood_here(script: str) -> None:
    done = subprocess.run([str(CHECK)], input=script.encode(), capture_output=True, check=False)
    if done.returncode == 0:
        assert not parse(script).errors
