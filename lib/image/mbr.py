# SPDX-License-Identifier: GPL-3.0-or-later
"""The partition table of the first sector (UEFI specification 2.10, 5.2), with extended partitions."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from lib.image.medium import Damaged, Medium

SECTOR = 512
TABLE, ENTRY, PRIMARY = 446, 16, 4
"""Where the table is, the bytes of an entry, and how many there are."""
SIGNATURE = b"\x55\xaa"
"""The sector's last bytes."""
ESP, PROTECTIVE = 0xEF, 0xEE
"""Types: an EFI system partition, and what stands for a GUID partition table."""
EXTENDED = (0x05, 0x0F, 0x85)
"""Types of a partition that has others in it."""
LAST = (1 << 32) - 1
"""The highest number that a sector can have: with 512 bytes each, 2 TiB."""
TYPES = {
    0x01: "FAT12", 0x04: "FAT16", 0x05: "extended", 0x06: "FAT16", 0x07: "NTFS or exFAT", 0x0B: "FAT32",
    0x0C: "FAT32", 0x0E: "FAT16", 0x0F: "extended", 0x17: "hidden NTFS (usual for hybrid ISOs)", 0x82: "swap",
    0x83: "Linux", 0x85: "extended", 0x8E: "Linux LVM", 0xA5: "FreeBSD", 0xA6: "OpenBSD", 0xAF: "HFS",
    0xCD: "ISO 9660", 0xEE: "GPT protective", 0xEF: "EFI system", 0xFD: "Linux RAID",
}  # fmt: skip
"""Names of the types that images have."""
_LOGICAL = 128  # logical partitions that are looked for: a chain may run in a circle


@dataclass(frozen=True)
class Entry:
    """A partition. Sectors count from the beginning of the disk."""

    number: int
    """As Linux counts: 1 to 4 are in the table, 5 and more in an extended partition."""
    active: bool
    type: int
    start: int
    size: int
    """In sectors."""

    @property
    def end(self) -> int:
        """The sector behind the last one."""
        return self.start + self.size


@dataclass(frozen=True)
class Mbr:
    """What the first sector says."""

    entries: tuple[Entry, ...]
    """The partitions in use."""
    code: bool
    """Whether there is anything that a BIOS could run."""
    unused: tuple[int, ...]
    """Numbers of entries of no size. Those of type 0 may have one: hybrid ISOs use it for the whole disc."""
    problems: tuple[str, ...] = ()

    @property
    def primary(self) -> tuple[Entry, ...]:
        """Those that the table itself has."""
        return tuple(entry for entry in self.entries if entry.number <= PRIMARY)

    @property
    def protective(self) -> Entry | None:
        """The entry that a firmware must find to believe that there is a GUID partition table."""
        return next((entry for entry in self.primary if entry.type == PROTECTIVE), None)

    def free(self) -> int | None:
        """The number behind the last one in use; otherwise any free one; None if all four are in use."""
        last = max((entry.number for entry in self.primary), default=0)
        behind = (number for number in self.unused if number > last)
        return next(behind, next(iter(self.unused), None))


def read(medium: Medium, sector: int = SECTOR) -> Mbr | None:
    """The table of a disk with such sectors; None if the first sector is not signed, or not with a table."""
    if medium.size < SECTOR:
        return None
    data = medium.read(0, SECTOR)
    if data[-2:] != SIGNATURE:
        return None
    raw = [data[TABLE + number * ENTRY :][:ENTRY] for number in range(PRIMARY)]
    if any(entry[0] & 0x7F for entry in raw):  # the boot sector of a file system: there is code here
        return None
    entries = [_entry(number, entry, 0) for number, entry in enumerate(raw, start=1)]
    used = [entry for entry in entries if entry.type and entry.size]
    logical, problems = _logical(medium, used, sector)
    unused = tuple(entry.number for entry in entries if not entry.size)
    return Mbr((*used, *logical), any(data[:440]), unused, problems)


def with_entry(data: bytes, number: int, kind: int, start: int, size: int) -> bytes:
    """A first sector with a partition put into its table; kind, start and size as in Entry.

    Nothing has asked for cylinders, heads and sectors in decades: they have the value that means "too far".
    """
    far = b"\xfe\xff\xff"
    at = TABLE + (number - 1) * ENTRY
    entry = b"\0" + far + bytes([kind]) + far + struct.pack("<II", start, size)
    return data[:at] + entry + data[at + ENTRY :]


def with_size(data: bytes, number: int, size: int) -> bytes:
    """A first sector with another size, in sectors, of a partition."""
    at = TABLE + (number - 1) * ENTRY + 12
    return data[:at] + struct.pack("<I", size) + data[at + 4 :]


def _entry(number: int, raw: bytes, base: int) -> Entry:
    start, size = struct.unpack_from("<II", raw, 8)
    return Entry(number, raw[0] == 0x80, raw[4], base + start, size)


def _logical(medium: Medium, primary: list[Entry], sector: int) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """The partitions in the first extended one: a chain of tables, each with one and a link to the next."""
    outer = next((entry for entry in primary if entry.type in EXTENDED), None)
    found: list[Entry] = []
    if outer is None:
        return (), ()
    at, seen = outer.start, set[int]()
    while len(found) < _LOGICAL:
        if at in seen:
            return tuple(found), ("the chain of logical partitions runs in a circle",)
        seen.add(at)
        try:
            data = medium.read(at * sector, SECTOR)
        except Damaged:
            return tuple(found), ("the chain of logical partitions leads out of the image",)
        if data[-2:] != SIGNATURE:
            return tuple(found), ("the chain of logical partitions is broken",)
        own = _entry(len(found) + 5, data[TABLE : TABLE + ENTRY], at)
        link = _entry(0, data[TABLE + ENTRY : TABLE + 2 * ENTRY], outer.start)
        if own.type and own.size and own.type not in EXTENDED:
            found.append(own)
        if link.type not in EXTENDED or not link.size:
            return tuple(found), ()
        at = link.start
    return tuple(found), (f"there are more than {_LOGICAL} logical partitions",)
