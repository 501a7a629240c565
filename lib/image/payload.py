# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes onto the EFI system partition: the files of efi.tar.xz, which a step of the chain makes."""

from __future__ import annotations

import io
import lzma
import tarfile
import zlib
from pathlib import Path

from lib.errors import UserError

STEP = "gen-kexec"
"""The step whose package has the archive."""
ARCHIVE = "usr/share/gen-kexec/efi.tar.xz"
"""Where in the package."""
SCRIPT = "kexec.sourceme"
"""The file that is made anew for each image."""
_LOADER = "EFI/Boot/bootx64.efi"
_LIMIT = 90 << 20  # bytes of all files together: as many as fit
_NAMES = 1000


def of_package(package: Path) -> dict[str, bytes]:
    """The files, by path, out of the package of the step."""
    try:
        with tarfile.open(package, "r:") as archive:
            member = next((one for one in archive if one.name.removeprefix("./") == ARCHIVE), None)
            content = archive.extractfile(member) if member is not None else None
            if content is None:
                raise UserError(f"{package} has no {ARCHIVE}", f"build {STEP} anew: --rebuild {STEP}")
            return _files(content.read(), str(package))
    except (tarfile.TarError, EOFError) as error:
        raise UserError(f"{package} is no package: {error}") from None


def of_archive(path: Path) -> dict[str, bytes]:
    """The files, by path, out of an efi.tar.xz that somebody has."""
    try:
        if path.stat().st_size > _LIMIT:
            raise UserError(f"{path} is larger than {_LIMIT >> 20} MiB: it is no efi.tar.xz")
        data = path.read_bytes()
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror}") from None
    return _files(data, str(path))


def _files(data: bytes, origin: str) -> dict[str, bytes]:
    """What an archive holds; names that are none for FAT are refused when it is written."""
    found: dict[str, bytes] = {}
    left = _LIMIT
    try:
        unpacked = lzma.LZMADecompressor(memlimit=256 << 20).decompress(data, max_length=_LIMIT + (1 << 20))
        with tarfile.open(fileobj=io.BytesIO(unpacked), mode="r:") as archive:
            for member in archive:
                if member.isdir():
                    continue
                left -= member.size
                if not member.isreg() or left < 0 or len(found) >= _NAMES:
                    raise UserError(f"{origin}: {member.name!r} is no file for an EFI system partition")
                content = archive.extractfile(member)
                found[member.name.removeprefix("./")] = content.read() if content else b""
    except (lzma.LZMAError, tarfile.TarError, EOFError, zlib.error, ValueError) as error:
        raise UserError(
            f"{origin} is no efi.tar.xz: {error}", f"build one: ./rootfs.py --chroot --until {STEP}"
        ) from None
    names = {name.lower() for name in found}
    if _LOADER.lower() not in names:
        raise UserError(f"{origin} has no {_LOADER}", f"build one: ./rootfs.py --chroot --until {STEP}")
    return found
