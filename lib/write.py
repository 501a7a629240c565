# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes an image onto a disk, reads it back, and has the kernel look at the new partitions."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lib import device
from lib.device import Disk
from lib.errors import UserError
from lib.image import medium
from lib.monitor import Monitor

_PIECE = 4 << 20  # bytes at once
_SYNC = 32 << 20
"""Bytes after which the disk has to have them all: so the bar shows what is done, not what is meant."""
_BLKRRPART = 0x125F  # linux/fs.h: read the partitions anew
_BLKFLSBUF = 0x1261  # the same: write what is in memory, and forget it


@dataclass
class _State:
    """How far it has come, for those who stop it."""

    disk: Path
    size: int
    begun: bool = False
    written: int = 0
    compared: int = 0

    def __str__(self) -> str:
        if not self.begun:
            return f"{self.disk}: nothing was written"
        if self.written < self.size:
            return f"{self.disk}: what was on it is lost; {self.written} of {self.size} bytes are written"
        return f"{self.disk}: all is written, and {self.compared} of {self.size} bytes were compared"


def write(
    image: Path,
    path: Path,
    watcher: Monitor,
    *,
    yes: bool = False,
    fixed: bool = False,
    in_use: bool = False,
    agree: Callable[[str], bool] | None = None,
) -> list[str]:
    """Write an image onto a disk and compare; what there is to say of it in the end.

    yes     do not ask
    fixed   also onto a disk that is no stick or card
    in_use  also if something on it is in use
    agree   asks a person whether to go on; the terminal, if None
    """
    disk = device.look(path)
    device.check(disk, fixed=fixed, in_use=in_use)
    with _image(image) as source, _disk(disk, in_use) as target:
        size = os.fstat(source).st_size
        room = os.lseek(target, 0, os.SEEK_END)
        if size > room:
            raise UserError(
                f"{image} has {size} bytes, {path} only {room}: nothing was written", "use a larger disk"
            )
        if not yes and not (agree or _agree)(
            f"{disk}\nAll that is on it will be lost. Write {image} ({device.show(size)}) onto it?"
        ):
            raise UserError(f"nothing was written to {path}")
        state = _State(path, size)
        try:
            _write(image, source, target, state, watcher)
            _compare(image, source, target, state, watcher)
        except BaseException:
            watcher.close()
            watcher.note(str(state))
            raise
        lines = [f"{path}: {size} bytes written, read back and found equal"]
        if disk.sector != 512:  # what nearly all images are made for, but those of discs
            lines.append(
                f"its sectors have {disk.sector} bytes: images for disks with 512 do not start from it"
            )
        return lines + _reread(target, path)


def _agree(question: str) -> bool:
    """Ask on the terminal."""
    if not sys.stdin.isatty():
        raise UserError("there is no terminal to ask on: nothing was written", "add --yes to do it unasked")
    print(f"{question} [yes/no] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() == "yes"


@contextlib.contextmanager
def _image(path: Path) -> Iterator[int]:
    number = medium.open_number(path)
    try:
        found = os.fstat(number)
        if not stat.S_ISREG(found.st_mode):
            raise UserError(f"{path} is not a file", "give the file of an image")
        if found.st_size == 0:
            raise UserError(f"{path} is empty", "give the file of an image")
        yield number
    finally:
        os.close(number)


@contextlib.contextmanager
def _disk(disk: Disk, in_use: bool) -> Iterator[int]:
    """Open a disk; with O_EXCL, the kernel lets nobody mount it or its partitions until it is closed."""
    try:
        number = os.open(disk.path, os.O_RDWR | os.O_CLOEXEC | (0 if in_use else os.O_EXCL))
    except OSError as error:
        hint = "run it as root (sudo)" if error.errno in (errno.EACCES, errno.EPERM) else ""
        if error.errno == errno.EBUSY:
            hint = "something else has it open: close that"
        raise UserError(f"cannot write to {disk.path}: {error.strerror}", hint) from None
    try:
        found = os.fstat(number)
        if not stat.S_ISBLK(found.st_mode) or found.st_rdev != disk.number:
            raise UserError(f"{disk.path} has become something else just now: nothing was written")
        yield number
    finally:
        os.close(number)


def _write(image: Path, source: int, target: int, state: _State, watcher: Monitor) -> None:
    watcher.plan(state.size, "B")
    watcher.start("writing")
    synced = 0
    for at, piece in _pieces(image, source, state.size):
        state.begun = True
        try:
            _put(target, piece, at)
            if at + len(piece) - synced >= _SYNC or at + len(piece) == state.size:
                os.fsync(target)
                synced = at + len(piece)
        except OSError as error:
            raise UserError(
                f"{state.disk}: cannot write near byte {at}: {error.strerror}",
                "was it taken out? If not, it is worn out: use another one",
            ) from None
        state.written = at + len(piece)
        watcher.advance(len(piece))
    watcher.close()


def _compare(image: Path, source: int, target: int, state: _State, watcher: Monitor) -> None:
    """Read the disk, not what the kernel remembers of it."""
    _forget(target)
    watcher.plan(state.size, "B")
    watcher.start("comparing")
    for at, piece in _pieces(image, source, state.size):
        try:
            found = _get(target, len(piece), at)
        except OSError as error:
            raise UserError(
                f"{state.disk}: cannot read near byte {at}: {error.strerror}", "it is broken: use another one"
            ) from None
        if found != piece:
            first = at + _first_difference(found, piece)
            raise UserError(
                f"{state.disk} has not kept what was written: byte {first} differs from {image}",
                "it is broken, or smaller than it says: use another one",
            )
        state.compared = at + len(piece)
        watcher.advance(len(piece))
    watcher.close()


def _pieces(image: Path, source: int, size: int) -> Iterator[tuple[int, bytes]]:
    """The image, piece by piece, each with its place."""
    at = 0
    while at < size:
        try:
            piece = os.pread(source, min(_PIECE, size - at), at)
        except OSError as error:
            raise UserError(f"cannot read {image} near byte {at}: {error.strerror}") from None
        if not piece:
            raise UserError(f"{image} has become shorter meanwhile", "write it again when it is finished")
        yield at, piece
        at += len(piece)


def _first_difference(some: bytes, others: bytes) -> int:
    """The index of the first byte that is not the same; the shorter's length if one begins with the other."""
    pairs = enumerate(zip(some, others, strict=False))
    return next((index for index, (one, other) in pairs if one != other), min(len(some), len(others)))


def _put(target: int, piece: bytes, at: int) -> None:
    """Write all of it: the kernel may take less at once."""
    while piece:
        done = os.pwrite(target, piece, at)
        at, piece = at + done, piece[done:]


def _get(target: int, length: int, at: int) -> bytes:
    """Read all of it, if it is there."""
    found = b""
    while len(found) < length and (more := os.pread(target, length - len(found), at + len(found))):
        found += more
    return found


def _forget(target: int) -> None:
    """Have the kernel forget what it knows of the disk's content, so that who reads next asks the disk."""
    fcntl.ioctl(target, _BLKFLSBUF)
    os.posix_fadvise(target, 0, 0, os.POSIX_FADV_DONTNEED)


def _reread(target: int, path: Path) -> list[str]:
    """Have the kernel read the partitions; what to say if it does not."""
    try:
        fcntl.ioctl(target, _BLKRRPART)
    except OSError as error:
        if error.errno != errno.EINVAL:  # EINVAL: a disk that has no partitions for the kernel
            return [f"the kernel still shows the old partitions of {path}: take it out and put it in again"]
    return []
