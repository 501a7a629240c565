# SPDX-License-Identifier: GPL-3.0-or-later
"""The journey as a picture (SVG), made from the manifests: the systems side by side, their steps in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from lib.plan import Chain

_WIDTH, _LINE, _GAP, _TOP = 250, 19, 110, 76
_COLOURS = {"none": "#f4c95d", "seed": "#f2e3b3", "kaem": "#cfe3d4", "sh": "#d6e4f0"}
_RUNNERS = {
    "none": "given, to be read",
    "seed": "run by the seed",
    "kaem": "run by kaem",
    "sh": "run by a shell",
}
_WHERE = {"sysa": "in memory", "sysc": "on a disk"}


def of(chain: Chain) -> str:
    """The picture, as the text of an SVG file."""
    columns = [("sysa", [step.name for step in chain.system.steps])]
    columns += [(system.name, [step.name for step in system.steps]) for system in chain.later]
    runners = {step.name: step.runner for step in chain.steps}
    height = _TOP + _LINE * max(len(names) for _, names in columns) + 70
    width = 20 + len(columns) * (_WIDTH + _GAP)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="13">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for number, (name, steps) in enumerate(columns):
        lines += _column(20 + number * (_WIDTH + _GAP), name, steps, runners)
    for number, system in enumerate(chain.later):
        left = 20 + number * (_WIDTH + _GAP) + _WIDTH
        lines += _change(left, len(system.takes))
    lines += _legend(height - 24)
    return "\n".join([*lines, "</svg>", ""])


def _column(left: int, name: str, steps: Sequence[str], runners: dict[str, str]) -> Iterator[str]:
    yield _text(left + _WIDTH // 2, 30, name, "18", anchor="middle")
    yield _text(left + _WIDTH // 2, 50, _WHERE.get(name, ""), "12", anchor="middle")
    for row, step in enumerate(steps):
        top = _TOP + row * _LINE
        yield (
            f'<rect x="{left}" y="{top}" width="{_WIDTH}" height="{_LINE - 3}" rx="3"'
            f' fill="{_COLOURS[runners[step]]}"/>'
        )
        yield _text(left + 8, top + 12, step, "12")


def _change(left: int, taken: int) -> Iterator[str]:
    """Between two systems: what changes over, and with how much."""
    middle = left + _GAP // 2
    line = f"M {left + 6} {_TOP + 20} H {left + _GAP - 14} m -7 -5 l 8 5 l -8 5"
    yield f'<path d="{line}" fill="none" stroke="#555"/>'
    for row, text in enumerate(("kexec", "our kernel", "sysb", "", f"{taken} packages", "go along")):
        yield _text(middle, _TOP + 40 + row * 16, text, "12", anchor="middle")


def _legend(top: int) -> Iterator[str]:
    for number, (runner, text) in enumerate(_RUNNERS.items()):
        left = 20 + number * 150
        yield f'<rect x="{left}" y="{top - 11}" width="14" height="14" rx="3" fill="{_COLOURS[runner]}"/>'
        yield _text(left + 20, top, text, "12")


def _text(left: int, top: int, text: str, size: str, anchor: str = "start") -> str:
    return f'<text x="{left}" y="{top}" font-size="{size}" text-anchor="{anchor}">{escape(text)}</text>'
