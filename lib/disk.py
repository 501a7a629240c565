# SPDX-License-Identifier: GPL-3.0-or-later
"""Disk images, made and read without privileges: a GPT, an EFI system partition, and a root of ext4.

A small partition more is for the loader of boot/, by which a BIOS starts what the other one starts from UEFI.

The same tree gives the same bytes, whoever makes the image and when. Images are sparse, appear when they are
whole, and are not changed by reading.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import shutil
import stat
import struct
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lib import ext4, loader, sizes, sparse, tools
from lib.errors import UserError

ESP_NAME, ROOT_NAME, BIOS_NAME = "seedroot-esp", "seedroot", "seedroot-bios"
"""Names of the partitions in the GPT; the second one is the file system's label as well."""
MINIMUM = 512 << 20
"""The smallest disk."""

_ESP_LABEL = "SEEDROOTESP"  # FAT has room for eleven characters
_ESP_TYPE = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B"  # EFI system partition
_ROOT_TYPE = "0FC63DAF-8483-4772-8E79-3D69D8477DE4"  # Linux file system
_BIOS_TYPE = "21686148-6449-6E6F-744E-656564454649"  # for a boot loader, without a file system
_DISK_ID, _ESP_ID, _ROOT_ID, _ROOT_UUID, _HASH_SEED, _BIOS_ID = (
    f"5EED0000-0000-4000-8000-{number:012}" for number in range(1, 7)
)
_ESP_SERIAL = "5EED0006"

_SECTOR = 512
_ALIGN = 1 << 20
_BIOS_START, _BIOS_SIZE = loader.START * loader.SECTOR, 31 << 20  # two kernels (sysc/boot.sh)
_ESP_START, _ESP_SIZE = _BIOS_START + _BIOS_SIZE, 128 << 20
_SMALL_CLUSTERS = 256 << 20  # below this FAT32 must have clusters of a sector, or it has too few of them


@dataclass(frozen=True)
class Disk:
    """An image of ours."""

    path: Path
    size: int
    root_start: int
    """Where the root's file system begins, in bytes."""
    root_size: int
    clean: bool
    """False if its machine was not shut down in order: the last changes are in the journal only."""
    free: int
    """Bytes in the root, as of the last time that it was clean."""


def check() -> None:
    """See that all programs are there that are used here."""
    tools.require(*tools.PACKAGES)


def create(path: Path, tree: Path, size: int, given: loader.Given | None = None) -> None:
    """Make a disk whose root holds what is in `tree` (see ext4.Content); what was at `path` is replaced.

    size   of the disk in bytes; what does not fill a MiB is left out
    given  what the disk starts; nothing if None
    """
    check()
    size -= size % _ALIGN
    if size < MINIMUM:
        raise UserError(f"a disk of {sizes.show(size)} is too small", f"at least {sizes.show(MINIMUM)}")
    content = ext4.Content(tree)
    esp_size = _esp_size(given)
    root_start = _ESP_START + esp_size
    path.parent.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(path.parent).free < content.blocks * ext4.BLOCK:
        raise tools.no_space(path)
    with _new(path) as image:
        try:
            os.ftruncate(image, size)
        except OSError as error:
            raise UserError(
                f"cannot make a file of {sizes.show(size)} in {path.parent}: {error.strerror}",
                "choose a smaller size, or another place",
            ) from None
        _partition(path, image, size, esp_size)
        _make_esp(path, image, esp_size)
        os.pwrite(image, loader.bios(), 0)
        if given is not None:
            _put_given(path, image, given)
        try:
            root = ext4.Place(path, image, root_start)
            ext4.make(root, size - root_start - _ALIGN, content, ROOT_NAME, _ROOT_UUID, _HASH_SEED)
        except ext4.TooBig:
            needed = max(root_start + content.room() + _ALIGN, size + 1)
            needed += -needed % (64 << 20)
            raise UserError(
                f"{tree} does not fit on a disk of {sizes.show(size)}: it needs {sizes.show(needed)}",
                f"make the disk at least {sizes.show(needed)} large, more if something is to be built on it",
            ) from None


def describe(path: Path) -> Disk:
    """What is known of an image of ours; a UserError that says why if it is none."""
    with _opened(path) as image:
        return _describe(path, image.fileno())


def read(path: Path, name: str) -> bytes | None:
    """A file of an image's root; None if it is not there."""
    with opened(path) as reader:
        return reader.read(name)


def extract(path: Path, folder: str, to: Path) -> None:
    """Copy what is in a folder of an image's root to `to`, which must be absent or empty."""
    with opened(path) as reader:
        reader.extract(folder, to)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[ext4.Reader]:
    """Read from an image of ours.

    If its machine was not shut down in order, a copy is made: reading must apply the journal's changes.
    """
    tools.require("debugfs", "e2fsck", "sfdisk")
    with _opened(path) as image, contextlib.ExitStack() as stack:
        disk = _describe(path, image.fileno())
        place = ext4.Place(path, image.fileno(), disk.root_start)
        if not disk.clean:
            # Not a copy of the whole: e2fsck forgets the offset once it has applied a journal.
            place = ext4.Place(path, stack.enter_context(_root_copied(disk, image.fileno())), 0)
        ext4.verify(place, disk.clean)
        yield ext4.Reader(place)


def _esp_size(given: loader.Given | None) -> int:
    """Of the EFI system partition: what is given, and room for a kernel that has grown."""
    if given is None:
        return _ESP_SIZE
    try:
        size = _ESP_SIZE + given.kernel.stat().st_size + given.initramfs.stat().st_size
    except OSError as error:
        raise UserError(f"cannot read {error.filename}: {error.strerror}") from None
    return size + -size % (64 << 20)


def _partition(path: Path, image: int, size: int, esp_size: int) -> None:
    """Write the GPT, both copies, and the MBR that protects it."""
    root_start = _ESP_START + esp_size
    rows = (  # the last MiB is for the GPT's second copy
        (_ESP_START, esp_size, _ESP_TYPE, _ESP_ID, ESP_NAME),
        (
            root_start,
            size - root_start - _ALIGN,
            _ROOT_TYPE,
            _ROOT_ID,
            ROOT_NAME,
        ),
        (_BIOS_START, _BIOS_SIZE, _BIOS_TYPE, _BIOS_ID, BIOS_NAME),
    )
    if rows[1][1] < _ALIGN:
        needed = root_start + MINIMUM
        raise UserError(
            f"a disk of {sizes.show(size)} is too small", f"at least {sizes.show(needed - needed % _ALIGN)}"
        )
    script = f"label: gpt\nlabel-id: {_DISK_ID}\n" + "".join(
        f'start={start // _SECTOR}, size={length // _SECTOR}, type={kind}, uuid={uuid}, name="{name}"\n'
        for start, length, kind, uuid, name in rows
    )
    # There is no kernel to tell of it, for which sfdisk would first write out all files of this machine.
    argv = ["sfdisk", "--quiet", "--no-tell-kernel", tools.open_file(image)]
    tools.must_run(argv, path, [image], script.encode())


def _make_esp(path: Path, image: int, size: int) -> None:
    """Make the EFI system partition."""
    first, whole = str(_ESP_START // _SECTOR), tools.open_file(image)
    cluster = "1" if size < _SMALL_CLUSTERS else "8"
    tools.must_run(
        ["mkfs.fat", "--invariant", "-F", "32", "-s", cluster, "-n", _ESP_LABEL, "-i", _ESP_SERIAL,
         "-h", first, "--offset", first, whole, str(size // 1024)],
        path, [image],
    )  # fmt: skip


def _put_given(path: Path, image: int, given: loader.Given) -> None:
    """Put a kernel and an initramfs on the EFI system partition, and tell both loaders of them."""
    drive = f"{tools.open_file(image)}@@{_ESP_START}"
    with tempfile.NamedTemporaryFile() as program:
        program.write(loader.efi(given.words))
        program.flush()
        files = {
            "EFI/BOOT/BOOTX64.EFI": Path(program.name),
            "linux": given.kernel,
            "initramfs": given.initramfs,
        }
        for folder in ("EFI", "EFI/BOOT"):
            tools.must_run(["mmd", "-i", drive, f"::/{folder}"], path, [image])
        for name, file in files.items():
            tools.must_run(["mcopy", "-i", drive, str(file.absolute()), f"::/{name}"], path, [image])
    with given.kernel.open("rb") as kernel:
        head = loader.head(kernel.read(1 << 16), given.initramfs.stat().st_size)
    runs = [_runs(path, image, drive, name) for name in ("linux", "initramfs")]
    rows = loader.rows(len(head) // _SECTOR, *runs)
    for sector, data in (
        (loader.WORDS_AT, loader.words(given.words)),
        (loader.HEAD_AT, head),
        (loader.START, loader.table(rows)),
    ):
        os.pwrite(image, data, sector * _SECTOR)


def _runs(path: Path, image: int, drive: str, name: str) -> list[tuple[int, int]]:
    """The sectors of the disk in which a file of the EFI system partition lies: first of a run, how many.

    The fields of FAT32's boot sector are from Microsoft's FAT specification, section 3.
    """
    boot = os.pread(image, _SECTOR, _ESP_START)
    (cluster, reserved, fats) = struct.unpack_from(
        "<BHB", boot, 13
    )  # BPB_SecPerClus, BPB_RsvdSecCnt, BPB_NumFATs
    (fat_size,) = struct.unpack_from("<I", boot, 36)  # BPB_FATSz32
    first = _ESP_START // _SECTOR + reserved + fats * fat_size
    shown = tools.must_run(["mshowfat", "-i", drive, f"::/{name}"], path, [image])
    return [
        (first + (int(start) - 2) * cluster, (int(end or start) - int(start) + 1) * cluster)
        for start, end in re.findall(r"<(\d+)(?:-(\d+))?>", shown)
    ]


def _describe(path: Path, image: int) -> Disk:
    size = os.fstat(image).st_size
    header = os.pread(image, _SECTOR, _SECTOR)
    if header[:8] != b"EFI PART" or len(header) < _SECTOR:
        raise _foreign(path, "it has no GUID partition table")
    (last,) = struct.unpack_from("<Q", header, 32)  # the sector with the table's second copy
    if (last + 1) * _SECTOR > size:
        raise _foreign(path, f"it was cut off: of {(last + 1) * _SECTOR} bytes there are {size}")
    done = tools.run(["sfdisk", "--json", tools.open_file(image)], path, [image])
    try:
        table = json.loads(done.stdout)["partitiontable"]
        parts = [
            (part["name"], part["start"] * _SECTOR, part["size"] * _SECTOR) for part in table["partitions"]
        ]
    except (ValueError, KeyError, TypeError):
        raise _foreign(path, "its partition table is damaged, or another system's") from None
    if table.get("label") != "gpt" or [name for name, _, _ in parts] != [ESP_NAME, ROOT_NAME, BIOS_NAME]:
        raise _foreign(path, f"its partitions are not {ESP_NAME}, {ROOT_NAME} and {BIOS_NAME}")
    _, start, length = parts[1]
    root = ext4.superblock(ext4.Place(path, image, start))
    if root is None or root.label != ROOT_NAME.encode():
        raise _foreign(path, f"its root is not an ext4 that is called {ROOT_NAME}")
    return Disk(path, size, start, length, root.clean, root.free_blocks * ext4.BLOCK)


def _foreign(path: Path, reason: str) -> UserError:
    return UserError(f"{path} is no disk of seedroot's: {reason}", "choose another file, or remove this one")


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """A file, open for reading."""
    try:
        image = path.open("rb")
    except OSError as error:
        raise UserError(f"cannot read the disk {path}: {error.strerror}") from None
    with image:
        if not stat.S_ISREG(os.fstat(image.fileno()).st_mode):
            raise _foreign(path, "it is not a regular file")
        yield image


@contextlib.contextmanager
def _root_copied(disk: Disk, image: int) -> Iterator[int]:
    """A nameless copy of the root alone, if possible beside the image: /tmp may be memory."""
    beside = os.access(disk.path.parent, os.W_OK | os.X_OK)
    with tempfile.TemporaryFile(dir=disk.path.parent if beside else None) as copy:
        try:
            os.ftruncate(copy.fileno(), disk.root_size)
            for start, end in sparse.pieces(image, disk.root_start, disk.root_start + disk.root_size):
                at = os.lseek(copy.fileno(), start - disk.root_start, os.SEEK_SET) + disk.root_start
                while at < end:
                    at += os.sendfile(copy.fileno(), image, at, end - at)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise tools.no_space(disk.path) from None
            raise UserError(f"cannot copy {disk.path}: {error.strerror}") from None
        yield copy.fileno()


@contextlib.contextmanager
def _new(path: Path) -> Iterator[int]:
    """A new file, open; it gets its name when all went well, and is gone otherwise."""
    number, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        try:
            os.fchmod(number, 0o644)
            yield number
        finally:
            os.close(number)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
