# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages: the deterministic tars that steps become. Unpacked by the host, and compared file by file."""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lib.errors import UserError


@dataclass(frozen=True)
class Entry:
    """All that is said about one name of a package."""

    name: str
    kind: str
    mode: int
    owner: tuple[int, int]
    time: float
    link: str
    size: int
    digest: str

    def differs(self, other: Entry) -> str:
        """What differs, in words."""
        for what in ("kind", "mode", "owner", "time", "link", "size"):
            mine, theirs = getattr(self, what), getattr(other, what)
            if mine != theirs:
                if what == "mode":
                    mine, theirs = f"{mine:04o}", f"{theirs:04o}"
                return f"{what} {mine} and {theirs}"
        return "content" if self.digest != other.digest else ""


_KINDS = {
    tarfile.REGTYPE: "file",
    tarfile.AREGTYPE: "file",
    tarfile.DIRTYPE: "folder",
    tarfile.SYMTYPE: "link",
}


def entries(tar: Path) -> Iterator[Entry]:
    """The entries of a package in order; refuses what no package of ours holds."""
    with _open(tar) as archive:
        for member in archive:
            yield _entry(tar, archive, member)


def names(tar: Path) -> set[str]:
    """What is in a package, by name only."""
    with _open(tar) as archive:
        return {str(PurePosixPath(member.name)) for member in archive}


def unpack(tar: Path, root: Path) -> None:
    """Lay a package out below a root, as `pack` does in the guest; what is there is replaced."""
    with _open(tar) as archive:
        for member in archive:
            entry = _entry(tar, archive, member)
            if entry.name == ".":
                continue
            path = root / entry.name
            inside = path if entry.kind == "folder" else path.parent
            if not inside.resolve().is_relative_to(root.resolve()):
                raise _broken(tar, f"the name {member.name!r} leads out through a link")
            if entry.kind == "folder":
                path.mkdir(parents=True, exist_ok=True)
                path.chmod(entry.mode)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            if entry.kind == "link":
                path.symlink_to(entry.link)
                continue
            content = archive.extractfile(member)
            with path.open("wb") as out:
                while content is not None and (chunk := content.read(1 << 20)):
                    out.write(chunk)
            path.chmod(entry.mode)


def first_difference(ours: Path, theirs: Path) -> str | None:
    """The first name in which two packages differ and how, in one line; None if they say the same."""
    left = {entry.name: entry for entry in entries(ours)}
    right = {entry.name: entry for entry in entries(theirs)}
    for name in sorted(left.keys() | right.keys()):
        if name not in right or name not in left:
            return f"{name}: only in {ours if name in left else theirs}"
        if difference := left[name].differs(right[name]):
            return f"{name}: {difference}"
    return None


def _open(tar: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(tar, "r:")
    except tarfile.TarError as error:
        raise _broken(tar, str(error)) from None


def _entry(tar: Path, archive: tarfile.TarFile, member: tarfile.TarInfo) -> Entry:
    name = PurePosixPath(member.name)
    if name.is_absolute() or ".." in name.parts:
        raise _broken(tar, f"the name {member.name!r} leads out of the package")
    if member.type not in _KINDS:
        raise _broken(tar, f"{member.name!r} is neither a file, a folder nor a symbolic link")
    summed = hashlib.sha256()
    try:
        content = archive.extractfile(member) if member.isreg() else None
        while content is not None and (chunk := content.read(1 << 20)):
            summed.update(chunk)
    except tarfile.TarError as error:
        raise _broken(tar, str(error)) from None
    return Entry(
        str(name), _KINDS[member.type], member.mode & 0o7777, (member.uid, member.gid), member.mtime,
        member.linkname, member.size, summed.hexdigest(),
    )  # fmt: skip


def _broken(tar: Path, reason: str) -> UserError:
    return UserError(f"{tar}: not a package: {reason}", "remove it; it will be built again")
