# SPDX-License-Identifier: GPL-3.0-or-later
"""A file system of what is written down in a test."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from hypothesis import settings

from lib.errors import UserError
from lib.image.medium import Medium, of_bytes

patient = settings(deadline=None)
"""For a test of many cases: a busy machine is no mistake."""


def kernel(*, bits: int = 64, protocol: int = 0x020F) -> bytes:
    """What boot loaders look for in a kernel, and nothing else."""
    head = bytearray(0x400)
    head[0x1FE:0x200] = b"\x55\xaa"
    head[0x202:0x208] = b"HdrS" + struct.pack("<H", protocol)
    head[0x211] = 1
    head[0x236] = bits == 64
    return bytes(head)


class Files:
    """A filesystem.FileSystem in memory."""

    readable = True

    def __init__(
        self,
        files: Mapping[str, bytes | str],
        kind: str = "iso9660",
        label: str = "LABEL",
        uuid: str = "1234-ABCD",
    ) -> None:
        self.kind, self.label, self.uuid = kind, label, uuid
        self.medium: Medium = of_bytes(b"")
        self._files = {
            path: content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
            for path, content in files.items()
        }
        self._folders: dict[str, set[str]] = {"/": set()}
        for path in self._files:
            names = path.split("/")[1:]
            for depth, name in enumerate(names):
                self._folders.setdefault("/" + "/".join(names[:depth]), set()).add(name)

    def names(self, path: str) -> list[str]:
        return sorted(self._folders.get(self._plain(path), ()))

    def kind_of(self, path: str) -> Literal["file", "folder"] | None:
        path = self._plain(path)
        return "file" if path in self._files else "folder" if path in self._folders else None

    def size_of(self, path: str) -> int:
        return len(self.read(path, 1 << 40))

    def read(self, path: str, limit: int = 1 << 20) -> bytes:
        if self._plain(path) not in self._files:
            raise UserError(f"there is no file {path}")
        return self._files[self._plain(path)][:limit]

    def real(self, path: str) -> str | None:
        return None if self.kind_of(path) is None else self._plain(path)

    @staticmethod
    def _plain(path: str) -> str:
        assert path.startswith("/"), path
        assert "\0" not in path
        assert ".." not in path.split("/"), "a path leaves the medium"
        return "/" + "/".join(name for name in path.split("/") if name not in ("", "."))


def folder(top: Path, more: Mapping[str, bytes | str]) -> Files:
    """What is in a real folder, and more."""
    found: dict[str, bytes | str] = {
        f"/{path.relative_to(top)}": path.read_bytes() for path in sorted(top.rglob("*")) if path.is_file()
    }
    return Files({**found, **more})
