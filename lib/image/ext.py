# SPDX-License-Identifier: GPL-3.0-or-later
"""ext2, ext3 and ext4, read only (Linux, Documentation/filesystems/ext4).

A journal is not applied: what was written last, by a system that was not shut down in order, is missed.
"""

from __future__ import annotations

import struct
from uuid import UUID

from lib.image.medium import Damaged, Medium
from lib.image.others import Unread
from lib.image.tree import FOLDER_LIMIT, Node, Tree, pieces

_SUPER = 1024
_ROOT = 2  # the root folder's inode
_JOURNAL = 0x4
_EXTENTS, _INLINE, _ENCRYPTED = 0x80000, 0x10000000, 0x800  # flags of an inode
_UNDERSTOOD = 0x3F7C6  # "incompatible" features that do not change where a file is found, or are understood
_64BIT, _RECOVER, _FOUR = 0x80, 0x4, 0x2C0  # _FOUR: extents, 64 bits, flexible groups
_DEPTH = 5  # of a tree of extents
_NODES, _PIECES = 1 << 12, 1 << 16  # of one such tree, more than which no boot file has


def detect(medium: Medium) -> Ext | Unread | None:
    """The file system of this family on a medium; None if there is none."""
    if medium.size < 2 * _SUPER or medium.read(_SUPER + 56, 2) != b"\x53\xef":
        return None
    found = Ext(medium)
    return found if found.understood else Unread(medium, found.kind, found.label, found.uuid)


class Ext(Tree):
    """A file system of ext2, ext3 or ext4."""

    def __init__(self, medium: Medium) -> None:
        super().__init__()
        self.medium = medium
        block = medium.read(_SUPER, 1024)
        compatible, incompatible, read_only = struct.unpack_from("<III", block, 92)
        four = incompatible & _FOUR or read_only & ~0x7
        self.kind = "ext4" if four else "ext3" if compatible & _JOURNAL else "ext2"
        self.label = block[120:136].split(b"\0")[0].decode("utf-8", errors="replace")
        self.uuid = str(UUID(bytes=block[104:120]))
        self.needs_recovery = bool(incompatible & _RECOVER)
        (self._first_data,) = struct.unpack_from("<I", block, 20)
        (log_block,) = struct.unpack_from("<I", block, 24)
        (self._per_group,) = struct.unpack_from("<I", block, 40)
        (self._inodes,) = struct.unpack_from("<I", block, 0)
        (revision,) = struct.unpack_from("<I", block, 76)
        self._inode_size = struct.unpack_from("<H", block, 88)[0] if revision else 128
        self._descriptor = struct.unpack_from("<H", block, 254)[0] if incompatible & _64BIT else 32
        self.understood = not incompatible & ~_UNDERSTOOD
        if (
            log_block > 6
            or self._per_group == 0
            or not 128 <= self._inode_size <= 1024 << log_block
            or not 32 <= self._descriptor <= 1024
        ):
            raise Damaged(f"the {self.kind} file system's description is damaged")
        self.block = 1024 << log_block

    def _root(self) -> Node:
        return Node("folder", 0, _ROOT)

    def _list(self, folder: Node) -> dict[str, Node]:
        inode = self._inode(folder.place)
        size = self._size(inode)
        if size > FOLDER_LIMIT:
            raise Damaged(f"a folder of the {self.kind} file system claims to be {size} bytes long")
        data = self._read(inode, size)
        found: dict[str, Node] = {}
        # An entry doesn't go over a block's end. Hashed folders look like lists with empty entries.
        for start in range(0, size, self.block):
            at, end = start, min(start + self.block, size)
            while at + 8 <= end:
                number, length, name_length = struct.unpack_from("<IHB", data, at)
                if length < 8 or at + length > end or 8 + name_length > length:
                    raise Damaged(f"a folder of the {self.kind} file system is damaged")
                name = data[at + 8 : at + 8 + name_length].decode("utf-8", errors="surrogateescape")
                at += length
                if number and name not in ("", ".", "..") and "/" not in name:
                    found.setdefault(name, Node("other", 0, number))
        return found

    def _child(self, folder: Node, name: str) -> tuple[str, Node] | None:
        """Looks into the inode of this one alone: a folder may have thousands."""
        found = super()._child(folder, name)
        if found is None:
            return None
        inode = self._inode(found[1].place)
        (mode,) = struct.unpack_from("<H", inode)
        (flags,) = struct.unpack_from("<I", inode, 32)
        if flags & _ENCRYPTED:
            return found
        match mode & 0o170000:
            case 0o100000:
                return found[0], Node("file", self._size(inode), found[1].place)
            case 0o040000:
                return found[0], Node("folder", 0, found[1].place)
            case 0o120000:
                return found[0], Node("link", self._size(inode), found[1].place)
        return found

    def _content(self, file: Node, limit: int) -> bytes:
        return self._read(self._inode(file.place), limit)

    def _target(self, link: Node) -> str:
        inode = self._inode(link.place)
        size = self._size(inode)
        if size > 4096:
            raise Damaged(f"a symbolic link of the {self.kind} file system is {size} bytes long")
        # A short target stands where the numbers of blocks would be.
        data = inode[40 : 40 + size] if size < 60 else self._read(inode, size)
        return data.decode("utf-8", errors="surrogateescape")

    def _inode(self, number: int) -> bytes:
        if not 1 <= number <= self._inodes:
            raise Damaged(f"the {self.kind} file system has no inode {number}")
        group, index = divmod(number - 1, self._per_group)
        table = (self._first_data + 1) * self.block + group * self._descriptor
        descriptor = self.medium.read(table, self._descriptor)
        (start,) = struct.unpack_from("<I", descriptor, 8)
        if self._descriptor >= 64:
            start |= struct.unpack_from("<I", descriptor, 40)[0] << 32
        return self.medium.read(start * self.block + index * self._inode_size, self._inode_size)

    @staticmethod
    def _size(inode: bytes) -> int:
        low, high = struct.unpack_from("<I", inode, 4)[0], struct.unpack_from("<I", inode, 108)[0]
        return int(low | high << 32)

    def _read(self, inode: bytes, limit: int) -> bytes:
        """The first bytes of what an inode holds."""
        (flags,) = struct.unpack_from("<I", inode, 32)
        if flags & _INLINE:
            if limit > 60:
                raise Damaged(
                    f"a file of the {self.kind} file system lies in its inode: this is not understood"
                )
            return inode[40 : 40 + limit]
        blocks = -(-limit // self.block)
        if flags & _EXTENTS:
            found = self._extents(inode[40:100], blocks)
        else:
            found = self._mapped(struct.unpack_from("<15I", inode, 40), blocks)
        extents: list[tuple[int, int]] = []
        at = 0
        for logical, physical, count in found:
            if at >= blocks:
                break
            if logical < at:
                raise Damaged(f"a file of the {self.kind} file system has overlapping pieces")
            # What no piece is for is zeros.
            extents.append((-1, min(logical, blocks) * self.block - at * self.block))
            extents.append((physical * self.block if physical else -1, count * self.block))
            at = logical + count
        if at < blocks:
            extents.append((-1, (blocks - at) * self.block))
        return pieces(self.medium, extents, limit)

    def _extents(self, top: bytes, blocks: int) -> list[tuple[int, int, int]]:
        """The pieces of a file as far as a block, in order.

        Of each the number of its first block in the file and on the medium (0: it is zeros), and how many.
        """
        found: list[tuple[int, int, int]] = []
        todo = [(-1, -1)]  # block and level of a node; the topmost is in the inode, and says its level itself
        for _ in range(_NODES):
            if not todo or (found and found[-1][0] >= blocks):
                return found
            number, expected = todo.pop()
            node = top if number < 0 else self.medium.read(number * self.block, self.block)
            magic, entries, _, level = struct.unpack_from("<HHHH", node)
            if (
                magic != 0xF30A
                or level > _DEPTH
                or expected not in (-1, level)
                or 12 + entries * 12 > len(node)
                or len(found) + len(todo) > _PIECES
            ):
                break
            places = range(12, 12 + entries * 12, 12)
            if level:
                for at in reversed(places):
                    low, high = struct.unpack_from("<4xIH", node, at)
                    todo.append((high << 32 | low, level - 1))
                continue
            for at in places:
                logical, count, high, low = struct.unpack_from("<IHHI", node, at)
                unwritten = count > 32768
                physical = 0 if unwritten else high << 32 | low
                found.append((logical, physical, count - 32768 if unwritten else count))
        raise Damaged(f"a file of the {self.kind} file system has a damaged list of pieces")

    def _mapped(self, numbers: tuple[int, ...], blocks: int) -> list[tuple[int, int, int]]:
        """The same for ext2 and ext3: twelve blocks, and blocks of such numbers up to three deep."""
        found: list[int] = list(numbers[:12])
        for level, number in enumerate(numbers[12:], start=1):
            if len(found) >= blocks:
                break
            self._indirect(number, level, found, blocks)
        return [(at, physical, 1) for at, physical in enumerate(found[:blocks])]

    def _indirect(self, number: int, level: int, found: list[int], blocks: int) -> None:
        """Add what lies below a block of numbers until there are enough."""
        each = self.block // 4
        if number == 0:  # a hole
            found += [0] * min(each**level, max(0, blocks - len(found)))
            return
        below = struct.unpack(f"<{each}I", self.medium.read(number * self.block, self.block))
        if level == 1:
            found += below
            return
        for child in below:
            if len(found) >= blocks:
                return
            self._indirect(child, level - 1, found, blocks)
