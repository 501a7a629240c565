# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib import sizes
from lib.errors import UserError


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("512M", 512 << 20), ("1G", 1 << 30), ("1g", 1 << 30), ("524288K", 512 << 20), ("256", 256 << 20),
        ("2T", 2 << 40), ("0", 0),
    ],
)  # fmt: skip
def test_sizes(text: str, size: int) -> None:
    assert sizes.parse(text, "--size") == size


@pytest.mark.parametrize("text", ["", "G", "-1G", "1.5G", "1 G", "1GB", "1P", "٣G", "1G\n"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(UserError, match=r"(?s)--disk-size .*: not a size") as caught:
        sizes.parse(text, "--disk-size")
    assert "512M" in caught.value.hint


@given(st.text())
def test_any_text_is_a_size_or_an_error(text: str) -> None:
    with contextlib.suppress(UserError):
        assert sizes.parse(text, "--size") >= 0


@pytest.mark.parametrize(
    ("size", "text"),
    [(1 << 30, "1G"), (1536 << 20, "1536M"), (3 << 40, "3T"), (1, "1M"), ((1 << 30) + 1, "1025M"), (0, "0M")],
)
def test_sizes_are_shown(size: int, text: str) -> None:
    assert sizes.show(size) == text


@given(st.integers(0, 1 << 20))
def test_what_is_shown_can_be_read(mebibytes: int) -> None:
    assert sizes.parse(sizes.show(mebibytes << 20), "--size") == mebibytes << 20
