# SPDX-License-Identifier: GPL-3.0-or-later
"""What an image is: its tables, boot catalogue, file systems and boot menus, and what is wrong with it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from lib.errors import UserError
from lib.image import apm, eltorito, filesystem, gpt, iso9660, mbr, menu
from lib.image.apm import Map
from lib.image.eltorito import Catalogue
from lib.image.entry import Menu
from lib.image.filesystem import FileSystem
from lib.image.gpt import Gpt
from lib.image.iso9660 import Iso9660
from lib.image.mbr import Mbr
from lib.image.medium import Medium

LABEL = "gen-kexec"
"""Of the file system on our EFI system partition."""
LOADER = "/EFI/BOOT/BOOTX64.EFI"
"""What UEFI starts from a medium that it doesn't know (UEFI specification 2.10, 3.5.1.1), on x86-64."""
SECTORS = (512, 4096)
"""Sizes of sectors that disks have."""
_VOLUMES = 256  # places that are looked at


@dataclass(frozen=True)
class Partition:
    """An entry of whichever table."""

    number: int
    """As Linux counts."""
    start: int
    size: int
    """In bytes; more than there are, if the table says so."""
    kind: str
    name: str
    esp: bool
    """Whether it is an EFI system partition."""
    frame: bool = False
    """Whether it only has other partitions in it."""


@dataclass(frozen=True)
class Volume:
    """A place for a file system."""

    number: int
    """Of the partition, as Linux counts; 0 for the whole medium, -1 if only a boot catalogue names it."""
    start: int
    size: int
    """In bytes; cut off where the medium ends."""
    files: FileSystem | None
    problem: str = ""
    """Why there is no file system, if there should be one."""

    @property
    def name(self) -> str:
        """What a person would call it."""
        if self.number < 0:
            return "boot image"
        return f"partition {self.number}" if self.number else "whole medium"


@dataclass(frozen=True)
class Survey:
    """All that was found."""

    medium: Medium
    sector: int
    """Bytes of a sector of the disk that the tables were made for."""
    mbr: Mbr | None
    gpt: Gpt | None
    apm: Map | None
    iso: Iso9660 | None
    catalogue: Catalogue | None
    volumes: tuple[Volume, ...]
    problems: tuple[str, ...]

    @property
    def gpt_counts(self) -> bool:
        """Whether firmware and Linux go by the GPT: both do if the MBR has an entry that protects it."""
        return self.gpt is not None and self.mbr is not None and self.mbr.protective is not None

    @property
    def efi_entry(self) -> bool:
        """Whether the boot catalogue has something for UEFI."""
        return self.catalogue is not None and any(
            entry.platform == eltorito.EFI and entry.bootable for entry in self.catalogue.entries
        )

    def partitions(self) -> Iterator[Partition]:
        """The partitions of the table that counts."""
        if self.gpt is not None and self.gpt_counts:
            for one in self.gpt.entries:
                kind = gpt.TYPES.get(one.type, str(one.type).upper())
                size = (one.last - one.first + 1) * self.sector
                yield Partition(
                    one.number, one.first * self.sector, size, kind, one.name, one.type == gpt.ESP
                )
        elif self.mbr is not None:
            for entry in self.mbr.entries:
                kind = mbr.TYPES.get(entry.type, f"type 0x{entry.type:02x}")
                start, size = entry.start * self.sector, entry.size * self.sector
                frame = entry.type in (*mbr.EXTENDED, mbr.PROTECTIVE)
                yield Partition(entry.number, start, size, kind, "", entry.type == mbr.ESP, frame)

    def menus(self) -> list[tuple[Volume, Menu]]:
        """The boot menus, with where they are; the likeliest first."""
        return [
            (volume, found)
            for volume in self.volumes
            if volume.files is not None and volume.files.readable and volume.files.label != LABEL
            for found in menu.find(volume.files)
        ]


def of(medium: Medium) -> Survey:
    """Look at an image. A Damaged only if nothing sound can be said of it; smaller things are problems."""
    problems: list[str] = []
    sector = next((size for size in SECTORS if gpt.is_there(medium, size)), SECTORS[0])
    table = mbr.read(medium, sector)
    if table:
        problems += table.problems
    found_gpt = None
    if gpt.is_there(medium, sector):
        try:
            found_gpt = gpt.read(medium, sector)
            if table is not None and table.protective:
                problems += _gpt_problems(found_gpt, medium)
        except UserError as error:
            problems.append(error.message)
    descriptors = iso9660.descriptors(medium)
    catalogue = None
    try:
        catalogue = eltorito.read(medium, descriptors)
    except UserError as error:
        problems.append(error.message)
    whole = _volume(medium, 0, 0, medium.size)
    iso = whole.files if isinstance(whole.files, Iso9660) else None
    if iso and iso.blocks * iso9660.SECTOR > medium.size:
        problems.append(
            f"the image is cut off: its ISO 9660 file system is {iso.blocks * iso9660.SECTOR} bytes long,"
            f" and there are only {medium.size}"
        )
    if table:
        problems += _mbr_problems(
            table, medium.size // sector, catalogue is not None or found_gpt is not None
        )
    bare = Survey(medium, sector, table, found_gpt, apm.read(medium), iso, catalogue, (), ())
    if bare.gpt and not bare.gpt_counts:
        problems.append("there is a GUID partition table that nobody looks at: the MBR has no entry for it")
    volumes = tuple(_volumes(bare, whole))
    problems += [f"{volume.name}: {volume.problem}" for volume in volumes if volume.problem]
    return Survey(
        medium, sector, table, found_gpt, bare.apm, iso, catalogue, volumes, tuple(dict.fromkeys(problems))
    )


def at(survey: Survey, start: int) -> Volume | None:
    """The volume that begins at a byte."""
    return next((volume for volume in survey.volumes if volume.start == start), None)


def _volumes(survey: Survey, whole: Volume) -> Iterator[Volume]:
    """Each place once: a partition of a hybrid ISO that begins with the medium is the whole medium."""
    seen = set[int]()
    size = survey.medium.size
    if whole.files is not None or whole.problem:
        yield whole
        seen.add(0)
    for one in survey.partitions():
        if one.start not in seen and one.start < size and not one.frame and len(seen) < _VOLUMES:
            seen.add(one.start)
            yield _volume(survey.medium, one.number, one.start, min(one.size, size - one.start))
    for entry in survey.catalogue.entries if survey.catalogue else ():
        start = entry.start * iso9660.SECTOR
        if entry.platform == eltorito.EFI and start not in seen and 0 < start < size:
            seen.add(start)
            yield _volume(survey.medium, -1, start, room_of(survey, entry))


def room_of(survey: Survey, entry: eltorito.Entry) -> int:
    """How long UEFI takes a boot image to be (EDK2, MdeModulePkg/Universal/Disk/PartitionDxe/ElTorito.c)."""
    start = entry.start * iso9660.SECTOR
    volume = survey.iso.blocks * iso9660.SECTOR if survey.iso else survey.medium.size
    length = entry.count * 512 if entry.count >= 2 else volume - start
    return max(0, min(length, survey.medium.size - start))


def _volume(medium: Medium, number: int, start: int, size: int) -> Volume:
    try:
        return Volume(number, start, size, filesystem.detect(medium.part(start, size)))
    except UserError as error:
        return Volume(number, start, size, None, error.message)


def _mbr_problems(table: Mbr, sectors: int, others: bool) -> Iterator[str]:
    """What is wrong with a table; `others`: whether firmware has something else to go by."""
    for entry in table.entries:
        if entry.end > sectors and entry.type != mbr.PROTECTIVE:
            yield f"partition {entry.number} ends at sector {entry.end}, and the image at {sectors}"
    for one, other in itertools.pairwise(sorted(table.primary, key=lambda entry: entry.start)):
        if other.start < one.end and not others:
            yield f"partitions {one.number} and {other.number} overlap: UEFI ignores such a table"


def _gpt_problems(found: Gpt, medium: Medium) -> Iterator[str]:
    last = medium.size // found.sector - 1
    if found.other > last:
        yield (
            f"the image is cut off: its GUID partition table goes to sector {found.other},"
            f" and the image to {last}"
        )
        return
    try:
        gpt.read(medium, found.sector, found.other)
    except UserError as error:
        yield f"the copy of the GUID partition table is unsound: {error.message}"
    if found.other < last:
        yield (
            f"the copy of the GUID partition table is on sector {found.other}, and the last sector is {last}:"
            " it was made for a smaller disk"
        )
    for entry in found.entries:
        if not found.first_usable <= entry.first <= entry.last <= found.last_usable:
            yield f"partition {entry.number} lies outside of the room for partitions"
