# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib import hex0
from lib.errors import UserError


@given(st.binary(), st.sampled_from([" ", "\n", " # comment 12\n", " ; 34\n", ""]))
def test_bytes_survive_whatever_stands_between_them(data: bytes, between: str) -> None:
    assert hex0.decode(between.join(f"{byte:02x}" for byte in data), "x") == data


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("7F\n4", 2, "odd number"),
        ("7F\nzz 00", 2, "'z' is no hexadecimal digit"),
        ("# ok\n\n:label", 3, "':'"),
    ],
)
def test_mistakes_are_named_with_file_and_line(text: str, line: int, what: str) -> None:
    with pytest.raises(UserError, match=rf"^seed\.hex0:{line}: .*{what}") as caught:
        hex0.decode(text, "seed.hex0")
    assert caught.value.hint
