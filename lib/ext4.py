# SPDX-License-Identifier: GPL-3.0-or-later
"""The file system ext4 in a part of an image, made and read by e2fsprogs, without privileges.

The same tree gives the same bytes: identifiers and times are fixed, names come in the order of their bytes,
everything belongs to root. A script for debugfs fills the file system: `mke2fs -d` would take over times,
owners, attributes and the order of the host's file system.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path

from lib import layout, tools
from lib.errors import UserError

BLOCK = 4096
_INODE, _INODE_RATIO, _JOURNAL = 256, 16384, 64 << 20
_FEATURES = (
    "none,has_journal,ext_attr,resize_inode,dir_index,filetype,extent,64bit,flex_bg,"
    "sparse_super,large_file,huge_file,dir_nlink,extra_isize,metadata_csum"
)
_LOST_AND_FOUND = "lost+found"
_LONGEST_LINE = 8000  # debugfs reads lines into a buffer of 8192 bytes

_ABSENT = re.compile(r"File not found by ext2_lookup|Ext2 inode is not a directory")
_FULL = re.compile(r"Could not allocate (block|inode) in ext2 filesystem")
# The version, and that root's files do not stay root's when other users copy them.
_NOISE = re.compile(r"debugfs \d+\.|\w+: Operation not permitted while changing ownership of ")


@dataclass(frozen=True)
class Place:
    """Where a file system is."""

    path: Path
    """For messages: the user's name of the image."""
    image: int
    """The image, open."""
    start: int

    @property
    def device(self) -> str:
        """As e2fsprogs understand it; only an open file's name never has a question mark in it."""
        return f"{tools.open_file(self.image)}?offset={self.start}"


@dataclass(frozen=True)
class Superblock:
    """What a file system says of itself."""

    label: bytes
    clean: bool
    """It was unmounted, and no error was found."""
    free_blocks: int
    free_inodes: int


def superblock(place: Place) -> Superblock | None:
    """Read it; None if there is none. See the kernel's Documentation/filesystems/ext4/super.rst."""
    data = os.pread(place.image, 1024, place.start + 1024)
    if len(data) < 1024 or data[56:58] != b"\x53\xef":
        return None
    free, free_inodes = struct.unpack_from("<2I", data, 12)
    (state,) = struct.unpack_from("<H", data, 58)
    (incompatible,) = struct.unpack_from("<I", data, 96)
    (free_high,) = struct.unpack_from("<I", data, 0x158)
    return Superblock(
        label=data[120:136].rstrip(b"\0"),
        clean=not incompatible & 4 and state & 3 == 1,  # no journal to apply; valid, without errors
        free_blocks=free | free_high << 32,
        free_inodes=free_inodes,
    )


def make(place: Place, size: int, content: Content, label: str, uuid: str, hash_seed: str) -> None:
    """Make a file system of `size` bytes where there is nothing but zeros, and fill it.

    TooBig if there is not enough room in it.
    """
    extended = (
        f"offset={place.start},hash_seed={hash_seed},root_owner=0:0,"
        "nodiscard,assume_storage_prezeroed=1"  # what need not be written stays a hole
    )
    tools.must_run(
        ["mke2fs", "-q", "-F", "-O", _FEATURES, "-b", str(BLOCK), "-I", str(_INODE),
         "-i", str(_INODE_RATIO), "-J", f"size={_JOURNAL >> 20}", "-m", "0", "-L", label, "-U", uuid,
         "-E", extended, tools.open_file(place.image), str(size // BLOCK)],
        place.path, [place.image],
    )  # fmt: skip
    empty = superblock(place)
    if empty is None or content.blocks > empty.free_blocks or content.inodes > empty.free_inodes:
        raise TooBig
    # The names in the script are relative to the tree.
    done = tools.run(
        ["debugfs", "-w", "-f", "-", place.device], place.path, [place.image], content.script, content.tree
    )
    if complaint := _complaint(done.stderr):
        if _FULL.search(tools.text(done.stderr)):
            raise TooBig
        raise UserError(f"cannot put {content.tree} on the disk: {complaint}")
    tools.must_run(["e2fsck", "-f", "-n", place.device], place.path, [place.image])


class TooBig(Exception):  # noqa: N818 - not an error yet: its catcher knows what to say
    """A tree does not fit into a file system."""


class Content:
    """What a file system shall hold: the script that makes it so, and how much there is.

    Files get mode 0755 or 0644, folders 0755 or, where the sticky bit is set, 1777.
    """

    def __init__(self, tree: Path) -> None:
        self.tree = tree
        self.blocks = 0
        self.inodes = 0
        self._lines: list[bytes] = []
        if not tree.is_dir():
            raise UserError(f"{tree} is not a folder")
        if os.path.lexists(tree / _LOST_AND_FOUND):
            raise UserError(
                f"{tree / _LOST_AND_FOUND} is in the way", "remove it: the file system makes its own"
            )
        folders = [b""]
        while folders:
            folder = folders.pop()
            try:
                folders += reversed(self._add_folder(folder))
            except OSError as error:
                where = str(error.filename and os.fsdecode(error.filename))
                raise UserError(f"cannot put {where[:300]} on the disk: {error.strerror}") from None
        self.script = b"".join(self._lines)

    def room(self) -> int:
        """The size of a file system that all this surely fits into."""
        blocks = (self.blocks * BLOCK + _JOURNAL + (8 << 20)) * 103 // 100  # the inodes' tables are 1/64
        return max(blocks, self.inodes * _INODE_RATIO + (64 << 20))

    def _add_folder(self, folder: bytes) -> list[bytes]:
        """Everything in a folder of the tree; the folders among it."""
        below = []
        names = 0
        self._add(b"cd", b"/" + folder)
        with os.scandir(os.path.join(os.fsencode(self.tree), folder)) as entries:  # noqa: PTH118 - bytes
            found = sorted(entries, key=lambda entry: entry.name)
        for entry in found:
            path = os.path.join(folder, entry.name)  # noqa: PTH118 - bytes
            info = entry.stat(follow_symlinks=False)
            self.inodes += 1
            names += len(entry.name) + 12
            if stat.S_ISDIR(info.st_mode):
                self._add(b"mkdir", entry.name)
                self._set_mode(entry.name, stat.S_IFDIR | (0o1777 if info.st_mode & stat.S_ISVTX else 0o755))
                below.append(path)
            elif stat.S_ISLNK(info.st_mode):
                self._add(b"symlink", entry.name, os.readlink(entry.path))  # noqa: PTH115 - bytes
                self.blocks += info.st_size >= 60  # shorter ones are in the inode
            elif stat.S_ISREG(info.st_mode):
                self._add(b"write", b"./" + path, entry.name)
                self._set_mode(entry.name, stat.S_IFREG | (0o755 if info.st_mode & stat.S_IXUSR else 0o644))
                self.blocks += -(-min(info.st_size, info.st_blocks * 512 + BLOCK) // BLOCK)
            else:
                raise UserError(
                    f"{os.fsdecode(entry.path)} is neither a file, a folder nor a symbolic link",
                    "remove it: the system on the disk makes its device nodes itself",
                )
        self.blocks += 1 + names // 3000  # a folder's blocks are not filled to the end
        return below

    def _set_mode(self, name: bytes, mode: int) -> None:
        # "<12>" would be an inode's number.
        self._add(b"sif", b"./" + name, b"mode", b"0%o" % mode)

    def _add(self, command: bytes, *words: bytes) -> None:
        line = b" ".join((command, *map(_quoted, words))) + b"\n"
        if b"\n" in line[:-1] or b"\r" in line:
            raise UserError(
                f"a name with a line break in it cannot go on the disk: {os.fsdecode(words[0])!r}"
            )
        if len(line) > _LONGEST_LINE:
            raise UserError(f"a name is too long for the disk: {os.fsdecode(words[0])[:60]}...")
        self._lines.append(line)


def verify(place: Place, clean: bool) -> None:
    """See that a file system is sound; if it was not unmounted, apply its journal (to a copy, please)."""
    done = tools.run(["e2fsck", "-f", "-n" if clean else "-p", place.device], place.path, [place.image])
    if done.returncode in ((0,) if clean else (0, 1)):  # 1: all errors were corrected
        return
    lines = tools.text(done.stdout + done.stderr).splitlines()
    reason = next((line for line in lines if line and not line.startswith(("Pass ", "e2fsck 1."))), "")
    raise UserError(
        f"{place.path}: its file system is damaged: {reason}", "remove it, to have it built again"
    )


@dataclass(frozen=True)
class Reader:
    """Reads from a file system that was verified: debugfs believes all names in it, even "../x"."""

    place: Place

    def read(self, name: str) -> bytes | None:
        """A file's content; None if there is no such name."""
        kind = self._kind(name)
        if kind is None:
            return None
        if kind != "regular":
            raise UserError(f"{name} on the disk {self.place.path} is not a file ({kind})")
        return self._debugfs(["cat", _absolute(name)], self.place.path)

    def extract(self, folder: str, to: Path) -> None:
        """Copy what is in a folder to `to`, which must be absent or empty. Special files are left out."""
        inside = _absolute(folder).rstrip("/") + "/"
        if self._kind(inside) != "directory":
            raise UserError(f"there is no folder {folder} on the disk {self.place.path}")
        if os.path.lexists(to) and (not to.is_dir() or any(to.iterdir())):
            raise UserError(f"{to} is not an empty folder", "remove it, or choose another place")
        to.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=".new-", dir=to.parent)).absolute()
        try:
            self._debugfs(["rdump", inside, str(scratch)], to)
            if inside == "/":
                with contextlib.suppress(OSError):  # absent, or not empty after all
                    (scratch / _LOST_AND_FOUND).rmdir()
            scratch.rename(to)
        except BaseException:
            layout.clear(scratch)
            raise

    def _kind(self, name: str) -> str | None:
        """What a name is, in the words of debugfs; None if there is no such name."""
        shown = self._debugfs(["stat", _absolute(name)], self.place.path, may_be_absent=True)
        found = re.match(rb"Inode: *\d+ +Type: (.+?) +Mode:", shown)
        return found[1].decode() if found else None

    def _debugfs(self, words: list[str], about: Path, may_be_absent: bool = False) -> bytes:
        command = b" ".join(_quoted(os.fsencode(word)) for word in words)
        done = tools.run(
            ["debugfs", "-R", os.fsdecode(command), self.place.device], about, [self.place.image]
        )
        if complaint := _complaint(done.stderr):
            if may_be_absent and _ABSENT.search(tools.text(done.stderr)):
                return b""
            raise UserError(f"cannot read {words[1]} from the disk {self.place.path}: {complaint}")
        return done.stdout


def _absolute(name: str) -> str:
    """So that "<12>" is a name, not an inode's number."""
    return "/" + name.lstrip("/")


def _quoted(word: bytes) -> bytes:
    return b'"' + word.replace(b'"', b'""') + b'"'


def _complaint(stderr: bytes) -> str:
    """The first error that debugfs printed: its exit status says nothing."""
    lines = tools.text(stderr).splitlines()
    return next((line.strip() for line in lines if line.strip() and not _NOISE.match(line)), "")
