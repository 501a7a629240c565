# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from lib import baremetal, disk, layout, loader, plan, sources
from lib.layout import Target


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Target:
    def create(path: Path, tree: Path, size: int, given: loader.Given | None) -> None:
        if given is not None:
            shutil.copy(given.initramfs, path.with_suffix(".cpio"))
        words = given.words if given else None
        path.write_text(f"{size} {(tree / 'sysc.kaem').exists()} {words}")

    monkeypatch.setattr(disk, "create", create)
    (tmp_path / "target").mkdir()
    return Target(tmp_path / "target")


def write(
    base: Path, target: Target, until: str | None = None, stick: baremetal.Stick | None = None
) -> list[str]:
    source = target.path / "two.tar"
    source.write_bytes(b"source")
    chain = plan.load(base, sources.load(base).digests)
    return baremetal.write(chain, until, target, {"two.tar": source}, 1 << 30, stick=stick)


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
    assert (folder / "disk.img").read_text() == f"{1 << 30} True None"
    assert str(folder / "initramfs.cpio") in said
    assert f"write {folder / 'disk.img'}" in said
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


@pytest.mark.parametrize(("until", "has_later"), [(None, True), ("one", False)])
def test_one_image_for_a_stick(
    two_systems: Path, target: Target, tmp_path: Path, until: str | None, has_later: bool
) -> None:
    image = tmp_path / "stick.img"
    said = "\n".join(write(two_systems, target, until, baremetal.Stick(image, Path("/boot/linux"))))
    assert "started by /boot/linux" in said
    assert f"write {image}" in said
    words = "initrd=\\initramfs quiet panic=60 rootfstype=ramfs console=ttyS0,115200 console=tty0"
    assert image.read_text() == f"{1 << 30} {has_later} {words}"
    found = contents(tmp_path / "stick.cpio", tmp_path / "found")
    assert found["init"] == b"\x7fELF"
    if has_later:
        assert found["next"] == b"quiet panic=60 console=ttyS0,115200 console=tty0 seedroot.shell\n"
    assert {path.name for path in (target.path / "bare-metal").iterdir()} <= {"disk.json"}
