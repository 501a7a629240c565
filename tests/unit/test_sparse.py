# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies of files with and without holes."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib import sparse

BLOCK = 64 << 10  # no file system here has larger blocks
EDGES = st.lists(st.integers(0, 40), min_size=2, max_size=8, unique=True).map(sorted)
"""Where data and holes begin in turn, in blocks."""


def _copied(source: Path, to: Path, size: int) -> list[int]:
    with source.open("rb") as one, to.open("w+b") as other:
        return list(sparse.copy(one.fileno(), other.fileno(), size))


def _pieces(path: Path, size: int) -> list[tuple[int, int]]:
    with path.open("rb") as file:
        return list(sparse.pieces(file.fileno(), 0, size))


def _made(folder: Path, edges: list[int], size: int) -> Path:
    """A file with data between the first place and the second, a hole up to the third, and so on."""
    path = folder / "source"
    with path.open("wb") as file:
        for start, end in zip(edges[::2], edges[1::2], strict=False):
            file.seek(start * BLOCK)
            file.write(os.urandom((end - start) * BLOCK))
        file.truncate(size)
    return path


@given(edges=EDGES, odd=st.integers(0, BLOCK - 1), shorter=st.integers(0, 3 * BLOCK))
def test_a_copy_has_the_same_bytes_and_holes(
    edges: list[int], odd: int, shorter: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("copy")
    size = 40 * BLOCK + odd
    source = _made(folder, edges, size)
    wanted = size - shorter
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sparse, "_PIECE", 3 * BLOCK + 5)
        patch.setattr(sparse, "_BEHIND", 4 * BLOCK)
        reached = _copied(source, folder / "copy", wanted)
    assert (folder / "copy").read_bytes() == source.read_bytes()[:wanted]
    assert _pieces(folder / "copy", wanted) == _pieces(source, wanted)
    assert reached == sorted(reached) and reached[-1] == wanted


def test_onto_another_file_system(tmp_path: Path) -> None:
    """Where the kernel has no copy_file_range between the two."""
    source = _made(tmp_path, [0, 3, 5, 9], 10 * BLOCK + 1)
    number = os.memfd_create("other")
    with source.open("rb") as file, os.fdopen(number, "w+b") as other:
        assert list(sparse.copy(file.fileno(), number, 10 * BLOCK + 1))[-1] == 10 * BLOCK + 1
        other.seek(0)
        assert other.read() == source.read_bytes()
        assert os.lseek(number, 0, os.SEEK_HOLE) == 3 * BLOCK


def test_a_file_that_becomes_shorter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = _made(tmp_path, [0, 9], 9 * BLOCK)
    monkeypatch.setattr(sparse, "_PIECE", BLOCK)
    with source.open("rb") as one, (tmp_path / "copy").open("wb") as other:
        copying = sparse.copy(one.fileno(), other.fileno(), 9 * BLOCK)
        assert next(copying) == BLOCK
        os.truncate(source, 2 * BLOCK)
        with pytest.raises(OSError, match="shorter") as caught:
            list(copying)
    assert caught.value.errno == errno.EIO
