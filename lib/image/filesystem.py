# SPDX-License-Identifier: GPL-3.0-or-later
"""File systems, whatever their kind: which one is on a medium, and what is in it."""

from __future__ import annotations

from typing import Literal, Protocol

from lib.image import ext, fat, iso9660, others
from lib.image.medium import Medium
from lib.image.tree import FILE_LIMIT


class FileSystem(Protocol):
    """A file system that is only read. Paths are absolute, with "/" between the names."""

    @property
    def kind(self) -> str:
        """As `blkid` and `mount -t` call it: "iso9660", "vfat", "ext4"."""

    @property
    def label(self) -> str:
        """As `blkid` prints it; "" if there is none."""

    @property
    def uuid(self) -> str:
        """As `blkid` prints it; "" if there is none."""

    @property
    def medium(self) -> Medium:
        """What it lies on."""

    @property
    def readable(self) -> bool:
        """False if its kind is known and nothing else can be said: then it shows no names."""

    def names(self, path: str) -> list[str]:
        """The names in a folder, sorted; none if there is no such folder."""

    def kind_of(self, path: str) -> Literal["file", "folder"] | None:
        """What a path leads to through symbolic links; None if to nothing, or to anything else."""

    def size_of(self, path: str) -> int:
        """The bytes of a file; a UserError if there is none."""

    def read(self, path: str, limit: int = FILE_LIMIT) -> bytes:
        """The first `limit` bytes of a file; a UserError if there is none."""

    def real(self, path: str) -> str | None:
        """The path with its names as the medium has them, and without links; None if it leads nowhere.

        Linux finds it by this one even where it minds upper and lower case, and boot loaders do not.
        """


def detect(medium: Medium) -> FileSystem | None:
    """The file system on a medium; None if there is none that is known; a Damaged if it is unsound."""
    # FAT comes last: its signs are the weakest, and boot sectors of others look like it.
    for reader in (others.known, ext.detect, iso9660.detect, others.udf, fat.detect):
        found = reader(medium)
        if found is not None:
            return found
    return None
