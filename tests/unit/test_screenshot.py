# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures of the documents are what the screen showed, pixel by pixel."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from tests.screenshot import HIGH, WIDE, Screen

COLOURS = st.sampled_from([b"\0\0\0", b"\xaa\xaa\xaa", b"\xaa\0\0", b"\0\0\xaa"])
CELL = st.one_of(
    COLOURS.map(lambda colour: [colour] * (WIDE * HIGH)),
    st.lists(COLOURS, min_size=WIDE * HIGH, max_size=WIDE * HIGH),
)


@st.composite
def pictures(draw: st.DrawFn) -> bytes:
    """As QEMU writes them."""
    wide, high = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    lines: list[bytes] = []
    for _ in range(high):
        cells = draw(st.lists(CELL, min_size=wide, max_size=wide))
        lines += [
            b"".join(b"".join(cell[WIDE * down : WIDE * (down + 1)]) for cell in cells)
            for down in range(HIGH)
        ]
    return b"P6\n%d %d\n255\n" % (WIDE * wide, HIGH * high) + b"".join(lines)


@given(pictures())
def test_there_and_back(ppm: bytes) -> None:
    screen = Screen.of_ppm(ppm)
    svg = screen.svg()
    ET.fromstring(svg)
    assert Screen.of_svg(svg) == screen
    assert Screen.of_svg(screen.last(1).svg()) == Screen(screen.rows[-1:])


@given(pictures())
def test_one_cell_differs(ppm: bytes) -> None:
    screen = Screen.of_ppm(ppm)
    changed = Screen.of_ppm(ppm[:-1] + bytes([ppm[-1] ^ 1]))
    assert screen.differences(screen) == 0
    assert screen.differences(changed) == 1
