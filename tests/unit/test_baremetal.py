# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from lib import baremetal, disk, layout, plan, sources
from lib.layout import Target


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Target:
    monkeypatch.setattr(
        disk, "create", lambda path, tree, size: path.write_text(f"{size} {(tree / 'sysc.kaem').exists()}")
    )
    (tmp_path / "target").mkdir()
    return Target(tmp_path / "target")


def write(base: Path, target: Target, until: str | None = None) -> list[str]:
    source = target.path / "two.tar"
    source.write_bytes(b"source")
    chain = plan.load(base, sources.load(base).digests)
    return baremetal.write(chain, until, target, {"two.tar": source}, 1 << 30)


def contents(archive: Path, folder: Path) -> dict[str, bytes]:
    """The files of an initramfs, by GNU cpio."""
    folder.mkdir()
    extract = ["cpio", "-idm", "--quiet", "--no-absolute-filenames", "--nonmatching", "dev/*"]
    with archive.open("rb") as data:
        subprocess.run(extract, stdin=data, cwd=folder, check=True)
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_stick_has_the_seed_the_sources_and_the_whole_script(
    two_systems: Path, target: Target, tmp_path: Path
) -> None:
    said = "\n".join(write(two_systems, target))
    folder = target.path / "bare-metal"
    found = contents(folder / "initramfs.cpio", tmp_path / "found")
    assert found["init"] == b"\x7fELF"
    assert found["distfiles/two.tar"] == b"source"
    assert found["sysa.kaem"].endswith(b"sh /sysa/leave.sh\n")
    assert found["takes"] == b"tools\none\n"
    assert b"seedroot.shell" in found["next"]
    assert (folder / "disk.img").read_text() == f"{1 << 30} True"
    assert str(folder / "initramfs.cpio") in said
    assert "dd if=" in said
    names = subprocess.run(
        ["cpio", "-t", "--quiet"],
        stdin=(folder / "initramfs.cpio").open("rb"),
        capture_output=True,
        check=True,
    )
    assert b"dev/console" in names.stdout
    assert b"dev/ttyS1" not in names.stdout  # nobody would read the packages there
    assert not (folder / "root").exists()


def test_without_a_later_system_there_is_no_disk(two_systems: Path, target: Target, tmp_path: Path) -> None:
    said = "\n".join(write(two_systems, target, "one"))
    assert "disk.img" not in said
    found = contents(target.path / "bare-metal/initramfs.cpio", tmp_path / "found")
    assert found["sysa.kaem"].endswith(b"#: end\ncd /\nkaem -i\n")


def test_the_same_twice(two_systems: Path, target: Target) -> None:
    assert write(two_systems, target)[0] == write(two_systems, target)[0]
    assert layout.Target(target.path / "bare-metal").disk.exists()
