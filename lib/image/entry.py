# SPDX-License-Identifier: GPL-3.0-or-later
"""What all boot menus come to: entries with a kernel, initial RAM disks and a command line.

Menus are read as text of UTF-8 in which bytes that are none survive (surrogateescape): what a boot loader
would pass on unseen is passed on unchanged.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from lib.errors import UserError
from lib.image.filesystem import FileSystem

MOST_ENTRIES = 500
"""Of a menu. More are a mistake, or meant to keep somebody busy."""
MOST_LINES = 20_000
"""Of a menu with all that it includes."""
MOST_INITRDS = 100
"""Of an entry."""
DEEPEST = 16

"""How deep menus may include others; syslinux.cfg(5) says 16 for INCLUDE."""
LARGEST = 1 << 20

"""Bytes of all files of a menu, each counted as often as it is read."""
LONGEST = 1 << 14
"""Letters of a line or a value; Linux takes command lines of 2,048 on x86 (COMMAND_LINE_SIZE)."""


class MenuError(UserError):
    """A menu, or a part of one, that is refused; the message says why."""


@dataclass(frozen=True)
class Entry:
    """One way to start something."""

    title: str
    """For people: printable, on one line."""
    kernel: str = ""
    """Path on the file system of the menu, as its names are written there, without links; "" if not known."""
    initrds: tuple[str, ...] = ()
    """Paths, in the order in which they follow each other in memory."""
    append: str = ""
    """The kernel's command line, as the boot loader would pass it on."""
    problem: str | None = None
    """Why it cannot be started by kexec; None if it can."""
    note: str | None = None
    """What is worth knowing of an entry that can."""


@dataclass(frozen=True)
class Menu:
    """What one boot loader would show."""

    kind: str
    """"syslinux", "grub2", "grub-legacy" or "bls"."""
    path: str
    """The file or folder that it begins with."""
    entries: tuple[Entry, ...]
    default: int
    """Index of the entry that is started by a bare Enter; -1 if there are no entries."""
    untouched: int
    """Index of the entry that is started when nobody touches a key: mostly the same one."""
    problem: str | None = None
    """Why there are no entries, or not all."""


def resolve(path: str, folder: str = "/") -> str:
    """A path as an absolute one without "." and "..", which never leads above the root.

    folder  where relative paths begin
    """
    names: list[str] = []
    for name in (path if path.startswith("/") else f"{folder}/{path}").split("/"):
        if name == "..":
            del names[-1:]
        elif name not in ("", "."):
            names.append(name)
    return "/" + "/".join(names)


def parent(path: str) -> str:
    """The folder that a file is in."""
    return resolve("..", path)


class Texts:
    """Reads the files of a menu, as far as they are not too large together."""

    def __init__(self, files: FileSystem) -> None:
        self.files = files
        self._left = LARGEST

    def read(self, path: str) -> str:
        """A file; a MenuError if it is not there."""
        if self.files.kind_of(path) != "file":
            raise MenuError(f"there is no file {plain(path)}")
        self._left -= self.files.size_of(path)
        if self._left < 0:
            raise MenuError(f"its files are larger than {LARGEST >> 20} MiB together")
        found = self.files.read(path, LARGEST).removeprefix(b"\xef\xbb\xbf")  # a byte order mark
        return found.decode("utf-8", errors="surrogateescape")


def plain(words: str, most: int = 200) -> str:
    """Text of a menu as a person may see it: on one line, printable, and not too long."""
    words = words[: 8 * most].encode("utf-8", errors="surrogateescape").decode("utf-8", errors="replace")
    words = "".join(letter if letter.isprintable() else " " for letter in words)
    words = " ".join(words.split())
    return words if len(words) <= most else f"{words[: most - 3]}..."


def checked(files: FileSystem, entry: Entry) -> Entry:
    """An entry with the real paths of its files, and what is wrong with them."""
    entry = replace(entry, title=plain(entry.title) or "(no title)")
    if entry.problem is not None:
        return entry
    if _has_controls(entry.append):
        return replace(entry, problem="there are control characters in its command line")
    if len(entry.append) > LONGEST:
        return replace(entry, problem="its command line is too long")
    if len(entry.initrds) > MOST_INITRDS:
        return replace(entry, problem=f"it has more than {MOST_INITRDS} initial RAM disks")
    found = []
    for path in (entry.kernel, *entry.initrds):
        real = files.real(path)
        if real is None or files.kind_of(path) != "file":
            return replace(entry, problem=f"there is no file {plain(path)}")
        if _has_controls(real) or "\t" in real:
            return replace(entry, problem=f"there are control characters in the name {plain(path)}")
        found.append(real)
    entry = replace(entry, kernel=found[0], initrds=tuple(found[1:]))
    return _kernel(files, entry)


def _has_controls(words: str) -> bool:
    """Whether there is something in a text that is neither for people nor for the kernel."""
    return any((letter < " " and letter != "\t") or letter == "\x7f" for letter in words)


def _kernel(files: FileSystem, entry: Entry) -> Entry:
    """Look for "The Real-Mode Kernel Header" of Linux's Documentation/arch/x86/boot.rst."""
    try:
        head = files.read(entry.kernel, 0x264)
    except UserError as error:
        return replace(entry, problem=error.message)
    if len(head) < 0x264 or head[0x1FE:0x200] != b"\x55\xaa" or head[0x202:0x206] != b"HdrS":
        return replace(entry, problem=f"{plain(entry.kernel)} is not a Linux kernel for x86")
    protocol = int.from_bytes(head[0x206:0x208], "little")
    if not head[0x211] & 1:  # LOADED_HIGH: a zImage
        return replace(entry, problem=f"{plain(entry.kernel)} is a kernel of before 1996 (a zImage)")
    if protocol < 0x020C:  # 3.8; the first that tells
        return _noted(entry, "its kernel is older than 3.8, and cannot call the firmware")
    if not head[0x236] & 1:  # XLF_KERNEL_64
        return _noted(entry, "its kernel is a 32-bit one, and cannot call the firmware")
    return entry


def _noted(entry: Entry, note: str) -> Entry:
    return replace(entry, note=note if entry.note is None else f"{entry.note}; {note}")
