# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib import console
from lib.console import Done, Ended, Event, Failed, Started, parse

names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._+-]*", fullmatch=True)
digests = st.text("0123456789abcdef", min_size=64, max_size=64)


@given(names, digests, st.sampled_from(["", "\r", "  ", "\t\r"]))
def test_whole_lines_are_understood_whatever_blanks_follow(name: str, digest: str, end: str) -> None:
    assert parse(f"#: step {name}{end}") == Started(name)
    assert parse(f"#: done {name} {digest}{end}") == Done(name, digest)
    assert parse(f"#: fail {name} line 3: no{end}") == Failed(name, "line 3: no")
    assert parse(f"#: end{end}") == Ended()


@given(st.text())
def test_garbage_never_raises(text: str) -> None:
    parse(text)
    parse(console.PREFIX + text)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "#:",
        "#: ",
        "#:end",
        " #: end",
        "# end",
        "x#: end",
        "#: end now",
        "#: step",
        "#: step a b",
        "#: step ../a",
        "#: done a",
        f"#: done a {'0' * 63}",
        f"#: done a {'G' * 64}",
        f"#: done a {'A' * 64}",
        "#: fail a",
        "#: fail",
        "#: steps a",
        "\x1b[0m#: end",
        "#: step \udcff",
    ],
)
def test_what_only_looks_like_it_is_nothing(line: str) -> None:
    nothing: Event | None = parse(line)
    assert nothing is None
