# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run built, as one JSON file that can be checked offline."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from lib import __version__, digest
from lib.errors import UserError
from lib.layout import Target

FORMAT = 1
COSTS = ("seconds", "cpu", "memory", "size")
"""What building a step took: fields of StepResult that the store remembers."""


@dataclass
class StepResult:
    """One step of a run."""

    name: str
    result: str
    """given (the seed), built, stored (taken from the store), failed, or waiting."""
    identity: str | None = None
    digest: str | None = None
    pinned: str | None = None
    seconds: float | None = None
    """By the clock. These and what follows: when the package was built, be it in an earlier run."""
    cpu: float | None = None
    """Seconds of processor time, all processors together."""
    memory: int | None = None
    """Bytes at the peak."""
    size: int | None = None
    """Bytes of the package."""
    system: str = "sysa"


@dataclass
class Report:
    """A whole run."""

    vessel: str
    seed: str
    """Digest of the seed's bytes."""
    result: str = "failed"
    """complete or failed."""
    reason: str = ""
    from_seed: bool = False
    """Whether every step was built in this run: nothing came from the store."""
    seconds: float = 0.0
    facts: dict[str, str] = field(default_factory=dict)
    """Of the vessel: its kernel, the kernel's digest, the accelerator."""
    steps: list[StepResult] = field(default_factory=list)
    version: str = __version__
    format: int = FORMAT

    def write(self, path: Path) -> None:
        """Replace the report at `path`."""
        new = path.with_suffix(".new")
        new.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")
        new.replace(path)


def read(path: Path) -> Report:
    """The report of an earlier run."""
    again = "make one with ./rootfs.py --chroot"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise UserError(f"{path}: a report of another version (format {content['format']})", again)
        steps = [StepResult(**step) for step in content.pop("steps")]
        return Report(**content, steps=steps)
    except FileNotFoundError:
        raise UserError(f"there is no report {path}", again) from None
    except (ValueError, TypeError, KeyError) as error:
        raise UserError(f"{path}: not a report: {error}", again) from None


def steps_of(path: Path) -> dict[str, StepResult]:
    """The steps of an earlier run by name; none if there is no report that can be read."""
    try:
        return {step.name: step for step in read(path).steps}
    except (UserError, OSError):
        return {}


def verify(report: Report, target: Target, pins: Mapping[str, str]) -> list[str]:
    """What is wrong with a finished run: its packages against the report, and both against the pins."""
    wrong = [] if report.result == "complete" else [f"the run did not end well: {report.reason}"]
    for step in report.steps:
        if step.result == "given":
            continue
        tar = target.root_of(step.system) / "packages" / f"{step.name}.tar"
        if step.digest is None:
            wrong.append(f"{step.name}: no digest was recorded")
        elif tar.exists() and digest.of_file(tar) != step.digest:
            wrong.append(f"{tar}: not the package that the report speaks of")
        elif not tar.exists() and report.vessel == "chroot":
            wrong.append(f"{tar}: missing")
        if tar.name in pins and step.digest not in (None, pins[tar.name]):
            wrong.append(f"{step.name}: package {step.digest}, pinned {pins[tar.name]}")
    return wrong
