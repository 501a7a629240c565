# SPDX-License-Identifier: GPL-3.0-or-later
"""FAT12, FAT16 and FAT32 with long names, read only.

Sections are those of Microsoft's "FAT: General Overview of On-Disk Format", version 1.03.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from lib.image.medium import Damaged, Medium
from lib.image.tree import Node, Tree

ENTRY = 32
"""Bytes of a directory entry."""
FOLDER, LABEL, LONG_NAME = 0x10, 0x08, 0x0F
"""Attributes: of a folder, of the entry that is the volume's label, of a piece of a long name."""
FAT16_CLUSTERS, FAT32_CLUSTERS = 4085, 65525
"""The fewest clusters of each: their number alone decides which of the three it is."""
_FOLDER_LIMIT = 65536 * ENTRY  # the specification has no larger ones


@dataclass(frozen=True)
class Shape:
    """What the first sector says, in bytes where nothing else is said."""

    bits: int
    """12, 16 or 32: of an entry in the table."""
    cluster: int
    clusters: int
    table: int
    """Where the first table begins."""
    root: int
    """Where FAT12 and FAT16 have their root folder; FAT32: its first cluster's number."""
    root_size: int
    """Of FAT12 and FAT16."""
    data: int
    """Where cluster 2 begins."""
    size: int
    """Of the file system."""
    label: str
    serial: int


def shape(medium: Medium) -> Shape | None:
    """How a FAT file system is laid out; None if the first sector is none of one."""
    if medium.size < 512:
        return None
    first = medium.read(0, 512)
    sector, per_cluster, reserved, tables, entries, small, kind, short_table = struct.unpack_from(
        "<HBHBHHBH", first, 11
    )
    (large,) = struct.unpack_from("<I", first, 32)
    if (
        first[0] not in (0xEB, 0xE9)
        or sector not in (512, 1024, 2048, 4096)
        or per_cluster not in (1, 2, 4, 8, 16, 32, 64, 128)
        or reserved == 0
        or tables not in (1, 2)
        or (kind < 0xF8 and kind != 0xF0)
    ):
        return None
    long_table, root = struct.unpack_from("<I4xI", first, 36)
    table = short_table or long_table
    sectors = small or large
    root_sectors = -(-entries * ENTRY // sector)
    data = reserved + tables * table + root_sectors
    if table == 0 or sectors <= data:
        return None
    clusters = (sectors - data) // per_cluster
    bits = 12 if clusters < FAT16_CLUSTERS else 16 if clusters < FAT32_CLUSTERS else 32
    if bits == 32 and (short_table or entries):
        return None
    if bits != 32 and not (short_table and entries):
        return None
    extended = 64 if bits == 32 else 36  # where the drive's number is, with serial and label behind it
    with_label = first[extended + 2] == 0x29
    return Shape(
        bits=bits,
        cluster=per_cluster * sector,
        clusters=clusters,
        table=reserved * sector,
        root=root if bits == 32 else (reserved + tables * table) * sector,
        root_size=entries * ENTRY,
        data=data * sector,
        size=sectors * sector,
        label=_text(first[extended + 7 : extended + 18]) if with_label else "",
        serial=struct.unpack_from("<I", first, extended + 3)[0] if with_label else 0,
    )


def detect(medium: Medium) -> Fat | None:
    """The FAT file system on a medium; None if there is none."""
    found = shape(medium)
    return Fat(medium, found) if found else None


class Fat(Tree):
    """A file system of one of the three kinds."""

    kind = "vfat"
    folds = True

    def __init__(self, medium: Medium, found: Shape) -> None:
        super().__init__()
        self.medium = medium
        self.shape = found
        self.uuid = f"{found.serial >> 16:04X}-{found.serial & 0xFFFF:04X}"
        # The label in the root counts: only that one is changed by most systems.
        self.label = found.label if found.label != "NO NAME" else ""
        try:
            for entry in self._entries(self._root()):
                if entry[11] & (FOLDER | LABEL) == LABEL and entry[11] != LONG_NAME and entry[0] != 0xE5:
                    self.label = _text(entry[:11])
                    break
        except Damaged:  # the names are needed later, and it is said then
            pass

    def _root(self) -> Node:
        return Node("folder", 0, self.shape.root if self.shape.bits == 32 else 0)

    def _list(self, folder: Node) -> dict[str, Node]:
        found: dict[str, Node] = {}
        long: dict[int, bytes] = {}
        checksum = -1
        for entry in self._entries(folder):
            attributes = entry[11]
            if entry[0] == 0xE5:
                long.clear()
            elif attributes & 0x3F == LONG_NAME:
                if entry[0] & 0x40:  # the last piece comes first
                    long, checksum = {}, entry[13]
                long[entry[0] & 0x1F] = entry[1:11] + entry[14:26] + entry[28:32]
            elif attributes & LABEL:
                long.clear()
            else:
                pieces = [long.get(number + 1) for number in range(len(long))]
                name = _short(entry)
                if long and None not in pieces and checksum == name_checksum(entry[:11]):
                    text = b"".join(piece for piece in pieces if piece).decode("utf-16-le", errors="replace")
                    name = text.split("\0")[0]
                long = {}
                high, low, size = struct.unpack_from("<H4xHI", entry, 20)
                cluster = (high << 16 if self.shape.bits == 32 else 0) | low
                if name in ("", ".", "..") or "/" in name:
                    continue
                if attributes & FOLDER:
                    # 0 means the root, which is in no folder but as "..".
                    found.setdefault(name, Node("folder" if cluster else "other", 0, cluster))
                else:
                    found.setdefault(name, Node("file", size, ("file", cluster)))
        return found

    def _content(self, file: Node, limit: int) -> bytes:
        data = bytearray()
        size = self.shape.cluster
        for cluster in self._chain(file.place[1], -(-limit // size)):
            data += self.medium.read(self._place(cluster), min(size, limit - len(data)))
        if len(data) < limit:
            raise Damaged(f"a file of the FAT file system is {limit} bytes long, and has {len(data)}")
        return bytes(data)

    def _entries(self, folder: Node) -> Iterator[bytes]:
        """The entries of a folder up to its end."""
        if folder.place == 0:
            data = self.medium.read(self.shape.root, self.shape.root_size)
        else:
            size = self.shape.cluster
            chain = self._chain(folder.place, max(1, _FOLDER_LIMIT // size))
            data = b"".join(self.medium.read(self._place(cluster), size) for cluster in chain)
        for at in range(0, len(data), ENTRY):
            if data[at] == 0:
                return
            yield data[at : at + ENTRY]

    def _chain(self, cluster: int, limit: int) -> Iterator[int]:
        """The numbers of a file's clusters, not more than `limit`: a chain may run in a circle."""
        bits = self.shape.bits
        end = {12: 0xFF8, 16: 0xFFF8, 32: 0x0FFFFFF8}[bits]
        for _ in range(limit):
            if cluster >= end:
                return
            if not 2 <= cluster < self.shape.clusters + 2:
                raise Damaged(
                    f"a file of the FAT file system lies in cluster {cluster}, which does not exist"
                )
            yield cluster
            if bits == 12:  # two entries in three bytes
                (pair,) = struct.unpack("<H", self.medium.read(self.shape.table + cluster * 3 // 2, 2))
                cluster = pair >> 4 if cluster & 1 else pair & 0xFFF
            elif bits == 16:
                (cluster,) = struct.unpack("<H", self.medium.read(self.shape.table + cluster * 2, 2))
            else:
                (cluster,) = struct.unpack("<I", self.medium.read(self.shape.table + cluster * 4, 4))
                cluster &= 0x0FFFFFFF

    def _place(self, cluster: int) -> int:
        return self.shape.data + (cluster - 2) * self.shape.cluster


def name_checksum(short: bytes) -> int:
    """Of a short name's eleven bytes, as each piece of its long name has it (section 7.2)."""
    total = 0
    for byte in short:
        total = ((total & 1) << 7 | total >> 1) + byte & 0xFF
    return total


def _short(entry: bytes) -> str:
    """A short name; NT's flags in byte 12 say which of its halves are lower case."""
    raw = entry[:11].replace(b"\x05", b"\xe5", 1) if entry[0] == 5 else entry[:11]
    name, suffix = (half.decode("cp437").rstrip(" ") for half in (raw[:8], raw[8:]))
    if entry[12] & 0x08:
        name = name.lower()
    if entry[12] & 0x10:
        suffix = suffix.lower()
    return re.sub(r"[\x00-\x1f/]", "_", f"{name}.{suffix}" if suffix else name)


def _text(data: bytes) -> str:
    return data.decode("cp437").split("\0")[0].strip()
