# SPDX-License-Identifier: GPL-3.0-or-later
"""The GUID partition table (UEFI specification 2.10, 5.3)."""

from __future__ import annotations

import dataclasses
import struct
import zlib
from dataclasses import dataclass
from uuid import UUID

from lib.image.medium import Damaged, Medium

ESP = UUID("C12A7328-F81F-11D2-BA4B-00A0C93EC93B")
"""The type of an EFI system partition."""
TYPES = {
    ESP: "EFI system",
    UUID("21686148-6449-6E6F-744E-656564454649"): "BIOS boot",
    UUID("0FC63DAF-8483-4772-8E79-3D69D8477DE4"): "Linux",
    UUID("4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709"): "Linux root (x86-64)",
    UUID("BC13C2FF-59E6-4262-A352-B275FD6F7172"): "Linux boot",
    UUID("0657FD6D-A4AB-43C4-84E5-0933C84B4F4F"): "swap",
    UUID("E6D6D379-F507-44C2-A23C-238F2A3DF928"): "Linux LVM",
    UUID("EBD0A0A2-B9E5-4433-87C0-68B6B72699C7"): "Microsoft basic data",
    UUID("E3C9E316-0B5C-4DB8-817D-F92DF00215AE"): "Microsoft reserved",
    UUID("48465300-0000-11AA-AA11-00306543ECAC"): "HFS+",
}
"""Names of the types that images have."""

MAGIC = b"EFI PART"
HEADER = 92
"""Bytes of the header that are in use."""
_HEADER = struct.Struct("<8s4sII4xQQQQ16sQIII")
_ENTRY = struct.Struct("<16s16sQQQ72s")
_TABLE_LIMIT = 1 << 20  # bytes of the table; usual are 16 KiB
_EMPTY = UUID(int=0)


@dataclass(frozen=True)
class Entry:
    """A partition."""

    number: int
    type: UUID
    uuid: UUID
    first: int
    last: int
    """Its last sector, which still belongs to it."""
    name: str


@dataclass(frozen=True)
class Gpt:
    """A header with its table. All places are numbers of sectors."""

    sector: int
    """Bytes of one."""
    here: int
    """Where this header is."""
    other: int
    """Where its copy is: the primary one's on the last sector."""
    first_usable: int
    last_usable: int
    disk: UUID
    table_at: int
    entry_size: int
    table: bytes

    @property
    def count(self) -> int:
        """How many entries there is room for."""
        return len(self.table) // self.entry_size

    @property
    def table_sectors(self) -> int:
        """The length of the table."""
        return -(-len(self.table) // self.sector)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The partitions."""
        found = []
        for number in range(1, self.count + 1):
            raw = self.table[(number - 1) * self.entry_size :][: _ENTRY.size]
            kind, uuid, first, last, _, name = _ENTRY.unpack(raw)
            if any(kind):
                text = name.decode("utf-16-le", errors="replace").split("\0")[0]
                found.append(Entry(number, UUID(bytes_le=kind), UUID(bytes_le=uuid), first, last, text))
        return tuple(found)

    def free(self) -> int | None:
        """The number behind the last one in use; otherwise any free one; None if there is none."""
        used = {entry.number for entry in self.entries}
        numbers = [number for number in range(1, self.count + 1) if number not in used]
        return next(
            (number for number in numbers if number > max(used, default=0)), next(iter(numbers), None)
        )

    def with_entry(self, entry: Entry) -> Gpt:
        """The same with a partition put into the table."""
        raw = _ENTRY.pack(
            entry.type.bytes_le,
            entry.uuid.bytes_le,
            entry.first,
            entry.last,
            0,
            entry.name.encode("utf-16-le"),
        )
        at = (entry.number - 1) * self.entry_size
        return dataclasses.replace(self, table=self.table[:at] + raw + self.table[at + len(raw) :])

    def ending_at(self, last: int) -> Gpt:
        """The same with its copy on another sector; before that lies the copy's table."""
        return dataclasses.replace(self, other=last, last_usable=last - self.table_sectors - 1)

    def backup(self) -> Gpt:
        """The copy of this one that lies at the disk's end."""
        return dataclasses.replace(
            self, here=self.other, other=self.here, table_at=self.other - self.table_sectors
        )

    def header(self) -> bytes:
        """The header's sector."""
        fields = (
            MAGIC, b"\0\0\1\0", HEADER, 0, self.here, self.other, self.first_usable, self.last_usable,
            self.disk.bytes_le, self.table_at, self.count, self.entry_size, zlib.crc32(self.table),
        )  # fmt: skip
        data = _HEADER.pack(*fields)
        data = data[:16] + struct.pack("<I", zlib.crc32(data)) + data[20:]
        return data.ljust(self.sector, b"\0")


def is_there(medium: Medium, sector: int) -> bool:
    """Whether a disk with such sectors has a header where the primary one belongs."""
    return medium.size >= 2 * sector and medium.read(sector, 8) == MAGIC


def read(medium: Medium, sector: int, at: int = 1) -> Gpt:
    """The header on a sector and its table; a Damaged that says what is wrong with them."""
    data = medium.read(at * sector, sector)
    magic, _, size, checksum, here, other, first, last, disk, table_at, count, entry_size, table_sum = (
        _HEADER.unpack_from(data)
    )
    if magic != MAGIC:
        raise _bad(at, "is not there")
    if not HEADER <= size <= sector:
        raise _bad(at, f"claims to be {size} bytes long")
    if zlib.crc32(data[:16] + bytes(4) + data[20:size]) != checksum:
        raise _bad(at, "has a wrong checksum")
    if here != at:
        raise _bad(at, f"says that it is on sector {here}")
    if entry_size < _ENTRY.size or entry_size % 8 or not 0 < count * entry_size <= _TABLE_LIMIT:
        raise _bad(at, f"has {count} entries of {entry_size} bytes")
    table = medium.read(table_at * sector, count * entry_size)
    if zlib.crc32(table) != table_sum:
        raise _bad(at, "has a table with a wrong checksum")
    return Gpt(sector, here, other, first, last, UUID(bytes_le=disk), table_at, entry_size, table)


def _bad(at: int, what: str) -> Damaged:
    return Damaged(
        f"the GUID partition table's header on sector {at} {what}",
        "repair it (`sgdisk` or `gdisk` can), or fetch the image again",
    )
