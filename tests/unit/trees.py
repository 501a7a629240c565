# SPDX-License-Identifier: GPL-3.0-or-later
"""Trees of files, compared."""

from __future__ import annotations

import os
from pathlib import Path


def contents(top: Path) -> dict[str, object]:
    """What an archive or a disk must keep of a tree: names, kinds, contents, and what can be executed."""
    found: dict[str, object] = {}
    for path in top.rglob("*"):
        name = str(path.relative_to(top))
        if path.is_symlink():
            found[name] = path.readlink()
        elif path.is_dir():
            found[name] = "folder"
        else:
            found[name] = (path.read_bytes(), os.access(path, os.X_OK))
    return found
