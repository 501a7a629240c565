# SPDX-License-Identifier: GPL-3.0-or-later
"""Emptied archives; tests/e2e/test_audit.py builds from them."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
from pathlib import Path

import pytest

from lib import prove
from tests.unit.test_scan import archive


def contents(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as tar:
        files = [(member.name, tar.extractfile(member)) for member in tar]
        return {name: content.read() if content else b"" for name, content in files}


def compressed(data: bytes, how: str) -> bytes:
    if how == "gz":
        return gzip.compress(data)
    return bz2.compress(data) if how == "bz2" else lzma.compress(data)


@pytest.mark.parametrize("packed", ["a.tar.gz", "a.tar.bz2", "a.tar.xz"])
def test_some_files_are_emptied(tmp_path: Path, packed: str) -> None:
    before = archive(tmp_path / "plain.tar.gz", {"a-1/x": b"1", "a-1/y": b"2", "a-1/" + "z" * 120: b"3"})
    plain = gzip.decompress(before.read_bytes())
    (tmp_path / packed).write_bytes(compressed(plain, packed[6:]))
    prove.empty(tmp_path / packed, tmp_path / "out", {"y"})
    assert contents(tmp_path / "out") == {"a-1/x": b"1", "a-1/y": b"", "a-1/" + "z" * 120: b"3"}
    magic = {"gz": b"\x1f\x8b", "bz2": b"BZh", "xz": b"\xfd7z"}[packed[6:]]
    assert (tmp_path / "out").read_bytes().startswith(magic)


def test_in_an_archive_inside_of_it_too(tmp_path: Path) -> None:
    inner = archive(tmp_path / "in.tar.gz", {"b-1/x": b"1", "b-1/y": b"2"})
    outer = archive(tmp_path / "out.tar.gz", {"a-1/in.tar.gz": inner.read_bytes(), "a-1/c": b"3"})
    prove.empty(outer, tmp_path / "new", {"in.tar.gz!y"})
    found = contents(tmp_path / "new")
    assert found["a-1/c"] == b"3"
    (tmp_path / "inner").write_bytes(found["a-1/in.tar.gz"])
    assert contents(tmp_path / "inner") == {"b-1/x": b"1", "b-1/y": b""}


def test_without_anything_to_empty_it_is_a_copy(tmp_path: Path) -> None:
    before = archive(tmp_path / "a.tar.gz", {"a-1/x": b"1"})
    prove.empty(before, tmp_path / "b", set())
    assert (tmp_path / "b").read_bytes() == before.read_bytes()
