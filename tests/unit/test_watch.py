# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from lib.meter import Usage
from lib.monitor import Silent
from lib.watch import TAIL, Watch

A, B = "a" * 64, "b" * 64


class Clock:
    """Each look at it takes a second."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


def watch(*steps: str) -> tuple[Watch, list[tuple[str, str]], io.StringIO]:
    done: list[tuple[str, str]] = []
    log = io.StringIO()
    made = Watch(steps, log, Silent(), lambda *event: done.append(event), lambda: Usage(2.5, 7), Clock())
    return made, done, log


def test_a_run_from_beginning_to_end() -> None:
    watching, done, log = watch("one", "two")
    lines = ["#: step one", "noise", f"#: done one {A}", "#: step two", f"#: done two {B}"]
    assert [watching.line(line) for line in lines] == [False] * 5
    assert watching.line("#: end")
    assert done == [("one", A), ("two", B)]
    cost = {"seconds": 1.0, "cpu": 2.5, "memory": 7}
    assert watching.costs == {"one": cost, "two": cost}
    assert watching.has_ended
    assert watching.undone() == []
    assert log.getvalue() == "\n".join([*lines, "#: end\n"])


def test_what_is_packed_later_keeps_its_own_time() -> None:
    watching, done, _ = watch("one", "two")
    for line in ("#: step one", "#: step two", f"#: done one {A}", f"#: done two {B}"):
        watching.line(line)
    assert [name for name, _ in done] == ["one", "two"]
    assert [watching.costs[name]["seconds"] for name in ("one", "two")] == [1.0, 1.0]


def test_a_failure_ends_it() -> None:
    watching, _, _ = watch("one")
    watching.line("#: step one")
    assert watching.line("#: fail one file:3: no\r")
    assert (watching.current, watching.failure, watching.has_ended) == ("one", "file:3: no", False)


def test_lines_of_others_do_not_count() -> None:
    watching, done, _ = watch("one", "two")
    for line in (
        "#: step three",
        f"#: done three {A}",
        "#: fail three x",
        f"#: done two {B}",
        "#: step one",
        "#: step one",
        f"#: done one {A}",
        f"#: done one {B}",
    ):
        assert not watching.line(line)
    assert done == [("one", A)]
    assert watching.undone() == ["two"]


def test_the_tail_is_that_of_the_current_step_without_the_kernel() -> None:
    watching, _, _ = watch("one", "two")
    for line in ("#: step one", "old", "#: step two", *map(str, range(30)), "", "[    2.07] Call Trace:"):
        watching.line(line)
    assert list(watching.tail) == [str(number) for number in range(30 - TAIL, 30)]


@given(st.lists(st.one_of(st.text(), st.sampled_from(["#: step one", f"#: done one {A}", "#: step two"]))))
def test_garbage_changes_nothing(lines: list[str]) -> None:
    watching, done, log = watch("one")
    for line in lines:
        if watching.line(line):
            break
    assert [name for name, _ in done] in ([], ["one"])
    assert log.getvalue().startswith("".join(f"{line}\n" for line in lines[:1]))
