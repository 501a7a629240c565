# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes an image start on UEFI too: an EFI system partition behind it, and entries that point there.

The original is only ever read, and the same original gives the same bytes. What firmware wants to see is in
docs/efi.md; what is written over is kept in the converted image (lib/image/undo.py).
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from lib.errors import UserError
from lib.image import eltorito, fat32, gpt, iso9660, mbr, starts, survey, undo
from lib.image.iso9660 import SECTOR as DISC_SECTOR
from lib.image.mbr import SECTOR
from lib.image.medium import Damaged, Medium
from lib.image.survey import Survey

ESP_SIZE = 100 << 20
"""Bytes of the EFI system partition: enough clusters for FAT32, and room for people's own files."""
TAIL = 1 << 20
"""Bytes behind it: first the record for undoing, and at the end the copy of a GPT."""
_ALIGN = 1 << 20
_HIDDEN = 0x17  # type of the partition that isohybrid makes of a whole ISO: systems leave it alone
_TABLE_LIMIT = 128 << 10  # bytes of a GPT's entries, usually 16 KiB: TAIL and the record must have room


@dataclass(frozen=True)
class Change:
    """Bytes to be written, and why."""

    offset: int
    content: bytes
    why: str


@dataclass(frozen=True)
class Plan:
    """What a conversion does."""

    survey: Survey
    start: int
    """Where the EFI system partition begins, in bytes."""
    size: int
    """How long the converted image is."""
    changes: tuple[Change, ...]
    """What is written beside the EFI system partition and the record."""
    notes: tuple[str, ...]
    """What a user should know."""
    identity: bytes
    """A digest of what is changed, of which the partition's numbers are made."""

    def pieces(self, files: Mapping[str, bytes]) -> list[tuple[int, bytes]]:
        """All that is behind the original's end, in bytes from the image's beginning."""
        serial = int.from_bytes(self.identity[:4], "little")
        esp = fat32.make(files, ESP_SIZE, survey.LABEL, serial, min(self.start // SECTOR, mbr.LAST))
        found = [(self.start + offset, content) for offset, content in esp]
        return [*found, (self.start + ESP_SIZE, self.record().pack())]

    def record(self) -> undo.Record:
        """What is lost by the changes."""
        medium = self.survey.medium
        kept = []
        for change in self.changes:
            length = min(len(change.content), max(0, medium.size - change.offset))
            if length:
                kept.append(
                    undo.piece(change.offset, medium.read(change.offset, length), change.content[:length])
                )
        return undo.Record(medium.size, self.size, tuple(kept))


def plan(found: Survey, *, second: bool = False, fixed: bool = False) -> Plan:
    """How to convert an image; a UserError that says why not, and what to do.

    second  also if it starts on UEFI already
    fixed   it cannot grow: it is a device, and what is needed must have room on it
    """
    _refuse_converted(found)
    _refuse_unsound(found)
    if not second:
        _refuse_needless(found)
    used = _used(found)
    start = -(-(used if fixed else max(used, found.medium.size)) // _ALIGN) * _ALIGN
    end = start + ESP_SIZE + TAIL
    size = found.medium.size if fixed else end
    if end > size:
        raise UserError(
            f"there is no room behind the last partition: {ESP_SIZE + TAIL >> 20} MiB are needed from byte"
            f" {start} on, and there are {max(0, size - start) >> 20}",
            "take a larger one",
        )
    notes: list[str] = []
    changes = [
        *_gpt_changes(found, start, size),
        *_mbr_changes(found, start, size, notes),
        *_disc_changes(found, start, end, notes),
    ]
    if found.iso is not None and b"ISO MD5SUM" in found.medium.read(iso9660.PRIMARY + 883, 512):
        notes.append(
            "a check of the medium that it offers (checkisomd5, rd.live.check) will say that it was changed"
        )
    return Plan(found, start, size, tuple(changes), tuple(notes), _identity(found.medium))


def record_of(found: Survey) -> undo.Record | None:
    """The record that a conversion left in an image; None if there was no conversion."""
    # An image that was written onto a stick does not end where the stick does.
    places = [found.medium.size - TAIL, *(volume.start + ESP_SIZE for volume in found.volumes)]
    return next((record for at in places if (record := undo.read(found.medium, at)) is not None), None)


def _refuse_converted(found: Survey) -> None:
    """A UserError if the image was converted already."""
    ours = next((one for one in found.volumes if one.files and one.files.label == survey.LABEL), None)
    if ours is not None or record_of(found) is not None:
        raise UserError(
            f"it has a file system called {survey.LABEL} already: it was converted before",
            "--undo gives the original back",
        )


def changed_since(record: undo.Record, medium: Medium) -> str:
    """What speaks against undoing, if anything does."""
    if medium.size < record.converted:
        return f"it was cut off: of {record.converted} bytes there are {medium.size}"
    for piece in record.pieces:
        now = medium.read(piece.offset, len(piece.before))
        if hashlib.sha256(now).digest() != piece.digest:
            return f"what the conversion wrote at byte {piece.offset} was changed since"
    return ""


def _refuse_unsound(found: Survey) -> None:
    """A UserError if an entry could not be added, or would do harm."""
    medium = found.medium
    whole = found.volumes[0].files if found.volumes else None
    if found.sector != SECTOR:
        raise UserError(
            f"it was made for disks with sectors of {found.sector} bytes, which cannot be converted",
            "take the image for disks with sectors of 512 bytes",
        )
    if found.iso is None and (found.mbr is None or not found.mbr.entries):
        if whole is not None:
            raise UserError(
                f"it is one file system ({whole.kind}) without a partition table, where none can be added",
                "put EFI/Boot/bootx64.efi and a kexec.sourceme onto it" if whole.kind == "vfat" else
                "take an image of a whole disk, or a bootable ISO",
            )  # fmt: skip
        raise UserError(
            "it is no image that starts: it has neither a partition table nor an ISO 9660 file system",
            "if it is packed, unpack it first (gunzip, unxz, unzip)",
        )
    if found.iso is not None and found.iso.blocks * DISC_SECTOR > medium.size:
        raise _cut_off(found.iso.blocks * DISC_SECTOR, medium.size)
    if found.gpt_counts and found.gpt is not None and (found.gpt.other + 1) * SECTOR > medium.size:
        raise _cut_off((found.gpt.other + 1) * SECTOR, medium.size)
    if found.gpt is None and found.mbr is not None and found.mbr.protective:
        raise Damaged(
            "its GUID partition table is damaged, and the MBR says that it counts",
            "repair it (`sgdisk` or `gdisk` can), or fetch the image again",
        )
    if found.iso is None and not found.gpt_counts:
        last = max((entry.end for entry in found.mbr.entries), default=0) if found.mbr else 0
        if last * SECTOR > medium.size:
            raise _cut_off(last * SECTOR, medium.size)
    if any(descriptor.type == 0 for descriptor in iso9660.descriptors(medium)) and found.catalogue is None:
        eltorito.read(medium, iso9660.descriptors(medium))  # says what is wrong with it


def _refuse_needless(found: Survey) -> None:
    """A UserError if the image starts on UEFI as it is."""
    ways = [start for start in starts.of(found) if start.firmware == "UEFI" and start.works]
    esp = next((one for one in found.partitions() if one.esp), None)
    if ways or found.efi_entry or esp:
        reason = ways[0].why if ways else "its boot catalogue (El Torito) has an entry for UEFI"
        if esp and not ways and not found.efi_entry:
            reason = f"partition {esp.number} is an EFI system partition"
        raise UserError(
            f"it seems to start on UEFI already: {reason}",
            "--second adds another way nevertheless; not all firmware takes two",
        )


def _cut_off(claimed: int, size: int) -> Damaged:
    return Damaged(f"it is cut off: {claimed} bytes belong to it, and there are {size}", "fetch it again")


def _used(found: Survey) -> int:
    """Where the image's own content ends."""
    ends = [one.start + one.size for one in found.partitions()]
    if found.iso is not None:
        ends.append(found.iso.blocks * DISC_SECTOR)
    return max(ends, default=0)


def _identity(medium: Medium) -> bytes:
    """A digest of the tables and of what names a disc: other images have other ones."""
    head = medium.read(0, min(medium.size, 64 << 10))
    return hashlib.sha256(struct.pack("<Q", medium.size) + head).digest()


def _gpt_changes(found: Survey, start: int, size: int) -> list[Change]:
    """The partition in the GPT, whose copy moves to the new end; nothing if nobody goes by a GPT."""
    if found.gpt is None or not found.gpt_counts:
        return []
    number = found.gpt.free()
    if number is None:
        raise UserError(
            f"all {found.gpt.count} entries of its GUID partition table are in use",
            "in a copy of the image, remove one that is not needed (`sgdisk --delete`)",
        )
    digest = hashlib.sha256(b"GPT" + _identity(found.medium)).digest()
    uuid = UUID(bytes=digest[:16], version=4)
    entry = gpt.Entry(number, gpt.ESP, uuid, start // SECTOR, (start + ESP_SIZE) // SECTOR - 1, survey.LABEL)
    table = found.gpt.with_entry(entry).ending_at(size // SECTOR - 1)
    copy = table.backup()
    if len(table.table) > _TABLE_LIMIT:
        raise UserError(
            f"its GUID partition table has {table.count} entries, too many to be kept for --undo",
            "make one of 128 entries of it (`sgdisk --resize-table=128`)",
        )
    why = f"GUID partition table: partition {number}, EFI system"
    return [
        Change(table.here * SECTOR, table.header(), why),
        Change(table.table_at * SECTOR, table.table, "the same, its entries"),
        Change(copy.table_at * SECTOR, copy.table, "its copy at the new end"),
        Change(copy.here * SECTOR, copy.header(), "the same, its header"),
    ]


def _mbr_changes(found: Survey, start: int, size: int, notes: list[str]) -> list[Change]:
    """The partition in the MBR; with a GPT that counts only the entry that protects it grows."""
    first = found.medium.read(0, SECTOR)
    if found.gpt_counts:
        assert found.mbr is not None and found.gpt is not None
        entry = found.mbr.protective
        assert entry is not None
        # A smaller one leaves room for entries of other systems, and is left alone.
        if entry.end <= found.gpt.other:
            return []
        changed = mbr.with_size(first, entry.number, min(size // SECTOR - entry.start, mbr.LAST))
        return [Change(0, changed, "MBR: what protects the GUID partition table, as long as the image")]
    if (start + ESP_SIZE) // SECTOR > mbr.LAST:
        raise UserError(
            "it is too large: a partition table in an MBR ends at 2 TiB",
            "use an image with a GUID partition table",
        )
    if found.mbr is None:
        if any(first):
            notes.append("the first sector is in use without a partition table: it gets no entry there")
            return []
        # So that older firmware, and Linux, find the partition on a stick. A BIOS tries the next device.
        first = starts.NO_CODE.ljust(SECTOR - 2, b"\0") + mbr.SIGNATURE
        first = mbr.with_entry(first, 1, _HIDDEN, 0, -(-found.medium.size // SECTOR))
        number = 2
    else:
        free = found.mbr.free()
        if free is None and found.catalogue is not None:
            notes.append("the four entries of the MBR are in use: only the boot catalogue has the partition")
            return []
        if free is None:
            raise UserError(
                "the four entries of its partition table are in use",
                "in a copy of the image, remove one that is not needed (`sfdisk --delete`)",
            )
        number = free
    changed = mbr.with_entry(first, number, mbr.ESP, start // SECTOR, ESP_SIZE // SECTOR)
    return [Change(0, changed, f"MBR: partition {number}, type ef (EFI system)")]


def _disc_changes(found: Survey, start: int, end: int, notes: list[str]) -> list[Change]:
    """The entry in the boot catalogue, and a volume that reaches over what the entry points at."""
    if found.iso is None:
        return []
    if found.catalogue is None:
        notes.append("it has no boot catalogue (El Torito): it will not start as a CD")
        return []
    data = found.catalogue.with_efi(start // DISC_SECTOR)
    if data is None:
        raise UserError(
            "there is no room for another entry in its boot catalogue (El Torito)",
            "make the image anew with xorriso or genisoimage, which leave room",
        )
    primary = found.medium.read(iso9660.PRIMARY, DISC_SECTOR)
    blocks = struct.pack("<I", end // DISC_SECTOR) + struct.pack(">I", end // DISC_SECTOR)
    at = iso9660.VOLUME_SIZE
    grown = primary[:at] + blocks + primary[at + len(blocks) :]
    return [
        Change(found.catalogue.offset, data, "boot catalogue (El Torito): an entry for UEFI"),
        Change(iso9660.PRIMARY, grown, "ISO 9660: the volume reaches to the end of the EFI system partition"),
    ]
