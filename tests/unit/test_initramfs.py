# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib import initramfs
from lib.errors import UserError

from .trees import contents

needs_cpio = pytest.mark.skipif(shutil.which("cpio") is None, reason="GNU cpio is not installed")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    (root / "bin").mkdir(parents=True)
    (root / "empty").mkdir()
    (root / "init").write_bytes(b"\x7fELF")
    (root / "init").chmod(0o700)
    (root / "bin/a-b").write_text("before a/ in plain byte order")
    (root / "bin/a").mkdir()
    (root / "bin/a/text").write_text("x" * 5)
    (root / "bin/link").symlink_to("a/text")
    (root / "bin/far").symlink_to("nowhere/" * 300)
    (root / "bin" / os.fsdecode(b"not-utf8-\xff")).write_text("")
    return root


def listing(archive: Path, *options: str) -> list[str]:
    with archive.open("rb") as source:
        done = subprocess.run(
            ["cpio", "-t", "--quiet", *options], stdin=source, capture_output=True, check=True
        )
    return done.stdout.decode(errors="surrogateescape").splitlines()


@needs_cpio
def test_cpio_lists_names_modes_and_devices(tree: Path, tmp_path: Path) -> None:
    archive = tmp_path / "i.cpio"
    initramfs.build(tree, archive)
    names = listing(archive)
    assert names == sorted(names, key=os.fsencode)
    assert {"init", "bin/a/text", "bin/link", "dev", "dev/console", "dev/null", "empty"} <= set(names)
    long = {line.split()[-1]: line.split() for line in listing(archive, "-v", "--numeric-uid-gid")}
    assert long["init"][0] == "-rwxr-xr-x"
    assert long["bin/a/text"][0] == "-rw-r--r--"
    assert long["dev/console"][0] == "crw-------"
    assert long["dev/console"][4:6] == ["5,", "1"]
    assert all(fields[2:4] == ["0", "0"] for fields in long.values())


@needs_cpio
def test_cpio_extracts_what_went_in(tree: Path, tmp_path: Path) -> None:
    archive = tmp_path / "i.cpio"
    initramfs.build(tree, archive, devices=())
    out = tmp_path / "out"
    extract(archive, out)
    assert contents(out) == contents(tree)


def test_two_builds_are_equal_whatever_times_and_order(tree: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(tree, other, symlinks=True, copy_function=shutil.copyfile)
    (other / "init").chmod(0o755)
    first, second = tmp_path / "1.cpio", tmp_path / "2.cpio"
    assert initramfs.build(tree, first) == initramfs.build(other, second)
    assert first.read_bytes() == second.read_bytes()
    assert hashlib.sha256(first.read_bytes()).hexdigest() == initramfs.build(tree, first)


def test_our_devices_win_over_the_tree(tree: Path, tmp_path: Path) -> None:
    (tree / "dev").mkdir()
    bare = tmp_path / "bare.cpio"
    initramfs.build(tree, bare)
    (tree / "dev/null").write_text("a chroot's mount point")
    with_file = tmp_path / "file.cpio"
    initramfs.build(tree, with_file)
    assert bare.read_bytes() == with_file.read_bytes()


def test_an_archive_appears_when_it_is_complete(tree: Path, tmp_path: Path) -> None:
    target = tmp_path / "deep" / "i.cpio"
    os.mkfifo(tree / "pipe")
    with pytest.raises(UserError, match="pipe is neither a file"):
        initramfs.build(tree, target)
    assert list(target.parent.iterdir()) == []


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(os.mkfifo, id="fifo"),
        pytest.param(lambda path: socket.socket(socket.AF_UNIX).bind(str(path)), id="socket"),
    ],
)
def test_special_files_are_refused(tmp_path: Path, make: Callable[[Path], None]) -> None:
    root = tmp_path / "r"
    root.mkdir()
    make(root / "odd")
    with pytest.raises(UserError, match="odd"):
        initramfs.build(root, tmp_path / "i.cpio")


def test_a_file_of_four_gibibytes_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "r"
    root.mkdir()
    with (root / "big").open("wb") as big:
        big.truncate(1 << 32)
    with pytest.raises(UserError, match="too big"):
        initramfs.build(root, tmp_path / "i.cpio")


def test_a_name_beyond_the_kernels_limit_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "r"
    root.mkdir()
    here = os.open(root, os.O_DIRECTORY)
    for _ in range(17):  # longer than PATH_MAX in all, so it has to be made step by step
        os.mkdir("d" * 240, dir_fd=here)
        below = os.open("d" * 240, os.O_DIRECTORY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    try:
        with pytest.raises(UserError, match="too long"):
            initramfs.build(root, tmp_path / "i.cpio")
    finally:
        subprocess.run(["rm", "-rf", root], check=True)


names = st.text(
    st.characters(exclude_characters="/\0\n", exclude_categories=["Cs"]), min_size=1, max_size=20
).filter(lambda name: name not in (".", "..", "TRAILER!!!") and name.strip() == name)
leaves = st.tuples(st.binary(max_size=70), st.booleans())
trees = st.recursive(leaves, lambda below: st.dictionaries(names, below, max_size=4), max_leaves=8)


@needs_cpio
@settings(max_examples=25, deadline=None)
@given(st.dictionaries(names, trees, max_size=4))
def test_cpio_brings_any_tree_back(wanted: dict[str, object]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        root, archive, out = Path(scratch, "r"), Path(scratch, "i.cpio"), Path(scratch, "o")
        lay_out(root, wanted)
        initramfs.build(root, archive, devices=())
        extract(archive, out)
        assert contents(out) == contents(root)


def lay_out(path: Path, wanted: object) -> None:
    if isinstance(wanted, dict):
        path.mkdir()
        for name, below in wanted.items():
            lay_out(path / name, below)
    else:
        assert isinstance(wanted, tuple)
        path.write_bytes(wanted[0])
        path.chmod(0o755 if wanted[1] else 0o644)


def extract(archive: Path, out: Path) -> None:
    out.mkdir()
    with archive.open("rb") as source:
        command = ["cpio", "-i", "-d", "--quiet", "--no-absolute-filenames", "--preserve-modification-time"]
        subprocess.run(command, stdin=source, cwd=out, check=True)
