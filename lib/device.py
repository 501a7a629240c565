# SPDX-License-Identifier: GPL-3.0-or-later
"""What a disk of this machine is, and whether it may be written to: as Linux' sysfs and /proc tell it."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lib.errors import UserError

_SECTOR = 512  # what sysfs counts sizes in, whatever the disk's own sectors are
_LIST = "`lsblk` lists the disks that there are"


@dataclass(frozen=True)
class Disk:
    """A whole disk."""

    path: Path
    """As it was given."""
    number: int
    """What the kernel knows it by (st_rdev)."""
    name: str
    """What the kernel calls it: sdb."""
    model: str
    """Maker and model, as it says itself; "" if it says nothing."""
    bus: str
    """How it hangs on the machine, where that is known: "USB", "SD card"."""
    size: int
    """Bytes."""
    sector: int
    """Bytes of its sectors, as its users see them."""
    removable: bool
    """Whether it is a stick, a card or a disk that can be unplugged."""
    write_protected: bool
    uses: tuple[str, ...]
    """What it is in use for, a sentence each."""

    def __str__(self) -> str:
        """For people: "/dev/sdb: SanDisk Ultra, USB, 31.9 GB"."""
        return f"{self.path}: {', '.join(filter(None, (self.model, self.bus, show(self.size))))}"


def look(path: Path) -> Disk:
    """What is known of a disk; a UserError if there is no whole disk of that name."""
    try:
        found = path.stat()
    except OSError as error:
        raise UserError(f"cannot look at {path}: {error.strerror}", _LIST) from None
    if not stat.S_ISBLK(found.st_mode):
        raise UserError(f"{path} is not a disk, but {_kind(found.st_mode)}", _LIST)
    return describe(path, found.st_rdev)


def describe(path: Path, number: int, sys: Path = Path("/sys"), proc: Path = Path("/proc")) -> Disk:
    """The same by its number (st_rdev).

    sys, proc  where sysfs and procfs are
    """
    place = (sys / "dev/block" / _number(number)).resolve()
    if not place.is_dir():
        raise UserError(f"the kernel knows no disk for {path}", _LIST)
    if (place / "partition").exists():
        raise UserError(
            f"{path} is a partition, and an image is for a whole disk",
            f"if all that is on the disk may be lost: {_whole(path, place)}",
        )
    bus = _bus(place)
    return Disk(
        path,
        number,
        place.name,
        " ".join(filter(None, (_read(place / f"device/{key}") for key in ("vendor", "model", "name")))),
        bus,
        int(_read(place / "size") or 0) * _SECTOR,
        int(_read(place / "queue/logical_block_size") or _SECTOR),
        _read(place / "removable") == "1" or bool(bus),
        _read(place / "ro") == "1",
        tuple(_uses(place, proc)),
    )


def check(disk: Disk, *, fixed: bool = False, in_use: bool = False) -> None:
    """See that a disk may be written to; a UserError if not.

    fixed   also if it is no stick or card
    in_use  also if something on it is in use
    """
    if disk.write_protected:
        raise UserError(f"{disk.path} is write-protected", "sticks and cards have a small switch for that")
    if disk.size == 0:
        raise UserError(f"{disk.path} has nothing in it", "put the card in")
    if disk.uses and not in_use:
        raise UserError(
            f"{disk.path} is in use: {'; '.join(disk.uses)}",
            "unmount what is on it (umount), or add --in-use if it may be destroyed under its users",
        )
    if not disk.removable and not fixed:
        raise UserError(
            f"{disk} is built into this machine",
            "add --fixed if it is really meant: all that is on it is lost",
        )


def show(size: int) -> str:
    """A size as it is printed on disks: in powers of ten."""
    for unit, factor in ("TB", 10**12), ("GB", 10**9), ("MB", 10**6):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} bytes"


def _kind(mode: int) -> str:
    kinds = {stat.S_IFREG: "a file", stat.S_IFDIR: "a folder", stat.S_IFCHR: "another kind of device"}
    return kinds.get(stat.S_IFMT(mode), "something else")


def _number(device: int) -> str:
    return f"{os.major(device)}:{os.minor(device)}"


def _whole(path: Path, place: Path) -> Path:
    """The disk of a partition."""
    return path.parent / place.parent.name if path.name == place.name else Path("/dev") / place.parent.name


def _bus(place: Path) -> str:
    """How a disk that can be unplugged hangs on the machine; "" for others.

    Larger disks behind USB call themselves fixed, and cards in a slot of their own always do ("removable" in
    Linux' Documentation/ABI/stable/sysfs-block is about the medium alone).
    """
    if any(re.fullmatch(r"usb\d+", part) for part in place.parts):
        return "USB"
    return "SD card" if _read(place / "device/type") == "SD" else ""


def _uses(place: Path, proc: Path) -> Iterator[str]:
    """What a disk and its partitions are in use for."""
    parts = [place, *sorted(path.parent for path in place.glob("*/partition"))]
    names = {number: part.name for part in parts if (number := _read(part / "dev"))}
    # proc(5): number, parent, major:minor, root, mounted on, ...
    for line in _lines(proc / "self/mountinfo"):
        fields = line.split(" ")
        source = line.partition(" - ")[2].split(" ")[1:2]
        if len(fields) > 4 and (name := names.get(fields[2]) or _named(names, *source)):
            yield f"/dev/{name} is mounted on {_unescaped(fields[4])}"
    for line in _lines(proc / "swaps"):
        if name := _named(names, *line.split()[:1]):
            yield f"/dev/{name} is swap space"
    for part in parts:
        for holder in sorted((part / "holders").glob("*")):
            yield f"/dev/{part.name} is a part of {_read(holder / 'dm/name') or holder.name}"


def _named(names: dict[str, str], source: str = "") -> str | None:
    """The name of a disk or partition, if this is one: some file systems have numbers of their own."""
    with contextlib.suppress(OSError, ValueError):
        found = Path(_unescaped(source)).stat()
        if stat.S_ISBLK(found.st_mode):
            return names.get(_number(found.st_rdev))
    return None


def _unescaped(path: str) -> str:
    """/proc writes spaces and the like in octal."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), path)


def _lines(path: Path) -> list[str]:
    with contextlib.suppress(OSError):
        return path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    return []


def _read(path: Path) -> str:
    """What a file of sysfs says; "" if there is none."""
    with contextlib.suppress(OSError):
        return path.read_text(encoding="utf-8", errors="replace").strip()
    return ""
