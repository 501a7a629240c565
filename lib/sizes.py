# SPDX-License-Identifier: GPL-3.0-or-later
"""Sizes as users write and read them: 512M, 2G."""

from __future__ import annotations

import re

from lib.errors import UserError

HINT = "write it like 512M or 2G"
_SHIFT = {"K": 10, "M": 20, "G": 30, "T": 40, "": 20}


def parse(text: str, option: str) -> int:
    """Bytes of "512M", "1G", "2097152K"; a plain number counts MiB. `option` is named if it is no size."""
    match = re.fullmatch(r"([0-9]{1,12})([KMGTkmgt]?)", text)
    if match is None:
        raise UserError(f"{option} {text}: not a size", HINT)
    return int(match[1]) << _SHIFT[match[2].upper()]


def show(size: int) -> str:
    """The shortest text that `parse` reads back; rounded up to whole MiB."""
    mebibytes = -(-size >> 20)
    for unit, shift in ("T", 20), ("G", 10):
        if mebibytes and mebibytes % (1 << shift) == 0:
            return f"{mebibytes >> shift}{unit}"
    return f"{mebibytes}M"
