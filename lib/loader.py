# SPDX-License-Identifier: GPL-3.0-or-later
"""The boot loaders of boot/, and the list that the one for BIOS reads (boot/README.md).

Where Linux wants its parts, and what it must be told, is from the kernel's Documentation/x86/boot.rst.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lib import hex0
from lib.errors import UserError

SECTOR = 512
START = 2048
"""The sector of the list: the first of the partition that belongs to the loader."""
WORDS_AT, HEAD_AT = START + 1, START + 8
"""Sectors of that partition for the kernel's command line and its real-mode code."""
CONSOLES = "console=ttyS0,115200 console=tty0"
"""For a real machine: a serial port and the screen both show what happens; the screen has the prompt."""

_FOLDER = Path(__file__).resolve().parent.parent / "boot"
_ROOM = 440  # in front of the table of partitions and the disk's number
_MAGIC = b"SEED"
_MOST_ROWS = 41  # of 12 bytes each, in a sector
_WORDS, _EFI_WORDS, _EFI_SIZE = 511, 511, 2560

_HEAD, _WORDS_TO, _KERNEL_TO, _INITRAMFS_TO = 0x10000, 0x1E000, 0x100000, 0x8000000
"""Addresses: the first two are known to boot/bios.hex0; the last is far above all that a kernel needs."""
_STACK_END = 0xE000


@dataclass(frozen=True)
class Given:
    """What a disk starts, until a kernel has grown on it."""

    kernel: Path
    initramfs: Path
    words: str
    """The kernel's command line."""


@dataclass(frozen=True)
class Row:
    """One row of the list: sectors of the disk, and the address that they are read to."""

    sector: int
    count: int
    address: int


def bios() -> bytes:
    """The program for a disk's first sector."""
    program = _assemble("bios.hex0")
    assert len(program) <= _ROOM
    return program


def efi(words: str) -> bytes:
    """The program for /EFI/BOOT/BOOTX64.EFI, which starts /linux with these words."""
    if len(words) > _EFI_WORDS:
        raise UserError(f"a command line of {len(words)} characters is too long", f"at most {_EFI_WORDS}")
    program = _assemble("efi.hex0") + words.encode("utf-16-le")
    return program.ljust(_EFI_SIZE, b"\0")


def words(text: str) -> bytes:
    """A kernel's command line, as it lies in sector WORDS_AT."""
    data = text.encode()
    if len(data) > _WORDS:
        raise UserError(f"a command line of {len(data)} bytes is too long", f"at most {_WORDS}")
    return data.ljust(SECTOR, b"\0")


def head(kernel: bytes, initramfs: int) -> bytes:
    """The kernel's real-mode code, with what a loader has to write into it.

    kernel     at least its first 32 KiB
    initramfs  the size of the initramfs
    """
    size = ((kernel[0x1F1] or 4) + 1) * SECTOR
    code = bytearray(kernel[:size])
    code[0x210] = 0xFF  # type_of_loader: none that has a number
    code[0x211] |= 0x80  # loadflags: the heap may be used
    struct.pack_into("<II", code, 0x218, _INITRAMFS_TO if initramfs else 0, initramfs)
    struct.pack_into("<H", code, 0x224, _STACK_END - 0x200)  # heap_end_ptr
    struct.pack_into("<I", code, 0x228, _WORDS_TO)  # cmd_line_ptr
    return bytes(code)


def rows(
    head_sectors: int, kernel: Sequence[tuple[int, int]], initramfs: Sequence[tuple[int, int]]
) -> list[Row]:
    """The list for a kernel and an initramfs that lie on a disk in runs of sectors: first, how many."""
    found = [Row(WORDS_AT, 1, _WORDS_TO), Row(HEAD_AT, head_sectors, _HEAD)]
    for runs, start in ((_without(kernel, head_sectors), _KERNEL_TO), (initramfs, _INITRAMFS_TO)):
        address = start
        for sector, count in runs:
            found.append(Row(sector, count, address))
            address += count * SECTOR
    return found


def table(rows: Sequence[Row]) -> bytes:
    """The sector that holds the list; without rows, one that says that there is nothing to start."""
    if len(rows) > _MOST_ROWS:
        raise UserError("the files to start lie on the disk in too many pieces", "make the image anew")
    data = b"".join(struct.pack("<III", row.sector, row.count, row.address) for row in rows)
    return ((_MAGIC + data) if rows else b"").ljust(SECTOR, b"\0")


def _without(runs: Sequence[tuple[int, int]], first: int) -> list[tuple[int, int]]:
    """What is left of runs of sectors without the first ones."""
    left = []
    for sector, count in runs:
        skipped = min(first, count)
        first -= skipped
        if count > skipped:
            left.append((sector + skipped, count - skipped))
    return left


def _assemble(name: str) -> bytes:
    try:
        return hex0.decode((_FOLDER / name).read_text(encoding="utf-8"), f"boot/{name}")
    except FileNotFoundError:
        raise UserError(f"boot/{name}: no such file", "restore it with git checkout") from None
