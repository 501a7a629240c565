# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures of a benchmark as tables, for the terminal and for docs/performance.md."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from lib.errors import UserError
from tests.bench import timing
from tests.bench.sections import START
from tests.bench.trace import Counts

_BEGIN, _END = "<!-- figures: written by tests/bench/run --write -->\n", "<!-- end of the figures -->\n"


@dataclass(frozen=True)
class Figures:
    """All that one benchmark measured; times in seconds."""

    chroot: dict[str, float]
    """By section."""
    command: float
    """`./rootfs.py --chroot --until hello --no-store` as a whole."""
    counts: dict[str, Counts]
    qemu: dict[str, float]
    """By section; empty if it was not measured."""
    reference: float
    machine: str
    version: str

    def as_json(self) -> dict[str, object]:
        """For other programs."""
        return dataclasses.asdict(self)


def tables(figures: Figures) -> str:
    """Markdown that is also readable as it is."""
    unit = figures.reference
    rows = [["section", "chroot", "/ref", *(["QEMU", "/ref"] if figures.qemu else [])]]
    rows[0] += ["programs", "system calls", "page faults", "memory"]
    for name in dict.fromkeys([*figures.chroot, *figures.qemu]):
        rows.append([name, *_time(figures.chroot.get(name), unit)])
        if figures.qemu:
            rows[-1] += _time(figures.qemu.get(name), unit)
        counts = figures.counts.get(name)
        rows[-1] += _counts(counts) if counts and name != START else [""] * 4
    all_counts = [counts for name, counts in figures.counts.items()]
    total = Counts(
        sum(each.programs for each in all_counts),
        sum(each.system_calls for each in all_counts),
        sum(each.page_faults for each in all_counts),
        max(each.memory for each in all_counts),
    )
    rows.append(["all", *_time(sum(figures.chroot.values()), unit)])
    if figures.qemu:
        rows[-1] += _time(sum(figures.qemu.values()), unit)
    rows[-1] += _counts(total)
    rows.append(["the command as a whole", *_time(figures.command, unit)])
    rows[-1] += [""] * (len(rows[0]) - len(rows[-1]))
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "| " + " | ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) + " |"
        for row in rows
    ]
    lines.insert(
        1, "|" + "|".join(["-" * (widths[0] + 2), *("-" * (width + 1) + ":" for width in widths[1:])]) + "|"
    )
    lines += ["", f"ref: `{timing.REFERENCE}` of the same sources took {unit:.2f} s. {figures.machine}."]
    return "\n".join(lines)


def write(path: Path, figures: Figures) -> None:
    """Replace the tables in a document."""
    text = path.read_text(encoding="utf-8")
    before, begin, rest = text.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise UserError(f"{path}: the marks around the figures are gone")
    path.write_text(f"{before}{begin}\n{tables(figures)}\n\n{end}{after}", encoding="utf-8")


def _time(seconds: float | None, unit: float) -> list[str]:
    return ["", ""] if seconds is None else [f"{seconds * 1000:.0f} ms", f"{seconds / unit:.3f}"]


def _counts(counts: Counts) -> list[str]:
    return [
        str(counts.programs),
        str(counts.system_calls),
        str(counts.page_faults),
        f"{counts.memory / (1 << 20):.1f} MB",
    ]
