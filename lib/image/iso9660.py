# SPDX-License-Identifier: GPL-3.0-or-later
"""ISO 9660 (ECMA-119), the file system of optical discs, with Rock Ridge (IEEE P1282, SUSP) or Joliet names.

As in Linux, Rock Ridge names come first, then Joliet's, then the plain ones in lower case without ";1".
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import NamedTuple

from lib.image.medium import Damaged, Medium
from lib.image.tree import FOLDER_LIMIT, Node, Tree, pieces

SECTOR = 2048
PRIMARY = 16 * SECTOR
"""Where the primary volume descriptor is: ECMA-119 6.2.1 leaves 16 sectors for the system."""
VOLUME_SIZE = 80
"""Where in it the volume's size is, in blocks: 32 bits little-endian, then the same big-endian (8.4.8)."""
_DESCRIPTORS = 64  # more than any image has
_CONTINUED = 32  # areas that one name's Rock Ridge fields may be spread over
_FIELDS = 64 << 10  # bytes of such fields altogether
_JOLIET = (b"%/@", b"%/C", b"%/E")  # escape sequences of UCS-2 levels 1 to 3


class Descriptor(NamedTuple):
    """A volume descriptor (ECMA-119 8.1)."""

    type: int
    offset: int
    data: bytes


def descriptors(medium: Medium) -> list[Descriptor]:
    """The volume descriptors up to the terminator; none if this is no ISO 9660."""
    found: list[Descriptor] = []
    for number in range(_DESCRIPTORS):
        offset = PRIMARY + number * SECTOR
        if offset + SECTOR > medium.size:
            break
        data = medium.read(offset, SECTOR)
        if data[1:6] != b"CD001" or data[0] == 255:
            break
        found.append(Descriptor(data[0], offset, data))
    return found if found and found[0].type == 1 else []


def detect(medium: Medium) -> Iso9660 | None:
    """The ISO 9660 file system on a medium; None if there is none."""
    found = descriptors(medium)
    return Iso9660(medium, found) if found else None


@dataclass(frozen=True)
class _Record:
    """A directory record (ECMA-119 9.1)."""

    name: bytes
    start: int
    """Its first byte on the medium."""
    size: int
    flags: int
    fields: bytes
    """The system use area."""

    @property
    def is_folder(self) -> bool:
        return bool(self.flags & 2)


class Iso9660(Tree):
    """A file system of ISO 9660."""

    kind = "iso9660"
    folds = True

    def __init__(self, medium: Medium, found: list[Descriptor]) -> None:
        super().__init__()
        self.medium = medium
        primary = found[0].data
        block = struct.unpack_from("<H", primary, 128)[0]
        if block != SECTOR:
            raise Damaged(f"the ISO 9660 file system has blocks of {block} bytes; all others have {SECTOR}")
        self.label = _printable(primary[40:72])
        self.uuid = _date(primary[830:846]) or _date(primary[813:829])
        self.blocks: int = struct.unpack_from("<I", primary, VOLUME_SIZE)[0]
        """The volume's size in sectors."""
        self.publisher = _printable(primary[318:446])
        self.application = _printable(primary[574:702])
        root = _record(primary, 156)
        if root is None or not root.is_folder:
            raise Damaged("the ISO 9660 file system has no root folder")
        self._skip = self._rock_ridge(root)
        self.names_from = "plain"
        if self._skip is not None:
            self.names_from = "Rock Ridge"
        elif (joliet := _joliet(found)) is not None:
            root, self.names_from = joliet, "Joliet"
        self._top = Node("folder", root.size, ((root.start, root.size),))

    def _root(self) -> Node:
        return self._top

    def _list(self, folder: Node) -> dict[str, Node]:
        found: dict[str, Node] = {}
        parts: list[tuple[int, int]] = []  # of a file in several extents
        for record in self._records(folder.place):
            if record.name in (b"\0", b"\1"):
                continue
            parts.append((record.start, record.size))
            if record.flags & 0x80:  # another record of the same file follows
                continue
            extents, parts = tuple(parts), []
            if self._skip is None:
                name = self._plain(record.name)
                node = Node(
                    "folder" if record.is_folder else "file", sum(size for _, size in extents), extents
                )
            else:
                moved = _RockRidge(self, record, self._skip)
                if moved.hidden:
                    continue
                name, node = moved.name or self._plain(record.name), moved.node(extents)
            if name and "/" not in name and name not in (".", ".."):
                found.setdefault(name, node)
        return found

    def _content(self, file: Node, limit: int) -> bytes:
        return pieces(self.medium, list(file.place), limit)

    def _target(self, link: Node) -> str:
        return str(link.place[1])

    def _plain(self, name: bytes) -> str:
        if self.names_from == "Joliet":
            return re.sub(r";[0-9]+$", "", name.decode("utf-16-be", errors="replace"))
        # As Linux does (isofs_name_translate): without the version and an empty suffix's dot.
        return re.sub(r"\.?;1$", "", name.decode("latin-1").lower()).replace(";", ".").rstrip("\0")

    def _records(self, extents: tuple[tuple[int, int], ...]) -> list[_Record]:
        """The records of a folder; they don't go over a sector's end (ECMA-119 6.8.1.1)."""
        size = sum(length for _, length in extents)
        if size > FOLDER_LIMIT:
            raise Damaged(f"a folder of the ISO 9660 file system claims to be {size} bytes long")
        data = pieces(self.medium, list(extents), size)
        found = []
        for start in range(0, size, SECTOR):
            sector, at = data[start : start + SECTOR], 0
            while (record := _record(sector, at)) is not None:
                found.append(record)
                at += sector[at]
        return found

    def _rock_ridge(self, root: _Record) -> int | None:
        """How many bytes to skip in system use areas (SUSP 5.3); None without Rock Ridge."""
        sector = self.medium.read(root.start, min(root.size, SECTOR))
        own = _record(sector, 0)
        if own is None or not own.fields.startswith(b"SP\x07\x01\xbe\xef"):
            return None
        names = {signature for signature, _ in _fields(self.medium, own.fields)}
        return own.fields[6] if names & {b"ER", b"RR", b"PX"} else None


class _RockRidge:
    """What the Rock Ridge fields of a record say."""

    def __init__(self, iso: Iso9660, record: _Record, skip: int) -> None:
        self.iso = iso
        self.name = ""
        self.hidden = False
        self._record = record
        self._mode = 0
        self._child = -1
        self._target: list[str] = []
        name = b""
        joined = False  # a part of the link's target goes on in the next component
        for signature, data in _fields(iso.medium, record.fields[skip:]):
            if signature == b"NM" and data[:1] and not data[0] & 6:
                name += data[1:]
            elif signature == b"PX" and len(data) >= 4:
                self._mode = struct.unpack_from("<I", data)[0]
            elif signature == b"SL":
                joined = self._add_target(data[1:], joined)
            elif signature == b"CL" and len(data) >= 4:
                self._child = struct.unpack_from("<I", data)[0] * SECTOR
            elif signature == b"RE":
                self.hidden = True
        self.name = name.decode("utf-8", errors="surrogateescape")

    def _add_target(self, data: bytes, joined: bool) -> bool:
        """Components of a symbolic link (RRIP 4.1.3.1)."""
        while len(data) >= 2:
            flags, length = data[0], data[1]
            text = data[2 : 2 + length].decode("utf-8", errors="surrogateescape")
            text = {2: ".", 4: "..", 8: ""}.get(flags & 14, text)
            if joined and self._target:
                self._target[-1] += text
            else:
                self._target.append(text)
            joined = bool(flags & 1)
            data = data[2 + length :]
        return joined

    def node(self, extents: tuple[tuple[int, int], ...]) -> Node:
        if self._child >= 0:  # a folder that lies deeper than ECMA-119 allows, and was moved
            own = _record(self.iso.medium.read(self._child, SECTOR), 0)
            if own is None:
                raise Damaged("a folder of the ISO 9660 file system was moved to where there is none")
            return Node("folder", own.size, ((self._child, own.size),))
        if self._target:
            # The root as a component is empty: joining gives the leading "/".
            target = "/".join(self._target) or "/"
            return Node("link", len(target), ("link", target))
        size = sum(length for _, length in extents)
        if self._record.is_folder:
            return Node("folder", size, extents)
        kind = self._mode & 0o170000
        return Node("file" if kind in (0, 0o100000) else "other", size, extents)


def _fields(medium: Medium, data: bytes) -> list[tuple[bytes, bytes]]:
    """Signature and content of system use fields (SUSP 4 and 5.1), with all continuations."""
    found: list[tuple[bytes, bytes]] = []
    total = 0
    for _ in range(_CONTINUED):
        total += len(data)
        if total > _FIELDS:
            break
        following: tuple[int, int, int] | None = None
        while len(data) >= 4 and 4 <= data[2] <= len(data):
            signature, content = data[:2], data[4 : data[2]]
            data = data[data[2] :]
            if signature == b"ST":
                break
            if signature == b"CE" and len(content) >= 24:
                following = struct.unpack("<I4xI4xI4x", content[:24])
            else:
                found.append((signature, content))
        if following is None:
            break
        block, offset, length = following
        if length > SECTOR * 16:
            raise Damaged("Rock Ridge fields of the ISO 9660 file system go on for too long")
        data = medium.read(block * SECTOR + offset, length)
    return found


def _record(data: bytes, at: int) -> _Record | None:
    """The directory record at a place; None if there is no more."""
    if at >= len(data) or data[at] == 0:
        return None
    length = data[at]
    if length < 34 or at + length > len(data):
        raise Damaged("a folder of the ISO 9660 file system is damaged")
    extended = data[at + 1]
    start, size = struct.unpack_from("<I4xI", data, at + 2)
    name_length = data[at + 32]
    if 33 + name_length > length:
        raise Damaged("a folder of the ISO 9660 file system is damaged: a name is too long")
    name = data[at + 33 : at + 33 + name_length]
    rest = 33 + name_length + (1 - name_length % 2)  # padded to an even length
    return _Record(name, (start + extended) * SECTOR, size, data[at + 25], data[at + rest : at + length])


def _joliet(found: list[Descriptor]) -> _Record | None:
    """The root folder of the Joliet tree."""
    for descriptor in found:
        if descriptor.type == 2 and descriptor.data[88:91] in _JOLIET:
            root = _record(descriptor.data, 156)
            if root is not None and root.is_folder:
                return root
    return None


def _printable(data: bytes) -> str:
    return data.decode("utf-8", errors="replace").split("\0")[0].strip()


def _date(digits: bytes) -> str:
    """A date (ECMA-119 8.4.26.1) as `blkid` makes a UUID of it: 2024-01-02-03-04-05-00."""
    text = digits.decode("latin-1")
    if not re.fullmatch(r"[0-9]{16}", text) or text == "0" * 16:
        return ""
    return "-".join((text[:4], *(text[at : at + 2] for at in range(4, 16, 2))))
