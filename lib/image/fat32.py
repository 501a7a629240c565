# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a FAT32 file system: the same files give the same bytes.

Sections are those of Microsoft's "FAT: General Overview of On-Disk Format", version 1.03.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

from lib.errors import UserError
from lib.image import fat

SECTOR = 512
_CLUSTER = SECTOR  # small ones, so that there are enough of them for a FAT32 in little room
_RESERVED, _TABLES = 32, 2  # sectors before the tables, and how many tables
_INFO, _COPY = 1, 6  # sectors of the count of free clusters, and of the copies of both
_END = 0x0FFFFFFF  # of a chain of clusters
_DAY = (2000 - 1980) << 9 | 1 << 5 | 1  # 2000-01-01, for all files
_ARCHIVE = 0x20
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_+.-]{0,99}(?<!\.)")
_SHORT = re.compile(r"[A-Z0-9_-]{1,8}(\.[A-Z0-9_-]{1,3})?")


@dataclass
class _Folder:
    """A folder that is being filled."""

    folders: dict[str, _Folder] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


def make(
    files: Mapping[str, bytes], size: int, label: str, serial: int, hidden: int = 0
) -> list[tuple[int, bytes]]:
    """A file system as pieces: where in it, and what; all else is zeros.

    files   by path, "EFI/Boot/bootx64.efi"; a UserError if they do not fit
    size    in bytes, a multiple of 512, at least 34 MiB
    label   up to eleven characters
    serial  a number of 32 bits, which stands for a UUID
    hidden  sectors of the disk before it
    """
    sectors = size // SECTOR
    table = -(-(sectors - _RESERVED + 2) // (SECTOR // 4 + _TABLES))  # sectors of one: section 3.5, solved
    clusters = sectors - _RESERVED - _TABLES * table
    assert clusters >= fat.FAT32_CLUSTERS
    writer = _Writer(clusters)
    writer.add(_tree(files), label)
    chains = struct.pack(f"<{len(writer.chains)}I", *writer.chains)
    free = clusters - (len(writer.chains) - 2)
    boot = _boot(sectors, table, label, serial, hidden)
    info = struct.pack("<I480xIII12xI", 0x41615252, 0x61417272, free, len(writer.chains), 0xAA550000)
    data = (_RESERVED + _TABLES * table) * SECTOR
    return [
        *((sector * SECTOR, boot + info) for sector in (0, _COPY)),
        *(((_RESERVED + number * table) * SECTOR, chains) for number in range(_TABLES)),
        *((data + (cluster - 2) * _CLUSTER, content) for cluster, content in writer.contents),
    ]


def _tree(files: Mapping[str, bytes]) -> _Folder:
    top = _Folder()
    for path, content in sorted(files.items()):
        *folders, name = path.split("/")
        at = top
        for folder in folders:
            at = at.folders.setdefault(folder, _Folder())
        at.files[name] = content
    return top


class _Writer:
    """Gives out clusters, one after the other."""

    def __init__(self, clusters: int) -> None:
        self.chains = [0x0FFFFFF8, _END]  # section 4.1: the first two entries stand for no cluster
        self.contents: list[tuple[int, bytes]] = []
        self.clusters = clusters

    def add(self, folder: _Folder, label: str = "", above: int = -1) -> int:
        """Write a folder with all that is in it; its first cluster. Only the uppermost has a label."""
        names = [*sorted(folder.folders), *sorted(folder.files)]
        shorts = _short_names(names)
        entries = [fat.ENTRY * (1 + _long_pieces(name, shorts[name])) for name in names]
        place = self._take(max(1, sum(entries) + (fat.ENTRY if above < 0 else 2 * fat.ENTRY)))
        if above < 0:
            data = _entry(label.encode("ascii").ljust(11), fat.LABEL, 0, 0)
        else:
            data = _entry(b".".ljust(11), fat.FOLDER, place, 0) + _entry(
                b"..".ljust(11), fat.FOLDER, above, 0
            )
        below = 0 if above < 0 else place  # section 6.5: the root counts as 0 in ".."
        for name in names:
            if name in folder.folders:
                cluster = self.add(folder.folders[name], above=below)
                data += _named(name, shorts[name], fat.FOLDER, cluster, 0)
            else:
                content = folder.files[name]
                cluster = self._take(len(content)) if content else 0
                if content:
                    self.contents.append((cluster, content))
                data += _named(name, shorts[name], _ARCHIVE, cluster, len(content))
        self.contents.append((place, data))
        return place

    def _take(self, size: int) -> int:
        """A chain of clusters for so many bytes."""
        first, count = len(self.chains), -(-size // _CLUSTER)
        if first - 2 + count > self.clusters:
            raise UserError(
                f"the files do not fit on an EFI system partition of {self.clusters * _CLUSTER >> 20} MiB",
                "leave out what is not needed to start",
            )
        self.chains += [*range(first + 1, first + count), _END]
        return first


def _boot(sectors: int, table: int, label: str, serial: int, hidden: int) -> bytes:
    """The first sector (section 3)."""
    data = struct.pack(
        "<3s8sHBHBHHBHHHIII",
        b"\xeb\x58\x90", b"SEEDROOT", SECTOR, _CLUSTER // SECTOR, _RESERVED, _TABLES, 0, 0, 0xF8, 0,
        63, 255,  # sectors and heads, that nobody asks for
        hidden, sectors, table,
    )  # fmt: skip
    data += struct.pack("<HHIHH12x", 0, 0, 2, _INFO, _COPY)
    data += struct.pack("<BxBI11s8s", 0x80, 0x29, serial, label.encode("ascii").ljust(11), b"FAT32   ")
    # For a BIOS that starts this partition: interrupt 18h, "try the next device", and a loop.
    return (data + b"\xcd\x18\xeb\xfe").ljust(SECTOR - 2, b"\0") + b"\x55\xaa"


def _short_names(names: list[str]) -> dict[str, bytes]:
    """A name of eleven characters for each (section 7)."""
    found: dict[str, bytes] = {}
    folded = set[str]()
    for name in names:
        if not _NAME.fullmatch(name):
            raise UserError(
                f"{name!r} is no name for an EFI system partition", "take letters, digits and . _ + -"
            )
        if name.lower() in folded:
            raise UserError(f"{name} is there twice: upper and lower case are the same to FAT")
        folded.add(name.lower())
        if _SHORT.fullmatch(name.upper()):
            stem, _, suffix = name.upper().partition(".")
            found[name] = stem.ljust(8).encode() + suffix.ljust(3).encode()
    for name in names:
        stem, _, suffix = re.sub(r"[^A-Z0-9_.-]", "_", name.upper()).rpartition(".")
        stem, suffix = (stem.replace(".", ""), suffix) if stem else (suffix, "")
        for number in range(1, len(names) + 1):
            if name in found:
                break
            tail = f"~{number}"
            short = (stem[: 8 - len(tail)] + tail).ljust(8).encode() + suffix[:3].ljust(3).encode()
            if short not in found.values():
                found[name] = short
    return found


def _long_pieces(name: str, short: bytes) -> int:
    """How many entries a name needs beside its short one: none if that says all."""
    stem, suffix = short[:8].decode().rstrip(), short[8:].decode().rstrip()
    return 0 if name == (f"{stem}.{suffix}" if suffix else stem) else -(-len(name) // 13)


def _named(name: str, short: bytes, attributes: int, cluster: int, size: int) -> bytes:
    """The entries of a name: pieces of the long one, the last one first (section 7.1), then the short one."""
    count = _long_pieces(name, short)
    text = name.encode("utf-16-le")
    if len(name) % 13:
        text = (text + b"\0\0").ljust(count * 26, b"\xff")
    data = b""
    for number in range(count, 0, -1):
        piece = text[(number - 1) * 26 : number * 26]
        order = number | (0x40 if number == count else 0)
        checksum = fat.name_checksum(short)
        data += struct.pack(
            "<B10sBBB12sH4s", order, piece[:10], fat.LONG_NAME, 0, checksum, piece[10:22], 0, piece[22:]
        )
    return data + _entry(short, attributes, cluster, size)


def _entry(short: bytes, attributes: int, cluster: int, size: int) -> bytes:
    """A directory entry (section 6)."""
    return struct.pack(
        "<11sBBBHHHHHHHI",
        short,
        attributes,
        0,
        0,
        0,
        _DAY,
        _DAY,
        cluster >> 16,
        0,
        _DAY,
        cluster & 0xFFFF,
        size,
    )
