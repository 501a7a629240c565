# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries of the Boot Loader Specification (UAPI.1): a file each, in /loader/entries.

What comes first, and which is the default, is decided as systemd-boot does (loader.conf(5)).
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping
from dataclasses import dataclass

from lib.image.entry import MOST_ENTRIES, Entry, Menu, MenuError, Texts, resolve
from lib.image.filesystem import FileSystem

FOLDERS = ("/loader/entries", "/boot/loader/entries")
"""On a boot partition of their own, and where there is none."""
_Version = list[tuple[int, str]]
_LONGEST_NAME = 255
_MACHINES = ("", "x64", "x86-64", "x86_64", "ia32")


@dataclass(frozen=True)
class Named:
    """An entry with the name that it is chosen by: its file's, without ".conf" and the count of attempts."""

    name: str
    entry: Entry


def read(files: FileSystem, folder: str) -> Menu:
    """The menu of a folder of entries."""
    found = entries(files, folder)
    default = 0 if found else -1
    wanted = _default(files, resolve("../loader.conf", folder))
    for number, named in enumerate(found):
        if wanted and fnmatch.fnmatchcase(named.name.lower(), wanted.lower().removesuffix(".conf")):
            default = number
            break
    return Menu("bls", folder, tuple(named.entry for named in found), default, default)


def entries(files: FileSystem, folder: str, variables: Mapping[str, str] | None = None) -> list[Named]:
    """The entries of a folder, the newest first.

    variables  of GRUB, which replaces them; nothing is replaced if None
    """
    names = [name for name in files.names(folder) if name.lower().endswith(".conf")]
    if len(names) > MOST_ENTRIES:
        raise MenuError(f"it has more than {MOST_ENTRIES} entries")
    found = []
    texts = Texts(files)
    for name in names:
        if files.kind_of(f"{folder}/{name}") == "file":
            fields = _fields(texts.read(f"{folder}/{name}"))
            found.append((_order(name, fields), _named(name, fields, variables)))
    # Newest first, but in the order of their sort keys.
    found.sort(key=lambda item: item[0][2:], reverse=True)
    found.sort(key=lambda item: item[0][:2])
    return [named for _, named in found]


def _fields(content: str) -> dict[str, list[str]]:
    """All values of each key."""
    found: dict[str, list[str]] = {}
    for line in re.split(r"[\r\n\0]+", content):
        words = line.strip().split(None, 1)
        if len(words) == 2 and not words[0].startswith("#"):
            found.setdefault(words[0].lower(), []).append(words[1])
    return found


def _named(name: str, fields: dict[str, list[str]], variables: Mapping[str, str] | None) -> Named:
    plain_name = re.sub(r"(\+\d+(-\d+)?)?\.conf$", "", name, flags=re.IGNORECASE | re.ASCII)
    version = fields.get("version", [""])[-1]
    title = fields.get("title", [plain_name])[-1]
    if version and version not in title:
        title = f"{title} ({version})"
    initrds = [path for value in fields.get("initrd", []) for path in _expanded(value, variables).split()]
    entry = Entry(
        title,
        resolve(fields["linux"][-1]) if "linux" in fields else "",
        tuple(resolve(path) for path in initrds),
        _expanded(" ".join(fields.get("options", [])), variables),
        _problem(fields),
    )
    return Named(plain_name, entry)


def _problem(fields: dict[str, list[str]]) -> str | None:
    if fields.get("architecture", [""])[-1].lower() not in _MACHINES:
        return "it is for another kind of processor"
    if "linux" in fields:
        return None
    if "efi" in fields or "uki" in fields:
        return "it is an EFI program"
    return "it names no kernel"


def _expanded(words: str, variables: Mapping[str, str] | None) -> str:
    if variables is None:
        return words
    variable = re.compile(r"\$(\w+|\{\w+\})", re.ASCII)
    return variable.sub(lambda found: variables.get(found[1].strip("{}"), ""), words)


def _default(files: FileSystem, path: str) -> str:
    """What loader.conf says of the default: a pattern for names of entries."""
    try:
        return _fields(Texts(files).read(path)).get("default", [""])[-1][:_LONGEST_NAME]
    except MenuError:
        return ""


def _order(name: str, fields: dict[str, list[str]]) -> tuple[bool, str, _Version, _Version]:
    """Those with sort keys come first; of the same, those of higher versions, and then of higher names."""
    key = fields.get("sort-key", [""])[-1]
    return not key, key, _version(fields.get("version", [""])[-1]), _version(name)


def _version(words: str) -> _Version:
    """So that 6.1.0-10 is more than 6.1.0-9."""
    found = re.findall(r"(\d+)|(\D+)", words, re.ASCII)
    return [(int(number[:18] or 0), letters) for number, letters in found]
