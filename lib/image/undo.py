# SPDX-License-Identifier: GPL-3.0-or-later
"""What a conversion writes over in the original's own bytes, kept in the converted image (docs/efi.md).

bytes          what (numbers are little-endian)
16             "seedroot-undo 1\\n"
8, 8           length of the original image, and of the converted one
4, 4           how many pieces follow, and the length of all this
each piece:
  8, 4         where, and how many bytes
  32           SHA-256 of what the conversion wrote there
  so many      what was there before
32             SHA-256 of all this up to here
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass

from lib.image.medium import Damaged, Medium

MAGIC = b"seedroot-undo 1\n"
LIMIT = 1 << 19
"""The most bytes that it may have."""

_HEAD = struct.Struct("<16sQQII")
_PIECE = struct.Struct("<QI32s")
_DIGEST = 32


@dataclass(frozen=True)
class Piece:
    """Bytes that were changed."""

    offset: int
    before: bytes
    digest: bytes
    """SHA-256 of what was written there."""


@dataclass(frozen=True)
class Record:
    """What it takes to get the original back."""

    original: int
    converted: int
    """Lengths of the images in bytes."""
    pieces: tuple[Piece, ...]

    def pack(self) -> bytes:
        """Its bytes."""
        body = b"".join(
            _PIECE.pack(piece.offset, len(piece.before), piece.digest) + piece.before for piece in self.pieces
        )
        length = _HEAD.size + len(body) + _DIGEST
        data = _HEAD.pack(MAGIC, self.original, self.converted, len(self.pieces), length) + body
        return data + hashlib.sha256(data).digest()


def piece(offset: int, before: bytes, after: bytes) -> Piece:
    """A piece of a record."""
    return Piece(offset, before, hashlib.sha256(after).digest())


def read(medium: Medium, at: int) -> Record | None:
    """The record at a place; None if there is none; a Damaged if there was one."""
    if not 0 <= at <= medium.size - _HEAD.size or medium.read(at, len(MAGIC)) != MAGIC:
        return None
    _, original, converted, count, length = _HEAD.unpack(medium.read(at, _HEAD.size))
    if not _HEAD.size + _DIGEST <= length <= LIMIT:
        raise _damaged()
    data = medium.read(at, length)
    if hashlib.sha256(data[:-_DIGEST]).digest() != data[-_DIGEST:]:
        raise _damaged()
    pieces = []
    place, end = _HEAD.size, length - _DIGEST
    for _ in range(count):
        if place + _PIECE.size > end:
            raise _damaged()
        offset, size, digest = _PIECE.unpack_from(data, place)
        place += _PIECE.size
        if place + size > end or offset + size > original:
            raise _damaged()
        pieces.append(Piece(offset, data[place : place + size], digest))
        place += size
    return Record(original, converted, tuple(pieces))


def _damaged() -> Damaged:
    return Damaged(
        "the record of what the conversion changed is damaged, so that it cannot be undone",
        "fetch the original image again",
    )
