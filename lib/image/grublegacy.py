# SPDX-License-Identifier: GPL-3.0-or-later
"""Menus of GRUB 0.9x ("GRUB Legacy"), as its manual describes them ("Configuration")."""

from __future__ import annotations

import re
from dataclasses import replace

from lib.image.entry import LONGEST, MOST_ENTRIES, MOST_LINES, Entry, Menu, MenuError, Texts, parent, resolve
from lib.image.filesystem import FileSystem

PLACES = ("/boot/grub/menu.lst", "/boot/grub/grub.conf", "/grub/menu.lst", "/grub/grub.conf")
"""Where it looks, and where Red Hat's does; without /boot if that is a partition of its own."""
_STARTS = {
    "chainloader": "it starts another boot loader",
    "configfile": "it leads to another menu",
    "halt": "it switches the machine off",
    "reboot": "it starts the machine anew",
}


def read(files: FileSystem, path: str) -> Menu:
    """The menu of a file."""
    content = re.sub(r"\\\r?\n", " ", Texts(files).read(path))
    entries: list[Entry] = []
    wanted = "0"
    lines = re.split(r"\r?\n", content)
    if len(lines) > MOST_LINES:
        raise MenuError(f"it has more than {MOST_LINES} lines")
    for line in lines:
        word, rest = _first(line.split("\0")[0][:LONGEST])
        if word == "title":
            if len(entries) >= MOST_ENTRIES:
                raise MenuError(f"it has more than {MOST_ENTRIES} entries")
            entries.append(Entry(rest))
        elif entries:
            entries[-1] = _with(entries[-1], word, rest)
        elif word == "default":
            wanted = rest
    entries = [
        entry if entry.kernel or entry.problem else replace(entry, problem="it loads no kernel")
        for entry in entries
    ]
    if wanted.startswith("saved"):
        wanted = _saved(files, f"{parent(path)}/default")
    number = int(wanted) if re.fullmatch(r"[0-9]{1,9}", wanted) else 0
    default = number if number < len(entries) else min(0, len(entries) - 1)
    return Menu("grub-legacy", path, tuple(entries), default, default)


def _with(entry: Entry, word: str, rest: str) -> Entry:
    """An entry after one more command."""
    if entry.problem:
        return entry
    if word == "kernel":
        words = rest.split(None)
        while words and words[0].startswith("--"):
            words = words[1:]
        if not words:
            return replace(entry, problem="it names no kernel")
        line = rest[rest.index(words[0]) + len(words[0]) :].strip()
        return _placed(replace(entry, append=line), words[0])
    if word == "initrd":
        found = replace(entry, initrds=())
        for name in rest.split():
            found = _placed(found, name, initrd=True)
        return found
    if word in ("module", "modulenounzip"):
        return replace(entry, problem="it is started by multiboot, as Xen is, not as Linux is")
    if word in _STARTS and not entry.kernel:
        return replace(entry, problem=_STARTS[word])
    return entry


def _placed(entry: Entry, name: str, initrd: bool = False) -> Entry:
    """An entry with a file. All disks that a menu names count as the one that it is on."""
    path = re.sub(r"^\([^)]*\)", "", name)
    if name.startswith("(nd)"):
        return replace(entry, problem="it starts something from a network")
    if not path.startswith("/"):
        return replace(entry, problem=f"{name} is not a path")
    if initrd:
        return replace(entry, initrds=(*entry.initrds, resolve(path)))
    return replace(entry, kernel=resolve(path))


def _saved(files: FileSystem, path: str) -> str:
    """The number that `savedefault` has kept: the first line of a file."""
    try:
        return Texts(files).read(path).split("\n")[0].strip()
    except MenuError:
        return "0"


def _first(line: str) -> tuple[str, str]:
    """A command and what follows it; GRUB takes "=" for a space there."""
    line = line.strip()
    if line.startswith("#"):
        return "", ""
    match = re.match(r"([^\s=]+)[\s=]*", line)
    return (match[1].lower(), line[match.end() :]) if match else ("", "")
