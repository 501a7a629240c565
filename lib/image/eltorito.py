# SPDX-License-Identifier: GPL-3.0-or-later
"""How discs start: the boot catalogue.

"El Torito" Bootable CD-ROM Format Specification 1.0, and UEFI specification 2.10, 13.3.2.1.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from lib.image.iso9660 import SECTOR, Descriptor
from lib.image.medium import Damaged, Medium

BIOS, EFI = 0x00, 0xEF
"""Platforms."""
PLATFORMS = {BIOS: "BIOS", 0x01: "PowerPC", 0x02: "Macintosh", EFI: "EFI"}
SYSTEM = b"EL TORITO SPECIFICATION"

_ENTRY = 32
_BOOTABLE = 0x88
_MORE, _FINAL, _EXTENSION = 0x90, 0x91, 0x44  # section headers, and what an entry may go on with


@dataclass(frozen=True)
class Entry:
    """One thing that can be started."""

    platform: int
    bootable: bool
    emulates: int
    """0: nothing; 1 to 3: floppy disks; 4: a hard disk."""
    start: int
    """Sector of 2048 bytes."""
    count: int
    """Sectors of 512 bytes. 0 and 1 mean, to UEFI: to the end of the volume."""


@dataclass(frozen=True)
class Catalogue:
    """All of them."""

    offset: int
    """Where it is on the medium, in bytes."""
    data: bytes
    """Its sector."""
    entries: tuple[Entry, ...]
    end: int
    """Where in it another section can go."""
    last: int
    """Where in it the header of the last section is; 0 if there is only the first entry."""

    def with_efi(self, start: int) -> bytes | None:
        """Its sector with an entry for UEFI that begins at a sector; None if there is no room.

        The count of sectors has 16 bits, too few for any FAT32: it is 0, "to the end of the volume".
        """
        if any(self.data[self.end : self.end + 2 * _ENTRY]) or self.end + 2 * _ENTRY > len(self.data):
            return None
        data = bytearray(self.data)
        if self.last:
            data[self.last] = _MORE
        section = struct.pack("<BBH28x", _FINAL, EFI, 1) + struct.pack(
            "<BBHBBHI20x", _BOOTABLE, 0, 0, 0, 0, 0, start
        )
        data[self.end : self.end + len(section)] = section
        return bytes(data)


def read(medium: Medium, descriptors: list[Descriptor]) -> Catalogue | None:
    """The catalogue that a boot record names; None if there is no such record; a Damaged if it is unsound."""
    record = next(
        (one for one in descriptors if one.type == 0 and one.data[7 : 7 + len(SYSTEM)] == SYSTEM), None
    )
    if record is None:
        return None
    offset = struct.unpack_from("<I", record.data, 71)[0] * SECTOR
    data = medium.read(offset, SECTOR)
    total = sum(struct.unpack("<16H", data[:_ENTRY])) & 0xFFFF
    if data[0] != 1 or data[30:32] != b"\x55\xaa" or total != 0:
        raise Damaged("the disc's boot catalogue (El Torito) is damaged")
    found = [_entry(data[1], data[_ENTRY : 2 * _ENTRY])]
    at, last = 2 * _ENTRY, 0
    while at + _ENTRY <= SECTOR and data[at] in (_MORE, _FINAL):
        last, platform = at, data[at + 1]
        (count,) = struct.unpack_from("<H", data, at + 2)
        at += _ENTRY
        for _ in range(count):
            if at + _ENTRY > SECTOR:
                raise Damaged("the disc's boot catalogue (El Torito) claims to be longer than a sector")
            found.append(_entry(platform, data[at : at + _ENTRY]))
            at += _ENTRY
            while at + _ENTRY <= SECTOR and data[at] == _EXTENSION:
                at += _ENTRY
        if data[last] == _FINAL:
            break
    return Catalogue(offset, data, tuple(found), at, last)


def _entry(platform: int, raw: bytes) -> Entry:
    count, start = struct.unpack_from("<HI", raw, 6)
    return Entry(platform, raw[0] == _BOOTABLE, raw[1] & 0xF, start, count)
