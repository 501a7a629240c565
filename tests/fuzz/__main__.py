# SPDX-License-Identifier: GPL-3.0-or-later
"""Fuzzes the readers of images: python3 lib/deps.py requirements-dev.txt -m tests.fuzz TARGET [OPTION...]

What is fed to them are images that others' programs made, with changes that coverage guides. It ends with
what broke them, or in peace. Options are libFuzzer's: -max_total_time=SECONDS (60 otherwise), -runs=N,
-seed=N.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Callable
from typing import Any

atheris: Any = importlib.import_module("atheris")  # which not everybody has, mypy neither

with atheris.instrument_imports(include=["lib"]):
    from lib.errors import UserError
    from lib.image import convert, efi, medium, show, survey, undo
    from tests.unit.image import disks, makers

_BASES: dict[str, list[bytes]] = {
    "filesystems": [makers.image(name) for name in makers.MAKERS if name != "fat32.img"],
    "images": [disks.image(name) for name in disks.DISKS],
}


def filesystems(on: medium.Medium) -> None:
    """All that a file system shows."""
    makers.explore(on)


def images(on: medium.Medium) -> None:
    """What `inspect` prints, what `efi` would do, and how that is undone."""
    found = survey.of(on)
    "\n".join(show.lines(found)).encode()
    record = convert.record_of(found)
    if record is not None:
        convert.changed_since(record, on)
    efi.target(found, efi.ByHand())
    plan = convert.plan(found, second=True)
    packed = plan.record().pack()
    assert undo.read(medium.of_bytes(packed), 0) == plan.record()
    assert all(plan.start % 512 == 0 and 0 <= change.offset < plan.size for change in plan.changes)


_TARGETS: dict[str, Callable[[medium.Medium], None]] = {"filesystems": filesystems, "images": images}


def main(argv: list[str]) -> None:
    if len(argv) < 2 or argv[1] not in _TARGETS:
        sys.exit(f"python -m tests.fuzz {'|'.join(_TARGETS)} [OPTION...]")
    target, bases = _TARGETS[argv[1]], _BASES[argv[1]]

    def one(data: bytes) -> None:
        source = atheris.FuzzedDataProvider(data)
        base = bases[source.ConsumeIntInRange(0, len(bases) - 1)]
        changes: list[tuple[int, bytes]] = []
        while source.remaining_bytes() > 4 and len(changes) < 32:
            near = source.ConsumeIntInRange(0, 3)  # most of what matters is at the beginning
            at = source.ConsumeIntInRange(0, min(len(base), (4096, 40960, 131072, len(base))[near]) - 1)
            changes.append((at, source.ConsumeBytes(source.ConsumeIntInRange(1, 16))))
        cut = source.ConsumeIntInRange(0, len(base)) if source.ConsumeBool() else len(base)
        with contextlib.suppress(UserError):
            target(makers.changed(base, changes).part(0, cut))

    limits = ["-max_len=600", "-len_control=0", "-timeout=60", "-rss_limit_mb=2048"]
    atheris.Setup([argv[0], *limits, *(argv[2:] or ["-max_total_time=60"])], one)
    atheris.Fuzz()


main(sys.argv)
