# SPDX-License-Identifier: GPL-3.0-or-later
"""How an image would start: from a disk (a USB stick is one) and from a disc, by BIOS and by UEFI.

UEFI is taken to do what EDK2, on which other firmware is based, does since August 2020: it looks for a GPT,
then for a boot catalogue, then for an MBR, and stops at the first that there is
(MdeModulePkg/Universal/Disk/PartitionDxe).
"""

from __future__ import annotations

from dataclasses import dataclass

from lib.errors import UserError
from lib.image import eltorito, filesystem, iso9660, mbr, survey
from lib.image.fat import Fat
from lib.image.filesystem import FileSystem
from lib.image.survey import Survey

NO_CODE = b"\xcd\x18"
"""How boot code begins that only says "try the next device": interrupt 18h."""


@dataclass(frozen=True)
class Start:
    """What one kind of firmware makes of the image on one kind of medium."""

    firmware: str
    medium: str
    works: bool
    why: str


def of(found: Survey) -> tuple[Start, ...]:
    """All four ways."""
    return (
        Start("BIOS", "disk", *_bios_disk(found)),
        Start("BIOS", "CD", *_bios_cd(found)),
        Start("UEFI", "disk", *_uefi_disk(found)),
        Start("UEFI", "CD", *_uefi_cd(found)),
    )


def _bios_disk(found: Survey) -> tuple[bool, str]:
    if found.medium.size < mbr.SECTOR:
        return False, "there is no first sector"
    first = found.medium.read(0, mbr.SECTOR)
    if first[-2:] != mbr.SIGNATURE:
        return False, "the first sector is not signed as a boot sector"
    if not any(first[:440]) or first.startswith(NO_CODE):
        return False, "the first sector has no boot code"
    return True, "the first sector has boot code"


def _bios_cd(found: Survey) -> tuple[bool, str]:
    if found.catalogue is None:
        return False, "there is no boot catalogue (El Torito)"
    if any(entry.platform == eltorito.BIOS and entry.bootable for entry in found.catalogue.entries):
        return True, "the boot catalogue (El Torito) has an entry for it"
    return False, "the boot catalogue (El Torito) has no entry for it"


def _uefi_disk(found: Survey) -> tuple[bool, str]:
    protective = found.mbr.protective if found.mbr else None
    if found.gpt is not None and protective is not None and protective.start == 1 and not protective.active:
        return _partitions(found)
    if found.catalogue is not None:
        return _catalogue(found)
    if found.mbr is not None:
        problem = _mbr_problem(found.mbr, found.medium.size // found.sector)
        return (False, problem) if problem else _partitions(found)
    if loads(found.volumes[0].files if found.volumes else None):
        return True, f"the file system has {survey.LOADER}"
    return False, "there is neither a partition table nor a boot catalogue"


def _uefi_cd(found: Survey) -> tuple[bool, str]:
    # Its sectors have 2048 bytes: partition tables made for other sectors mean nothing there.
    return _catalogue(found) if found.catalogue else (False, "there is no boot catalogue (El Torito)")


def _partitions(found: Survey) -> tuple[bool, str]:
    for one in found.partitions():
        volume = survey.at(found, one.start)
        if volume is not None and loads(volume.files):
            return True, f"partition {one.number} has {survey.LOADER}"
    return False, f"no partition has {survey.LOADER}"


def _catalogue(found: Survey) -> tuple[bool, str]:
    assert found.catalogue is not None
    for entry in found.catalogue.entries:
        start = entry.start * iso9660.SECTOR
        if not entry.bootable or not 0 < start < found.medium.size:
            continue
        try:
            files = filesystem.detect(found.medium.part(start, survey.room_of(found, entry)))
        except UserError:
            continue
        if loads(files):
            return True, f"a boot image in the boot catalogue (El Torito) has {survey.LOADER}"
    return False, f"no boot image in the boot catalogue (El Torito) has {survey.LOADER}"


def loads(files: FileSystem | None) -> bool:
    """Whether UEFI finds something to start on a file system, all of which must be there."""
    try:
        return (
            isinstance(files, Fat)
            and files.shape.size <= files.medium.size
            and files.kind_of(survey.LOADER) == "file"
        )
    except UserError:
        return False


def _mbr_problem(table: mbr.Mbr, sectors: int) -> str:
    """Why UEFI would not go by a table (EDK2, PartitionDxe/Mbr.c, PartitionValidMbr)."""
    for entry in table.primary:
        if entry.end > sectors:
            return f"partition {entry.number} goes over the end, so that the partition table is ignored"
        for other in table.primary:
            if entry.number < other.number and entry.start < other.end and other.start < entry.end:
                return f"partitions {entry.number} and {other.number} overlap, so that the table is ignored"
    return ""
