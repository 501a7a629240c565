# SPDX-License-Identifier: GPL-3.0-or-later
"""GCC's suite of C programs by the grown compilers: exactly what is known to fail does (docs/torture.md)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.conftest import Grown
from tests.torture import expected, suite
from tests.torture.compilers import COMPILERS, Compiler, Ready, present


def runs() -> Iterator[object]:
    """Compilers and levels; most take over a minute."""
    for compiler in present():
        for level in compiler.levels:
            slow = [] if level in compiler.quick else [pytest.mark.slow]
            yield pytest.param(compiler, level, marks=slow, id=f"{compiler.name}{level}")


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("compiler", "level"), list(runs()))
def test_what_is_known_to_fail_fails_and_nothing_else(grown: Grown, compiler: Compiler, level: str) -> None:
    known = expected.load().get(compiler.name, expected.Results())
    assert level in known.counts, "no results yet: tests/torture/run --write"
    ready = Ready.make(grown(compiler.step).root)
    of, failed = ready.run(compiler, level)
    found = expected.Results()
    found.add(level, of, failed, ready.tests, expected.reasons().get(compiler.name, []))
    better = sorted(known.failed[level].keys() - failed.keys())
    worse = {
        name: failed[name]
        for name, why in found.failed[level].items()
        if why != known.failed[level].get(name)
    }
    assert worse == {}
    assert better == [], "these pass by now: tests/torture/run --write"
    assert found.counts[level] == known.counts[level]


def test_the_document_has_the_results() -> None:
    results = expected.load()
    assert expected.tables(results) in expected.DOCUMENT.read_text("utf-8")
    for compiler in present():
        assert results[compiler.name].failed.keys() == set(compiler.levels)


def test_every_failure_has_a_reason_and_every_reason_a_failure() -> None:
    results = expected.load()
    reasons = expected.reasons()
    for compiler in COMPILERS:
        failed = results.get(compiler.name, expected.Results()).failed.values()
        why = {reason for table in failed for reason in table.values()}
        assert why == {reason.name for reason in reasons.get(compiler.name, [])}
        named = {name for reason in reasons.get(compiler.name, []) for name in reason.tests}
        assert named <= {name for table in failed for name in table}


def test_how_a_test_wants_to_be_compiled() -> None:
    texts = {
        "a.c": ['dg-options "-fwrapv -O2"', 'dg-additional-options "-fpic" { target fpic }'],
        "b.c": ['dg-options "-mno-eabi" { target powerpc-*-eabi* }', 'dg-options { "-fno-x" }'],
        "c.c": ['dg-options "-mtune=i686" { target { { i?86-*-* x86_64-*-* } && ia32 } }'],
        "d.c": ['dg-skip-if "more" { *-*-* } "-O1" ""', 'dg-options "-m" { target { x86_64-*-* } }'],
        "e.c": ["dg-require-effective-target noinit"],
        "f.h": [],
        "ieee/g.c": ['dg-options "-not-looked-at"'],
        "builtins/h.c": [],
    }
    files = {name: "".join(f"/* {{ {line} }} */\n" for line in lines) for name, lines in texts.items()}
    files["ieee/g.x"] = 'if x {\n    lappend additional_flags "-o"\n}\nlappend additional_flags "-fa" "-fb"\n'
    found = suite.tests(files)
    assert {name: (test.options, set(test.not_at)) for name, test in found.items()} == {
        "a": (("-fwrapv", "-O2", "-fpic"), set()),
        "b": (("-fno-x",), set()),
        "c": ((), set()),
        "d": (("-m",), {"-O1"}),
        "ieee/g": (("-fno-inline", "-fa", "-fb"), set()),
    }
