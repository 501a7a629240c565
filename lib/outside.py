# SPDX-License-Identifier: GPL-3.0-or-later
"""Sees what a step does to the root beyond its own package: files written, changed or removed elsewhere.

It looks when a step's package has come, while the guest goes on with the next step. What counts is what
changed before the package was written: that cannot be the next step's.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

_OWN = frozenset({"build", "destdir", "dev", "packages", "proc", "tmp"})
"""Folders of the root in which steps may write, and those that are not files."""


class Outside:
    """The files of a root that are no step's to change."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._seen = dict(_files(root))

    def changed_by(self, packed: Path, names: Collection[str]) -> list[str]:
        """The paths that a step has changed, though they are not in its package.

        packed  its package, as it was written in the root
        names   what is in the package
        """
        now = dict(_files(self._root))
        end = packed.stat().st_ctime_ns
        found = [
            path
            for path, time in now.items()
            if time != self._seen.get(path) and time <= end and path not in names
        ]
        gone = [path for path in self._seen if path not in now]
        # What is younger is the next step's, and to be looked at when that has ended.
        self._seen = {path: time for path, time in now.items() if time <= end or path in names}
        return sorted({f"/{path}" for path in found + gone})


def _files(root: Path) -> Iterator[tuple[str, int]]:
    """Path and time of the last change of every file that no step may change."""
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(root / folder) as entries:
                for entry in entries:
                    path = f"{folder}{entry.name}"
                    if entry.is_dir(follow_symlinks=False):
                        if path not in _OWN:
                            folders.append(f"{path}/")
                    else:
                        yield path, entry.stat(follow_symlinks=False).st_ctime_ns
        except FileNotFoundError:
            continue
