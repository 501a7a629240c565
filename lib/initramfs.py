# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory tree as an initramfs: a cpio archive in the "newc" format, the same bytes for the same tree.

The format is described in the kernel's Documentation/driver-api/early-userspace/buffer-format.rst.
Device nodes are entries of the archive only, so that no privilege is needed to write one.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lib.errors import UserError

_CHUNK = 1 << 20
_NAME_LIMIT = 4096  # PATH_MAX: this machine cannot open longer names, and the guest's kernel skips them
_SIZE_LIMIT = (1 << 32) - 1  # the size field has eight hexadecimal digits


@dataclass(frozen=True)
class Device:
    """A character device that the archive brings in addition to the tree."""

    name: str
    major: int
    minor: int


DEVICES = (
    Device("dev/console", 5, 1),  # the kernel opens it for /init's standard input, output and error
    Device("dev/null", 1, 3),
    Device("dev/random", 1, 8),
    Device("dev/tty", 5, 0),
    Device("dev/ttyS0", 4, 64),
    Device("dev/ttyS1", 4, 65),
    Device("dev/urandom", 1, 9),
    Device("dev/zero", 1, 5),
)


def build(root: Path, target: Path, devices: Iterable[Device] = DEVICES) -> str:
    """Write the archive of `root` to `target`, which appears when it is complete. Returns its SHA-256."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    try:
        with partial.open("wb") as out:
            digest = write(root, out, devices)
        partial.rename(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return digest


def write(root: Path, out: BinaryIO, devices: Iterable[Device] = DEVICES) -> str:
    """Write the archive of `root` to an open file. Returns its SHA-256."""
    archive = _Archive(out)
    entries: dict[bytes, Path | Device | None] = {os.fsencode(p.relative_to(root)): p for p in _walk(root)}
    for device in devices:
        parent, slash, _ = device.name.rpartition("/")
        if slash:
            entries.setdefault(os.fsencode(parent), None)
        entries[os.fsencode(device.name)] = device
    # A directory's name is a prefix of its children's, so this order also puts it before them.
    for name in sorted(entries):
        entry = entries[name]
        if entry is None:
            archive.add(name, stat.S_IFDIR | 0o755)
        elif isinstance(entry, Device):
            archive.add(name, stat.S_IFCHR | 0o600, device=entry)
        else:
            _add_entry(archive, name, entry)
    archive.finish()
    return archive.digest.hexdigest()


def _walk(top: Path) -> Iterator[Path]:
    """Everything below `top`, itself left out."""
    for path in top.iterdir():
        if len(os.fsencode(path)) >= _NAME_LIMIT:
            raise UserError(f"a name is too long for an initramfs: {str(path)[:60]}...")
        yield path
        if not path.is_symlink() and path.is_dir():
            yield from _walk(path)


def _add_entry(archive: _Archive, name: bytes, path: Path) -> None:
    info = path.lstat()
    if stat.S_ISDIR(info.st_mode):
        archive.add(name, stat.S_IFDIR | 0o755)
    elif stat.S_ISLNK(info.st_mode):
        archive.add(name, stat.S_IFLNK | 0o777, os.fsencode(path.readlink()))
    elif stat.S_ISREG(info.st_mode):
        archive.add_file(name, path)
    else:
        raise UserError(
            f"{path} is neither a file, a directory nor a symbolic link",
            "remove it: an initramfs takes its device nodes from the host's list alone",
        )


class _Archive:
    """Writes entries one after the other; inode numbers are their order."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._inode = 0
        self.digest = hashlib.sha256()

    def add(self, name: bytes, mode: int, body: bytes = b"", device: Device | None = None) -> None:
        """One entry whose contents are at hand."""
        self._header(name, mode, len(body), device)
        self._put(body)
        self._pad(len(body))

    def add_file(self, name: bytes, path: Path) -> None:
        """A regular file, copied in pieces."""
        with path.open("rb") as source:
            info = os.fstat(source.fileno())
            mode = 0o755 if info.st_mode & stat.S_IXUSR else 0o644
            self._header(name, stat.S_IFREG | mode, info.st_size, None)
            left = info.st_size
            while left:
                piece = source.read(min(left, _CHUNK))
                if not piece:
                    raise UserError(f"{path} became shorter while it was read")
                self._put(piece)
                left -= len(piece)
        self._pad(info.st_size)

    def finish(self) -> None:
        """The entry that ends an archive."""
        self._inode = -1  # its inode number is 0
        self._header(b"TRAILER!!!", 0, 0, None)

    def _header(self, name: bytes, mode: int, size: int, device: Device | None) -> None:
        if size > _SIZE_LIMIT:
            raise UserError(
                f"{os.fsdecode(name)} is too big for an initramfs: {size} bytes, at most {_SIZE_LIMIT}"
            )
        self._inode += 1
        links = 2 if stat.S_ISDIR(mode) else 1
        major, minor = (device.major, device.minor) if device else (0, 0)
        # inode, mode, uid, gid, links, mtime, size, device, device of the node, length of the name, checksum
        fields = (self._inode, mode, 0, 0, links, 0, size, 0, 0, major, minor, len(name) + 1, 0)
        header = b"070701" + b"".join(b"%08x" % field for field in fields) + name + b"\0"
        self._put(header)
        self._pad(len(header))

    def _put(self, data: bytes) -> None:
        self.digest.update(data)
        self._out.write(data)

    def _pad(self, length: int) -> None:
        """Headers and contents end at a multiple of four bytes."""
        self._put(b"\0" * (-length % 4))
