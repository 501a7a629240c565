# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures that the project makes claims about: opaque bytes, hand-written lines, steps and sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lib import seed
from lib.manifest import recipe_files
from lib.plan import Chain

_HASH = re.compile(r"\s*[#;]")
_KAEM = re.compile(r"\s*#")
_COMMENTS = {".hex0": _HASH, ".hex1": _HASH, ".hex2": _HASH, ".M1": _HASH, ".kaem": _KAEM}
_C = (".c", ".h")
_C_TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


@dataclass(frozen=True)
class Figures:
    """What `inspect` prints."""

    opaque_bytes: int
    handwritten_lines: dict[str, int]
    """By the stage's folder: sysa/seed, sysa/stage0/NN-name."""
    steps: list[dict[str, object]]

    def as_json(self) -> dict[str, object]:
        """The form with the documented keys."""
        return {
            "opaque_bytes": self.opaque_bytes,
            "handwritten_lines": sum(self.handwritten_lines.values()),
            "handwritten_lines_by_stage": self.handwritten_lines,
            "steps": self.steps,
        }

    def as_text(self) -> str:
        """The form for people."""
        lines = [
            f"Opaque bytes: {self.opaque_bytes} (the seed)",
            "",
            "Hand-written lines (not blank, not comment):",
        ]
        lines += [f"  {count:6}  {stage}" for stage, count in self.handwritten_lines.items()]
        lines += [f"  {sum(self.handwritten_lines.values()):6}  in all", "", "Steps:"]
        for step in self.steps:
            lines.append(f"  {step['name']:<16} {step['what']}")
            sources = step["sources"]
            assert isinstance(sources, list)
            lines += [f"  {'':<16}   from {name}" for name in sources]
        return "\n".join(lines)


def of(chain: Chain) -> Figures:
    """The figures of a chain."""
    return Figures(
        len(seed.read(chain.system.folder)),
        dict(_by_stage(chain.system.folder)),
        [
            {"name": step.name, "what": step.what, "runner": step.runner, "sources": list(step.sources)}
            for step in chain.steps
        ],
    )


def _by_stage(system: Path) -> Iterator[tuple[str, int]]:
    stages = [system / "seed", *sorted((system / "stage0").glob("*"))]
    for stage in stages:
        if stage.is_dir():
            yield (
                stage.relative_to(system.parent).as_posix(),
                sum(count(path) for path in recipe_files(stage)),
            )


def count(path: Path) -> int:
    """Lines of code in a file; none in one that is no code."""
    if path.suffix in _C:
        text = _C_TOKEN.sub(_without_comment, path.read_text(encoding="utf-8"))
        return sum(bool(line.strip()) for line in text.split("\n"))
    comment = _COMMENTS.get(path.suffix)
    if comment is None:
        return 0
    lines = path.read_text(encoding="utf-8").split("\n")
    return sum(bool(line.strip()) and not comment.match(line) for line in lines)


def _without_comment(token: re.Match[str]) -> str:
    """C strings stay; comments leave their line ends."""
    text = token[0]
    return "\n" * text.count("\n") if text.startswith("/") else text
