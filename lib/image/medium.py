# SPDX-License-Identifier: GPL-3.0-or-later
"""Bounded reading of an image, or of a part of one."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lib.errors import UserError

LIMIT = 64 << 20
"""Bytes that are read at once at most: no structure that is read here is larger."""


class Damaged(UserError):  # noqa: N818 - it says what the image is
    """Something in an image cannot be what it says it is."""

    def __init__(self, message: str, hint: str = "the image was cut off or damaged: fetch it again") -> None:
        super().__init__(message, hint)


@dataclass(frozen=True)
class Medium:
    """A row of bytes that is read in pieces."""

    fetch: Callable[[int, int], bytes]
    """Gives so many bytes from a place in the image; fewer at its end."""
    size: int
    start: int = 0
    """Where it begins in the image."""

    def read(self, offset: int, length: int) -> bytes:
        """Exactly so many bytes from a place; a Damaged if they are not all there."""
        if not 0 <= offset <= offset + length <= self.size:
            raise Damaged(
                f"something points at bytes {offset} to {offset + length}, and there are only {self.size}"
            )
        if length > LIMIT:
            raise Damaged(f"something claims to be {length} bytes long, far more than such things are")
        data = self.fetch(self.start + offset, length)
        if len(data) != length:
            raise Damaged(f"the image ends at byte {self.start + offset + len(data)}, before it should")
        return data

    def part(self, offset: int, size: int) -> Medium:
        """What lies from a place on; a Damaged if it does not all lie inside."""
        if not 0 <= offset <= offset + size <= self.size:
            raise Damaged(
                f"a part goes from byte {offset} to {offset + size}, and there are only {self.size}",
            )
        return Medium(self.fetch, size, self.start + offset)


def of_bytes(data: bytes) -> Medium:
    """A medium of bytes in memory."""
    return Medium(lambda offset, length: data[offset : offset + length], len(data))


def of_file(number: int) -> Medium:
    """A medium of an open file or block device."""
    # A block device has no size but where its end is.
    return Medium(lambda offset, length: _pread(number, offset, length), os.lseek(number, 0, os.SEEK_END))


def open_number(path: Path) -> int:
    """Open whatever it is for reading. UserError if that cannot be."""
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)  # a pipe would wait for a writer
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror}") from None


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Medium]:
    """Read an image in a file, or what is on a block device."""
    number = open_number(path)
    try:
        kind = os.fstat(number).st_mode
        if not stat.S_ISREG(kind) and not stat.S_ISBLK(kind):
            raise UserError(f"{path} is neither a file nor a disk", "give the file of an image")
        yield of_file(number)
    finally:
        os.close(number)


def _pread(number: int, offset: int, length: int) -> bytes:
    """Read to the last byte: the kernel may give less than asked for."""
    data = b""
    while length > len(data) and (more := os.pread(number, length - len(data), offset + len(data))):
        data += more
    return data
