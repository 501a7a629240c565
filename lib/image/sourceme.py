# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes /kexec.sourceme, the script that starts a target by kexec, out of the target's own boot menu.

The script is for busybox' ash: settings and entries on top, for people to change, then functions that are
always the same (kexec.sourceme beside this file). The text of menus is in it in single quotes only, which no
shell looks into.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lib.errors import UserError
from lib.image.entry import Entry, Menu, plain
from lib.image.filesystem import FileSystem

_FUNCTIONS = Path(__file__).parent / "kexec.sourceme"
_TIMEOUT = 10  # seconds
_WAIT = 30  # seconds: USB disks take a few, some card readers more


@dataclass(frozen=True)
class Place:
    """How the file system with the target's kernel is found again."""

    partition: int
    """Its number on the disk; 0 for the whole disk."""
    label: str
    uuid: str

    @classmethod
    def of(cls, files: FileSystem, partition: int) -> Place:
        """The place of a file system."""
        return cls(partition, files.label, files.uuid)


def make(menu: Menu, place: Place) -> bytes:
    """The script for a menu; a UserError if none of its entries can be started."""
    startable = [number for number, entry in enumerate(menu.entries) if entry.problem is None]
    if not startable:
        raise UserError(
            f"nothing in {plain(menu.path)} can be started by kexec",
            "name the kernel with --kernel, and --initrd and --append with it",
        )
    default = _number(menu.default, startable, 1)
    untouched = _number(menu.untouched, startable, default)
    # The file begins with its licence, which is the whole script's, and with what it is.
    licence, _, _, functions = _FUNCTIONS.read_text(encoding="utf-8").split("\n", 3)
    lines = [
        licence,
        "# /kexec.sourceme: starts the system on this disk by kexec. The /init of gen-kexec runs it in ash.",
        f"# It was made from the boot menu {plain(menu.path)}. Change what you like, with any editor.",
        "",
        "# --- settings",
        "",
        f"DEFAULT={default} # the entry that a bare Enter starts",
        f"UNTOUCHED={untouched} # the entry that is started when nobody touches a key",
        f"TIMEOUT={_TIMEOUT} # seconds to wait for an answer; 0: the menu is not shown",
        "MORE= # words to put in front of every command line, as MORE='console=ttyS0 nomodeset'",
        "",
        "# Where the kernel is: on the disk that this was started from, or else where UUID or label are.",
        f"TARGET_PARTITION={place.partition} # number of the partition; 0: the whole disk",
        f"TARGET_UUID={quoted(place.uuid)}",
        f"TARGET_LABEL={quoted(place.label)}",
        f"WAIT={_WAIT} # seconds to wait for the disk at most",
        "",
        "# The USB of some machines is dead in the new system unless its controllers are given up first.",
        "# Others hang then.",
        "RELEASE_USB=no # yes: give them up",
        "",
        "# --- entries: paths on the target; several initial RAM disks are a line each",
        "",
        f"ENTRIES={len(startable)}",
        "entry() { # entry NUMBER: set what it consists of",
        "    case $1 in",
    ]
    for number, index in enumerate(startable, 1):
        lines += _entry(number, menu.entries[index])
    lines += ["        *) return 1 ;;", "    esac", "}", ""]
    left_out = [entry for entry in menu.entries if entry.problem is not None]
    if left_out:
        lines.append("# Left out, because kexec cannot start it:")
        lines += [f"#   {plain(entry.title)}: {plain(entry.problem or '')}" for entry in left_out]
        lines.append("")
    text = "\n".join(lines) + "\n"
    return (text + functions).encode("utf-8", errors="surrogateescape")


def quoted(text: str) -> str:
    """A text as one word of a shell, which takes it as it is (POSIX, Shell Command Language, 2.2.2)."""
    return "'" + text.replace("'", "'\\''") + "'"


def _entry(number: int, entry: Entry) -> list[str]:
    note = [f"            # {plain(entry.note)}"] if entry.note else []
    return [
        f"        {number})",
        *note,
        f"            title={quoted(plain(entry.title))}",
        f"            kernel={quoted(entry.kernel)}",
        f"            initrds={quoted(chr(10).join(entry.initrds))}",
        f"            append={quoted(entry.append)}",
        "            ;;",
    ]


def _number(index: int, startable: list[int], otherwise: int) -> int:
    """The number of an entry among those that can be started, counted from 1."""
    return startable.index(index) + 1 if index in startable else otherwise
