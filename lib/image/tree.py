# SPDX-License-Identifier: GPL-3.0-or-later
"""What all file systems have in common: names, folders, files and symbolic links, found by their paths."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from dataclasses import dataclass
from typing import Any, Literal

from lib.errors import UserError
from lib.image.medium import Damaged, Medium

FILE_LIMIT = 1 << 20
"""Bytes that `read` gives if it is not told how many."""
FOLDER_LIMIT = 8 << 20
"""Bytes of a folder's list of names; a longer one is refused."""
_LINKS = 40  # symbolic links on the way to a file, as in Linux
_STEPS = 1000  # names on the way to a file, with those that links bring
_KEPT = 64  # folders whose names are kept in memory


@dataclass(frozen=True)
class Node:
    """What a name stands for."""

    kind: Literal["file", "folder", "link", "other"]
    size: int
    place: Any
    """Where its file system has it; can be a key of a dictionary."""


class Tree(ABC):
    """A filesystem.FileSystem, made from the few things that each kind of them does its own way."""

    kind: str
    label: str
    uuid: str
    medium: Medium
    readable = True
    folds = False
    """Whether names are the same in upper and lower case."""

    def __init__(self) -> None:
        self._folders: dict[Any, dict[str, Node]] = {}

    @abstractmethod
    def _root(self) -> Node:
        """The uppermost folder."""

    @abstractmethod
    def _list(self, folder: Node) -> dict[str, Node]:
        """What is in a folder, without "." and ".."."""

    @abstractmethod
    def _content(self, file: Node, limit: int) -> bytes:
        """The first `limit` bytes of a file."""

    def _target(self, link: Node) -> str:
        """What a symbolic link says."""
        raise NotImplementedError

    def names(self, path: str) -> list[str]:
        """See filesystem.FileSystem."""
        found = self._find(path)
        if found is None or found[-1][1].kind != "folder":
            return []
        return sorted(self._children(found[-1][1]))

    def kind_of(self, path: str) -> Literal["file", "folder"] | None:
        """See filesystem.FileSystem."""
        found = self._find(path)
        kind = found[-1][1].kind if found else None
        return kind if kind == "file" or kind == "folder" else None  # noqa: PLR1714 - mypy understands this

    def size_of(self, path: str) -> int:
        """See filesystem.FileSystem."""
        return self._file(path).size

    def read(self, path: str, limit: int = FILE_LIMIT) -> bytes:
        """See filesystem.FileSystem."""
        node = self._file(path)
        return self._content(node, min(limit, node.size))

    def real(self, path: str) -> str | None:
        """See filesystem.FileSystem."""
        found = self._find(path)
        return None if found is None else "/" + "/".join(name for name, _ in found[1:])

    def _file(self, path: str) -> Node:
        found = self._find(path)
        if found is None or found[-1][1].kind != "file":
            raise UserError(f"there is no file {path} in the {self.kind} file system")
        return found[-1][1]

    def _find(self, path: str) -> list[tuple[str, Node]] | None:
        """The way from the root to what a path leads to; None if it leads nowhere."""
        way = [("", self._root())]
        todo = deque(path.split("/"))
        links = 0
        for _ in range(_STEPS):
            if not todo:
                return way
            name = todo.popleft()
            if name in ("", "."):
                continue
            if way[-1][1].kind != "folder":
                return None
            if name == "..":
                way = way[:-1] or way
                continue
            child = self._child(way[-1][1], name)
            if child is None:
                return None
            if child[1].kind != "link":
                way.append(child)
                continue
            links += 1
            if links > _LINKS:
                return None
            target = self._target(child[1])
            if target.startswith("/"):
                way = way[:1]
            todo.extendleft(reversed(target.split("/")))
        return None

    def _child(self, folder: Node, name: str) -> tuple[str, Node] | None:
        children = self._children(folder)
        if name in children:
            return name, children[name]
        if self.folds:
            folded = name.casefold()
            return next((item for item in children.items() if item[0].casefold() == folded), None)
        return None

    def _children(self, folder: Node) -> dict[str, Node]:
        if folder.place not in self._folders:
            if len(self._folders) >= _KEPT:
                self._folders.clear()
            self._folders[folder.place] = self._list(folder)
        return self._folders[folder.place]


def pieces(medium: Medium, extents: list[tuple[int, int]], limit: int) -> bytes:
    """The first `limit` bytes of what lies in pieces of (offset, length); zeros for a negative offset."""
    data = bytearray()
    for offset, size in extents:
        length = min(size, limit - len(data))
        data += bytes(length) if offset < 0 else medium.read(offset, length)
    if len(data) < limit:
        raise Damaged(f"a file is {limit} bytes long, and only {len(data)} of them are on the medium")
    return bytes(data)
