# SPDX-License-Identifier: GPL-3.0-or-later
"""Diverse double-compiling: the host's gcc in the place of our cc gives the same tcc."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from lib import ddc, deps
from tests.e2e import cli
from tests.e2e.conftest import Grown

pytestmark = pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed")


def verify(target: Path) -> subprocess.CompletedProcess[str]:
    return cli.run(cli.BASE, "verify", "--ddc", "--target", str(target), cache=deps.cache().parent)


def altered(package: Path, to: Path, member: str) -> None:
    """A copy of a package in which one byte of one file, in the middle of it, is another one."""
    with tarfile.open(package) as old, tarfile.open(to, "w") as new:
        for info in old:
            file = old.extractfile(info)
            content = bytearray(file.read() if file else b"")
            if info.name == member:
                content[len(content) // 2] ^= 1
            new.addfile(info, io.BytesIO(content))


def test_gcc_in_the_place_of_cc_gives_the_same_bytes(grown: Grown) -> None:
    target = grown("hello").path
    done = verify(target)
    assert done.returncode == 0, done.stdout
    assert "equal, whether cc or gcc" in done.stdout
    assert not (target / "ddc").exists()


@pytest.mark.parametrize("name", ["tcc", "libc.a"])
def test_one_other_bit_is_found(grown: Grown, tmp_path: Path, name: str) -> None:
    packages = tmp_path / "target/root/packages"
    shutil.copytree(grown("hello").root / "packages", packages)
    shutil.copy(grown("hello").path / ".seedroot", tmp_path / "target")
    tar = packages / f"{ddc.STEP}.tar"
    altered(tar, tmp_path / "altered.tar", ddc.RESULTS[name])
    (tmp_path / "altered.tar").replace(tar)
    cli.refused(verify(tmp_path / "target"), f"{name} differs (first at byte")


def test_nothing_has_been_grown_yet(tmp_path: Path) -> None:
    cli.refused(verify(tmp_path / "nowhere"), "grow the chain first")
