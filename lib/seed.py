# SPDX-License-Identifier: GPL-3.0-or-later
"""The seed: the only bytes of a system that no earlier step made."""

from __future__ import annotations

from pathlib import Path

from lib import hex0
from lib.errors import UserError


def read(system: Path) -> bytes:
    """The seed's bytes, from the commented hex in a system's folder."""
    path = system / "seed/seed.hex0"
    where = path.relative_to(system.parent).as_posix()
    try:
        return hex0.decode(path.read_text(encoding="utf-8"), where)
    except FileNotFoundError:
        raise UserError(f"{where}: no such file", "restore it with git checkout") from None
