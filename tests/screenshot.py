# SPDX-License-Identifier: GPL-3.0-or-later
"""Photographs the screen of a machine that UEFI starts, pixel by pixel, as a text that can be compared.

    python3 lib/deps.py requirements-dev.txt -m tests.screenshot IMAGE LINE SECONDS PICTURE.svg [ROWS]

IMAGE: on a USB stick. LINE: what the serial port has to say first. SECONDS: how long to wait from then on.
ROWS: only so many rows of characters, the last ones.
"""

from __future__ import annotations

import contextlib
import re
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from lib.machine import Machine
from tests.e2e import firmware

WIDE, HIGH = 8, 16  # pixels of a character, in the fonts of Linux's console and of Debian's installer
Cell = tuple[str, ...]
"""The colours of the pixels of one character, row by row."""


@dataclass(frozen=True)
class Screen:
    """The cells of a screen, row by row."""

    rows: tuple[tuple[Cell, ...], ...]

    @classmethod
    def of_ppm(cls, data: bytes) -> Screen:
        """Read a picture as QEMU writes it: PPM, "P6", with 255 as brightest (Netpbm, ppm(5))."""
        found = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", data)
        assert found is not None, data[:20]
        width, height = int(found[1]), int(found[2])
        assert len(data) - found.end() == 3 * width * height
        values = data[found.end() :].hex()
        colours = [f"#{values[at : at + 6]}" for at in range(0, len(values), 6)]
        return cls.of_pixels([colours[at : at + width] for at in range(0, len(colours), width)])

    @classmethod
    def of_pixels(cls, lines: Sequence[Sequence[str]]) -> Screen:
        """Cut lines of colours into cells."""
        return cls(
            tuple(
                tuple(
                    tuple(one for line in lines[top : top + HIGH] for one in line[left : left + WIDE])
                    for left in range(0, len(lines[0]), WIDE)
                )
                for top in range(0, len(lines), HIGH)
            )
        )

    def last(self, rows: int) -> Screen:
        """The lowest part of it; 0: all."""
        return Screen(self.rows[-rows:])

    def differences(self, other: Screen) -> int:
        """How many cells are not the same."""
        assert [len(row) for row in self.rows] == [len(row) for row in other.rows]
        pairs = zip(self.rows, other.rows, strict=True)
        return sum(one != two for rows in pairs for one, two in zip(*rows, strict=True))

    def svg(self) -> str:
        """A picture in which each shape of a character is written down once."""
        width, height = WIDE * len(self.rows[0]), HIGH * len(self.rows)
        shapes: dict[str, str] = {}
        body = [line for number, row in enumerate(self.rows) for line in _row(row, HIGH * number, shapes)]
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
                f' width="{width}" height="{height}" shape-rendering="crispEdges">',
                *(f'<defs><path id="{name}" d="{path}"/></defs>' for path, name in shapes.items()),
                *body,
                "</svg>",
                "",
            ]
        )

    @classmethod
    def of_svg(cls, text: str) -> Screen:
        """Read back what svg() has written."""
        size = re.search(r'viewBox="0 0 (\d+) (\d+)"', text)
        assert size is not None
        width, height = int(size[1]), int(size[2])
        pixels = [[""] * width for _ in range(height)]
        shapes = dict(re.findall(r'<path id="(\w+)" d="([^"]+)"/>', text))
        for down, row in re.findall(r'<g transform="translate\(0 (\d+)\)">\n(.*?)\n</g>\n', text, re.DOTALL):
            top = int(down)
            for left, wide, colour in re.findall(r'<rect x="(\d+)" width="(\d+)" .* fill="(#\w+)"/>', row):
                for line in pixels[top : top + HIGH]:
                    line[int(left) : int(left) + int(wide)] = [colour] * int(wide)
            for colour, used in re.findall(r'<g stroke="(#\w+)">(.*)</g>', row):
                for name, left in re.findall(r'<use href="#(\w+)" x="(\d+)"/>', used):
                    for at, below, wide in re.findall(r"M(\d+) (\d+)\.5h(\d+)", shapes[name]):
                        start = int(left) + int(at)
                        pixels[top + int(below)][start : start + int(wide)] = [colour] * int(wide)
        return cls.of_pixels(pixels)


def _row(row: Sequence[Cell], top: int, shapes: dict[str, str]) -> Iterator[str]:
    """The backgrounds of a row of characters, and on them the other colours."""
    grounds = [Counter(cell).most_common(1)[0][0] for cell in row]
    yield f'<g transform="translate(0 {top})">'
    left = 0
    for colour, cells in groupby(grounds):
        wide = WIDE * len(list(cells))
        yield f'<rect x="{left}" width="{wide}" height="{HIGH}" fill="{colour}"/>'
        left += wide
    used: dict[str, list[str]] = {}
    for number, (cell, ground) in enumerate(zip(row, grounds, strict=True)):
        for colour in sorted(set(cell) - {ground}):
            name = shapes.setdefault(_path(cell, colour), f"c{len(shapes)}")
            used.setdefault(colour, []).append(f'<use href="#{name}" x="{WIDE * number}"/>')
    yield from (f'<g stroke="{colour}">{"".join(uses)}</g>' for colour, uses in used.items())
    yield "</g>"


def _path(cell: Cell, colour: str) -> str:
    """The pixels of a colour, as lines through the middle of their rows."""
    path = ""
    for down in range(HIGH):
        at = 0
        for same, run in groupby(cell[WIDE * down : WIDE * (down + 1)]):
            wide = len(list(run))
            if same == colour:
                path += f"M{at} {down}.5h{wide}"
            at += wide
    return path


class Camera:
    """QEMU's monitor, which can write down what the screen shows."""

    def __init__(self, folder: Path) -> None:
        self._monitor = folder / "monitor"
        self._picture = folder / "picture"
        self.options = ["-device", "VGA", "-monitor", f"unix:{self._monitor},server,nowait"]

    def screen(self) -> Screen:
        """What the machine shows now."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self._monitor))
            for text in ("", f"screendump {self._picture}\n"):
                connection.sendall(text.encode())
                said = b""
                while not said.endswith(b"(qemu) ") or (text and b"\r\n" not in said):
                    said += connection.recv(4096)
        return Screen.of_ppm(self._picture.read_bytes())


@contextlib.contextmanager
def started(image: Path, folder: Path) -> Iterator[tuple[Machine, Camera]]:
    """A machine that UEFI starts from a stick, and a camera before it."""
    camera = Camera(folder)
    options = [*camera.options, *firmware.uefi(folder), *firmware.medium(image, "usb")]
    with firmware.machine(*options) as running:
        yield running, camera


def main(image: Path, line: str, seconds: float, picture: Path, rows: int) -> None:
    """Start, wait, and write the picture."""
    with tempfile.TemporaryDirectory() as name, started(image, Path(name)) as (running, camera):
        firmware.until(running, line)
        time.sleep(seconds)
        picture.write_text(camera.screen().last(rows).svg(), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) not in (5, 6):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]), Path(sys.argv[4]), int([*sys.argv, "0"][5]))
