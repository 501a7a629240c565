# SPDX-License-Identifier: GPL-3.0-or-later
"""What a survey found, as text for people."""

from __future__ import annotations

from collections.abc import Iterator

from lib.image import eltorito, starts
from lib.image.entry import Menu, plain
from lib.image.survey import Survey, Volume

_ENTRIES = 20  # of a menu, that are shown


def lines(found: Survey) -> Iterator[str]:
    """All that there is to say."""
    yield f"size: {size(found.medium.size)}, {found.medium.size} bytes"
    yield from _tables(found)
    yield from _catalogue(found)
    yield from _volumes(found)
    yield from _menus(found)
    yield "how it starts:"
    for start in starts.of(found):
        yield f"  {start.firmware}, {start.medium + ':':<6}{'yes' if start.works else 'no':<4} {start.why}"
    yield "what is wrong with it:"
    yield from (f"  {plain(problem)}" for problem in found.problems or ("nothing that was looked for",))


def size(count: int) -> str:
    """A number of bytes as people say it: "1.5 GiB"."""
    for unit, shift in (("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)):
        if count >= 1 << shift:
            text = f"{count / (1 << shift):.1f}"
            return f"{text.removesuffix('.0')} {unit}"
    return f"{count} bytes"


def menu_line(volume: Volume, menu: Menu) -> str:
    """A menu in one line."""
    return f"{menu.kind}, {plain(menu.path)} ({volume.name})"


def _tables(found: Survey) -> Iterator[str]:
    counting = "the GUID partition table" if found.gpt_counts else "the MBR"
    tables = [
        name
        for name, there in (
            ("MBR", found.mbr), ("GUID partition table", found.gpt), ("Apple partition map", found.apm),
        )
        if there is not None
    ]  # fmt: skip
    yield f"partition tables: {', '.join(tables) or 'none'}"
    parts = list(found.partitions())
    if found.gpt is not None and found.mbr is not None:
        yield f"  {counting} counts; its sectors have {found.sector} bytes"
    for one in parts:
        name = f" {plain(one.name)!r}" if one.name else ""
        yield f"  {one.number:>3}  at {size(one.start):<10}  {size(one.size):<10}  {plain(one.kind)}{name}"
    if found.apm is not None:
        for number, entry in enumerate(found.apm.entries, start=1):
            yield f"  Apple {number}: {plain(entry.name)!r}, {plain(entry.type)}, {size(entry.size)}"


def _catalogue(found: Survey) -> Iterator[str]:
    if found.catalogue is None:
        if found.iso is not None:
            yield "boot catalogue (El Torito): none"
        return
    yield f"boot catalogue (El Torito): at byte {found.catalogue.offset}"
    for entry in found.catalogue.entries:
        platform = eltorito.PLATFORMS.get(entry.platform, f"platform 0x{entry.platform:02x}")
        what = "" if entry.bootable else ", switched off"
        what += ", as a floppy or hard disk" if entry.emulates else ""
        length = f"{entry.count} sectors" if entry.count >= 2 else "to the end of the volume"
        yield f"  {platform}: at byte {entry.start * 2048}, {length}{what}"


def _volumes(found: Survey) -> Iterator[str]:
    yield "file systems:"
    for volume in found.volumes:
        if volume.files is None:
            yield f"  {volume.name}: {plain(volume.problem) or 'none that is known'}"
            continue
        label = f", label {plain(volume.files.label)!r}" if volume.files.label else ""
        uuid = f", UUID {plain(volume.files.uuid)}" if volume.files.uuid else ""
        unread = "" if volume.files.readable else " (its files cannot be read here)"
        yield f"  {volume.name}: {volume.files.kind}{label}{uuid}{unread}"
    if not found.volumes:
        yield "  none"


def _menus(found: Survey) -> Iterator[str]:
    yield "boot menus:"
    menus = found.menus()
    for volume, menu in menus:
        yield f"  {menu_line(volume, menu)}"
        if menu.problem:
            yield f"      {plain(menu.problem)}"
        for number, entry in enumerate(menu.entries[:_ENTRIES]):
            mark = "*" if number == menu.default else " "
            yield f"    {mark} {plain(entry.title)}{f' -- {plain(entry.problem)}' if entry.problem else ''}"
        if len(menu.entries) > _ENTRIES:
            yield f"      ... and {len(menu.entries) - _ENTRIES} more"
    if not menus:
        yield "  none"
