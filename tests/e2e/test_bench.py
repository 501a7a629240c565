# SPDX-License-Identifier: GPL-3.0-or-later
"""Budgets of the way from the seed to tcc: counts, and times in proportion to gcc's on the same machine."""

from __future__ import annotations

import shutil

import pytest

from lib.chroot import Chroot
from tests.bench import __main__ as bench
from tests.bench import table, timing, trace
from tests.bench.sections import PACKING, START, Sections

MEGABYTE = 1 << 20

SYSTEM_CALLS = {
    "hex2": 10,
    "M0": 10,
    "cc0": 40,
    "cc": 900,
    "tools": 2200,
    PACKING: 550,
    "tcc-0.9.27": 14000,
    "hello": 900,
}
"""At most; about a third more than there are, so that a step that reads or writes byte by byte is noticed."""


@pytest.fixture(scope="module")
def counts() -> dict[str, trace.Counts]:
    """Of one traced run."""
    with bench.bench() as ready:
        return trace.trace(ready.ready_root())


def test_system_calls(counts: dict[str, trace.Counts]) -> None:
    assert counts.keys() == {START, *SYSTEM_CALLS}
    too_many = {
        name: counts[name].system_calls
        for name, most in SYSTEM_CALLS.items()
        if counts[name].system_calls > most
    }
    assert too_many == {}
    assert sum(each.system_calls for each in counts.values()) < sum(SYSTEM_CALLS.values())


def test_memory(counts: dict[str, trace.Counts]) -> None:
    assert max(each.memory for each in counts.values()) < 64 * MEGABYTE
    assert counts["cc"].memory > MEGABYTE, "nothing was measured"


@pytest.mark.skipif(shutil.which("gcc") is None, reason="compares with gcc")
def test_time() -> None:
    with bench.bench() as ready:
        chroot = timing.fastest(lambda: ready.once(Chroot()), 3)
        reference = ready.reference()
    assert sum(chroot.values()) < reference, (
        "the whole chain takes less time than gcc -O1 takes for tcc alone"
    )


def test_sections() -> None:
    sections = Sections()
    seen = []
    for line in (
        "#: step a",
        "x",
        "/destdir/t/bin/kaem /sysa.kaem",
        "#: done a " + 64 * "0",
        "#: step b",
        "#: end",
    ):
        sections.line(line)
        seen.append(sections.current)
    assert seen == ["a", "a", PACKING, PACKING, "b", "b"]
    assert sections.ended
    with pytest.raises(RuntimeError, match="step b failed: bad luck"):
        sections.line("#: fail b bad luck")


def test_the_document_has_all_steps() -> None:
    text = bench.DOCUMENT.read_text(encoding="utf-8")
    with bench.bench() as ready:
        for step in ready.chain.system.steps:
            assert step.runner == "none" or f"\n| {step.name} " in text


def test_tables() -> None:
    figures = table.Figures(
        chroot={START: 0.001, "one": 0.5},
        command=0.75,
        counts={"one": trace.Counts(2, 30, 400, 5 * MEGABYTE)},
        qemu={},
        reference=2.0,
        machine="a machine",
        version="1",
    )
    lines = [line.replace(" ", "") for line in table.tables(figures).splitlines()]
    assert "|one|500ms|0.250|2|30|400|5.0MB|" in lines
    assert "|all|501ms|0.251|2|30|400|5.0MB|" in lines
    assert "|thecommandasawhole|750ms|0.375|||||" in lines
