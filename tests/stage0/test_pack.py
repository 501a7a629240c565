# SPDX-License-Identifier: GPL-3.0-or-later
"""pack: the same bytes from the same files, the bytes of GNU tar, and what it installs."""

import hashlib
import io
import os
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.stage0 import toolbox


def fill(root: Path, name: str = "p") -> Path:
    tree = root / "destdir" / name
    (tree / "bin").mkdir(parents=True)
    (tree / "lib/a").mkdir(parents=True)
    (tree / "lib-x").mkdir()
    (tree / "bin/run").write_bytes(b"\x7fELF" * 3000)
    (tree / "bin/run").chmod(0o755)
    (tree / "lib/a/data").write_text("data")
    (tree / "lib/a/data").chmod(0o644)
    (tree / "lib/a/empty").write_text("")
    (tree / "lib/a/empty").chmod(0o644)
    (tree / "lib/link").symlink_to("a/data")
    deep = tree / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    (deep / "f").write_text("deep")
    (deep / "f").chmod(0o644)
    for folder in [tree, *(path for path in tree.rglob("*") if path.is_dir())]:
        folder.chmod(0o755)
    return tree


def pack(root: Path, name: str = "p") -> bytes:
    """Pack; check the line that it prints; return the archive."""
    line = toolbox.ok("pack", "--root", root, name)
    data = (root / "packages" / f"{name}.tar").read_bytes()
    assert line == f"#: done {name} {hashlib.sha256(data).hexdigest()}\n"
    return data


def test_the_bytes_of_gnu_tar(tmp_path: Path) -> None:
    tree = fill(tmp_path)
    options = [
        "--blocking-factor=1",
        "--format=ustar",
        "--sort=name",
        "--owner=0",
        "--group=0",
        "--numeric-owner",
        "--mtime=@0",
    ]
    names = sorted(path.name for path in tree.iterdir())
    command = ["tar", *options, "-cf", "-", *names]
    theirs = subprocess.run(command, cwd=tree, capture_output=True, check=True)
    assert pack(tmp_path) == theirs.stdout


def test_python_reads_it(tmp_path: Path) -> None:
    fill(tmp_path)
    with tarfile.open(fileobj=io.BytesIO(pack(tmp_path))) as tar:
        members = {member.name: member for member in tar}
    assert list(members)[:3] == ["bin", "bin/run", "d" * 60]
    assert {(m.uid, m.gid, m.uname, m.gname, m.mtime) for m in members.values()} == {(0, 0, "", "", 0)}
    modes = [members[name].mode for name in ("bin", "bin/run", "lib/a/data", "lib/link")]
    assert modes == [0o755, 0o755, 0o644, 0o777]
    assert members["lib/link"].linkname == "a/data"


def test_umask_and_times_and_order_do_not_matter(tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    fill(first)
    before = os.umask(0o077)
    try:
        tree = fill(second)
        for path in sorted(tree.rglob("*"), reverse=True):
            if not path.is_symlink():
                path.chmod(0o700 if path.stat().st_mode & 0o100 else 0o600)
                os.utime(path, (1e9, 1e9))
        assert pack(second) == pack(first)
    finally:
        os.umask(before)
    assert (second / "bin/run").stat().st_mode & 0o777 == 0o755
    assert (second / "lib/a/data").stat().st_mode & 0o777 == 0o644


def test_installs_over_what_is_there(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/run").write_text("old")
    (tmp_path / "bin/other").write_text("stays")
    pack(tmp_path)
    assert (tmp_path / "bin/run").read_bytes() == b"\x7fELF" * 3000
    assert (tmp_path / "bin/other").read_text() == "stays"
    assert (tmp_path / "lib/link").readlink() == Path("a/data")
    assert pack(tmp_path) == pack(tmp_path)


def test_empty_package(tmp_path: Path) -> None:
    (tmp_path / "destdir/p").mkdir(parents=True)
    assert pack(tmp_path) == bytes(1024)


@pytest.mark.parametrize("size", [511, 512, 513, 10240 - 2048, 10240, 100_000])
def test_sizes(tmp_path: Path, size: int) -> None:
    tree = tmp_path / "destdir/p"
    tree.mkdir(parents=True)
    (tree / "f").write_bytes(bytes([7]) * size)
    data = pack(tmp_path)
    assert len(data) == 512 + (size + 511) // 512 * 512 + 1024
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        file = tar.extractfile("f")
        assert file is not None
        assert file.read() == bytes([7]) * size


def test_failures(tmp_path: Path) -> None:
    assert "usage" in toolbox.fails("pack")
    assert "usage" in toolbox.fails("pack", "a/b")
    assert "destdir/p: No such file" in toolbox.fails("pack", "--root", tmp_path, "p")
    tree = tmp_path / "destdir/p"
    (tree / ("n" * 101)).mkdir(parents=True)
    assert "the name is too long for tar" in toolbox.fails("pack", "--root", tmp_path, "p")
    assert not (tmp_path / "packages/p.tar").exists()
    (tree / ("n" * 101)).rmdir()
    (tree / "s").symlink_to("t" * 101)
    assert "the target of the symlink is too long" in toolbox.fails("pack", "--root", tmp_path, "p")
    (tree / "s").unlink()
    os.mkfifo(tree / "fifo")
    assert "neither a file nor a directory" in toolbox.fails("pack", "--root", tmp_path, "p")
    (tree / "fifo").unlink()
    (tree / "x").mkdir()
    (tmp_path / "x").write_text("a file")
    assert "x: is in the way: not a directory" in toolbox.fails("pack", "--root", tmp_path, "p")
