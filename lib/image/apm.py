# SPDX-License-Identifier: GPL-3.0-or-later
"""Apple's partition map (Inside Macintosh: Devices, chapter 3), which hybrid ISOs have for old Macintoshes.

Its blocks have 512 or 2048 bytes. With 2048 it leaves room for a GUID partition table's header at byte 512.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from lib.image.medium import Medium

MAGIC = b"PM"
_ENTRIES = 63  # as many as fit before an ISO 9660's descriptors


@dataclass(frozen=True)
class Entry:
    """A partition, in bytes."""

    start: int
    size: int
    name: str
    type: str


@dataclass(frozen=True)
class Map:
    """All of them."""

    block: int
    entries: tuple[Entry, ...]

    @property
    def end(self) -> int:
        """Where the map itself ends, in bytes."""
        return self.block * (1 + len(self.entries))


def read(medium: Medium) -> Map | None:
    """The map of a disk; None if there is none."""
    for block in (512, 2048):
        if medium.size < 2 * block or medium.read(block, 2) != MAGIC:
            continue
        (count,) = struct.unpack(">I", medium.read(block + 4, 4))
        entries = []
        for number in range(1, min(count, _ENTRIES) + 1):
            if medium.size < (number + 1) * block:
                break
            data = medium.read(number * block, 80)
            if data[:2] != MAGIC:
                break
            start, size = struct.unpack_from(">II", data, 8)
            name, kind = (part.split(b"\0")[0].decode("mac-roman") for part in (data[16:48], data[48:80]))
            entries.append(Entry(start * block, size * block, name, kind))
        return Map(block, tuple(entries))
    return None
