# SPDX-License-Identifier: GPL-3.0-or-later
"""File systems, and other things that fill a partition, that are known by name, label and UUID only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from lib.errors import UserError
from lib.image.medium import Medium
from lib.image.tree import FILE_LIMIT


@dataclass(frozen=True)
class Unread:
    """A filesystem.FileSystem whose kind, label and UUID are known, and whose files cannot be read here."""

    medium: Medium
    kind: str
    label: str = ""
    uuid: str = ""
    readable: bool = False

    def names(self, path: str) -> list[str]:  # noqa: ARG002
        """See filesystem.FileSystem."""
        return []

    def kind_of(self, path: str) -> Literal["file", "folder"] | None:  # noqa: ARG002
        """See filesystem.FileSystem."""
        return None

    def size_of(self, path: str) -> int:
        """See filesystem.FileSystem."""
        raise UserError(f"files of {self.kind} cannot be read here: {path}")

    def read(self, path: str, limit: int = FILE_LIMIT) -> bytes:  # noqa: ARG002
        """See filesystem.FileSystem."""
        raise UserError(f"files of {self.kind} cannot be read here: {path}")

    def real(self, path: str) -> str | None:  # noqa: ARG002
        """See filesystem.FileSystem."""
        return None


@dataclass(frozen=True)
class _Sign:
    """How a kind is known, and where it says what. All offsets count from its beginning."""

    kind: str
    at: int
    magic: bytes
    label: tuple[int, int] = (0, 0)
    """Offset and length."""
    uuid: int = 0
    serial: int = 0
    """Offset of a number of 8 bytes that stands for a UUID."""


_SIGNS = (
    _Sign("squashfs", 0, b"hsqs"),
    _Sign("xfs", 0, b"XFSB", label=(108, 12), uuid=32),
    _Sign("btrfs", 65600, b"_BHRfS_M", label=(65835, 256), uuid=65568),
    _Sign("erofs", 1024, b"\xe2\xe1\xf5\xe0", label=(1088, 16), uuid=1072),
    _Sign("f2fs", 1024, b"\x10\x20\xf5\xf2", uuid=1132),
    _Sign("ntfs", 3, b"NTFS    ", serial=72),
    _Sign("exfat", 3, b"EXFAT   "),
    _Sign("hfsplus", 1024, b"H+\0\4"),
    _Sign("crypto_LUKS", 0, b"LUKS\xba\xbe\0\2", label=(24, 48)),
    _Sign("crypto_LUKS", 0, b"LUKS\xba\xbe\0\1"),
    _Sign("LVM2_member", 512, b"LABELONE"),
    _Sign("swap", 4086, b"SWAPSPACE2", label=(1052, 16), uuid=1036),
)
"""Kinds, by what their makers and util-linux's libblkid say of them."""
_UDF = (b"NSR02", b"NSR03")
_FIRST, _LAST, _STEP = 32768, 32768 + 64 * 2048, 2048  # where ECMA-167 2/8.3 has volume descriptors


def known(medium: Medium) -> Unread | None:
    """What is on a medium by its sign; None if it has none of those that are known."""
    for sign in _SIGNS:
        if sign.magic == _part(medium, sign.at, len(sign.magic)):
            label = _part(medium, *sign.label).split(b"\0")[0].decode("utf-8", errors="replace").strip()
            uuid = str(UUID(bytes=found)) if sign.uuid and (found := _part(medium, sign.uuid, 16)) else ""
            if sign.serial:
                uuid = f"{int.from_bytes(_part(medium, sign.serial, 8), 'little'):016X}"
            if sign.kind == "crypto_LUKS":
                uuid = _part(medium, 168, 40).split(b"\0")[0].decode("ascii", errors="replace")
            return Unread(medium, sign.kind, label, uuid)
    return None


def udf(medium: Medium) -> Unread | None:
    """The Universal Disk Format on a medium; None if there is none."""
    for at in range(_FIRST, _LAST, _STEP):
        magic = _part(medium, at + 1, 5)
        if magic in _UDF:
            return Unread(medium, "udf")
        if magic not in (b"BEA01", b"CD001", b"CDW02", b"BOOT2"):
            break
    return None


def _part(medium: Medium, at: int, length: int) -> bytes:
    """Some bytes; none if they are not all there."""
    return medium.read(at, length) if at + length <= medium.size else b""
