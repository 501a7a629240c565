# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies of sparse files: what takes no room takes none in the copy, and disks that can share do so."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator

_CLONE = 0x40049409  # FICLONE of <linux/fs.h>: btrfs and XFS give a copy that shares the original's blocks
_CANNOT = (errno.EXDEV, errno.EINVAL, errno.EOPNOTSUPP, errno.ENOSYS, errno.ENOTTY, errno.EBADF, errno.EPERM)
_PIECE = 64 << 20  # bytes at once: a fraction of a second
_BEHIND = 4 * _PIECE  # bytes that a disk may be late


def pieces(file: int, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where there is something between two places of a sparse file."""
    while start < end:
        try:
            start = os.lseek(file, start, os.SEEK_DATA)
        except OSError as error:
            if error.errno == errno.ENXIO:  # nothing more
                return
            if error.errno == errno.EINVAL:  # a device has no holes
                yield start, end
                return
            raise
        hole = min(os.lseek(file, start, os.SEEK_HOLE), end)
        if start < hole:
            yield start, hole
        start = max(start, hole)


def copy(source: int, to: int, size: int) -> Iterator[int]:
    """Copy the first bytes of a file to an empty one, which becomes so long; yields how far it has come."""
    try:
        fcntl.ioctl(to, _CLONE, source)
    except OSError as error:
        if error.errno not in _CANNOT:
            raise
    else:
        os.ftruncate(to, size)
        yield size
        return
    os.ftruncate(to, size)
    for start, end in pieces(source, 0, size):
        for at in range(start, end, _PIECE):
            after = min(at + _PIECE, end)
            _copy_piece(source, to, at, after)
            # Begins to write this piece to the disk, and forgets the ones before it that are there: the next
            # pieces get their memory, and nothing else loses its own.
            late = max(at - _BEHIND, 0)
            os.posix_fadvise(to, late, after - late, os.POSIX_FADV_DONTNEED)
            yield after
    yield size


def _copy_piece(source: int, to: int, start: int, end: int) -> None:
    """Copy what lies between two places; the kernel does it, and does not show it to this program."""
    try:
        while start < end:
            count = os.copy_file_range(source, to, end - start, start, start)
            if count == 0:  # some file systems of devices say so instead of failing
                break
            start += count
    except OSError as error:
        if error.errno not in _CANNOT:
            raise
    os.lseek(to, start, os.SEEK_SET)
    while start < end:
        count = os.sendfile(to, source, start, end - start)
        if count == 0:
            raise OSError(errno.EIO, "the file became shorter while it was copied")
        start += count
