# SPDX-License-Identifier: GPL-3.0-or-later
"""The boot menus on a file system: isolinux and its kin, GRUB 2, GRUB Legacy, Boot Loader Specification.

Whatever bytes a menu consists of, there is a result: entries, each with the reason if it cannot be started by
kexec, or a menu without entries that says why. No path leads out of the file system.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from lib.errors import UserError
from lib.image import bls, grub2, grublegacy, syslinux
from lib.image.entry import Entry, Menu, checked
from lib.image.filesystem import FileSystem

__all__ = ["PLACES", "Entry", "Menu", "best", "find"]

_READERS: tuple[tuple[str, tuple[str, ...], Callable[[FileSystem, str], Menu]], ...] = (
    ("syslinux", syslinux.PLACES, syslinux.read),
    ("grub2", grub2.PLACES, grub2.read),
    ("grub-legacy", grublegacy.PLACES, grublegacy.read),
    ("bls", bls.FOLDERS, bls.read),
)

PLACES = tuple(place for _, places, _ in _READERS for place in places)
"""Where menus are looked for; "*" is for any name."""


def find(files: FileSystem) -> list[Menu]:
    """All menus, those of boot loaders for the BIOS first."""
    found = []
    for kind, places, read in _READERS:
        for path in _existing(files, places):
            try:
                menu = read(files, path)
                menu = replace(menu, entries=tuple(checked(files, entry) for entry in menu.entries))
            except UserError as error:
                menu = Menu(kind, path, (), -1, -1, error.message)
            found.append(menu)
    return found


def best(menus: list[Menu]) -> Menu | None:
    """The menu to start from: the first whose default can be started, or else with an entry that can."""
    for menu in menus:
        if menu.entries and menu.entries[menu.default].problem is None:
            return menu
    return next((menu for menu in menus if any(entry.problem is None for entry in menu.entries)), None)


def _existing(files: FileSystem, places: tuple[str, ...]) -> Iterator[str]:
    """Those of some places that there are, each once, whatever links lead to it."""
    seen = set()
    for place in places:
        for path in _named(files, place):
            try:
                real = files.real(path) if files.kind_of(path) is not None else None
            except UserError:
                real = None
            if real is not None and real not in seen:
                seen.add(real)
                yield path


def _named(files: FileSystem, place: str) -> Iterator[str]:
    before, star, after = place.partition("*")
    if not star:
        yield place
        return
    try:
        names = files.names(before.rstrip("/"))
    except UserError:
        return
    for name in names:
        yield f"{before}{name}{after}"
