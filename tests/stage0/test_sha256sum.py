# SPDX-License-Identifier: GPL-3.0-or-later
"""sha256sum: the digests of hashlib, the format and the checking of coreutils."""

import hashlib
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stage0 import toolbox


@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=300))
def test_digest(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.mktemp("sha") / "f"
    file.write_bytes(data)
    assert toolbox.ok("sha256sum", file) == f"{hashlib.sha256(data).hexdigest()}  {file}\n"


@pytest.mark.parametrize("size", [0, 55, 56, 63, 64, 65, 119, 120, 65535, 65536, 65537, 1 << 20])
def test_lengths(tmp_path: Path, size: int) -> None:
    data = bytes(i * i >> 3 & 255 for i in range(size))
    (tmp_path / "f").write_bytes(data)
    assert toolbox.ok("sha256sum", "f", cwd=tmp_path).split()[0] == hashlib.sha256(data).hexdigest()


def test_as_coreutils(tmp_path: Path) -> None:
    names = ["a", "b c", "-", "ä"]
    for name in names:
        (tmp_path / name).write_text(name * 1000)
    paths = [f"./{name}" for name in names]
    theirs = subprocess.check_output(["sha256sum", *paths], cwd=tmp_path, text=True)
    assert toolbox.ok("sha256sum", *paths, cwd=tmp_path) == theirs
    (tmp_path / "SUMS").write_text("# a comment\n\n" + theirs)
    assert toolbox.ok("sha256sum", "-c", "SUMS", cwd=tmp_path) == "".join(f"{path}: OK\n" for path in paths)
    subprocess.run(["sha256sum", "-c", "SUMS"], cwd=tmp_path, capture_output=True, check=True)


def test_every_bad_file_is_reported(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).write_text(name)
    (tmp_path / "SUMS").write_text(toolbox.ok("sha256sum", "a", "b", "c", cwd=tmp_path))
    (tmp_path / "a").write_text("A")
    (tmp_path / "b").unlink()
    done = toolbox.run("sha256sum", "-c", "SUMS", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout == b"a: FAILED\nb: FAILED\nc: OK\n"
    first, second = done.stderr.decode().splitlines()
    was, now = (hashlib.sha256(data).hexdigest() for data in (b"a", b"A"))
    assert first == f"sha256sum: SUMS:1: a: expected {was}, found {now}"
    assert second.startswith("sha256sum: SUMS:2: b: ")
    assert second.endswith("no such file")


@pytest.mark.parametrize(
    "line",
    [
        "00",
        "0" * 64,
        "0" * 64 + "  ",
        "0" * 64 + " a",
        "0" * 63 + "g  a",
        "0" * 65 + " a",
        "\\" + "0" * 64 + "  a",
        "0" * 64 + "  a\0b",
    ],
)
def test_malformed_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "a").write_text("a")
    (tmp_path / "SUMS").write_text(f"{hashlib.sha256(b'a').hexdigest()}  a\n{line}\n")
    assert toolbox.fails("sha256sum", "-c", "SUMS", cwd=tmp_path).startswith("sha256sum: SUMS:2: not a line ")


def test_empty_list_and_missing_files(tmp_path: Path) -> None:
    (tmp_path / "SUMS").write_text("# nothing\n")
    assert "no digests" in toolbox.fails("sha256sum", "-c", "SUMS", cwd=tmp_path)
    assert "nosuch: No such file" in toolbox.fails("sha256sum", "-c", "nosuch", cwd=tmp_path)
    assert "nosuch: No such file" in toolbox.fails("sha256sum", "nosuch", cwd=tmp_path)
    assert "usage" in toolbox.fails("sha256sum")
    assert "usage" in toolbox.fails("sha256sum", "-c")
