# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
from pathlib import Path

import pytest

from lib import tools
from lib.errors import UserError


def fake(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_tools_that_are_missing_are_named_with_their_packages(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tools, "_SBIN", (str(tmp_path),))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="mke2fs, debugfs, sfdisk were not found") as caught:
        tools.require("mke2fs", "debugfs", "sfdisk")
    assert caught.value.hint == "install what is missing: apt-get install e2fsprogs fdisk"
    with pytest.raises(UserError, match=r"^mkfs\.fat was not found") as caught:
        tools.run(["mkfs.fat"], tmp_path)
    assert "dosfstools" in caught.value.hint


def test_tools_are_found_where_a_users_path_does_not_lead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    tools.require("mke2fs", "debugfs", "e2fsck")
    monkeypatch.delenv("PATH")
    tools.require("mke2fs", "cp")


def test_tools_see_nothing_of_the_users_preferences(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (
        "TZ",
        "LC_ALL",
        "LANG",
        "MTOOLSRC",
        "MKE2FS_CONFIG",
        "SOURCE_DATE_EPOCH",
        "MKE2FS_SYNC",
        "HOME",
    ):
        monkeypatch.setenv(name, "theirs")
    fake(tmp_path / "bin", "cp", "env")
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    shown = tools.text(tools.run(["cp"], tmp_path).stdout)
    assert "theirs" not in shown
    assert f"E2FSPROGS_FAKE_TIME={tools.TIME}" in shown


def test_a_tool_gets_input_folder_and_open_files(tmp_path: Path) -> None:
    (tmp_path / "image").write_text("content")
    with (tmp_path / "image").open() as image:
        name = tools.open_file(image.fileno())
        tools.must_run(["cp", name, "copy"], tmp_path, [image.fileno()], cwd=tmp_path)
    tools.must_run(["cp", "/dev/stdin", "typed"], tmp_path, stdin=b"typed", cwd=tmp_path)
    assert (tmp_path / "copy").read_text() == "content"
    assert (tmp_path / "typed").read_text() == "typed"


@pytest.mark.parametrize("say", ["No space left on device", "Disk quota exceeded"])
def test_a_full_disk_is_called_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, say: str) -> None:
    fake(tmp_path / "bin", "cp", f"echo 'cp: x: {say}' >&2")
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    with pytest.raises(UserError, match=f"no space is left on the disk that {tmp_path} is on"):
        tools.run(["cp"], tmp_path / "image")


def test_a_file_that_speaks_of_full_disks_is_only_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake(tmp_path / "bin", "cp", "echo 'No space left on device'")
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    assert tools.run(["cp"], tmp_path).stdout == b"No space left on device\n"


def test_what_fails_says_its_last_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake(tmp_path / "bin", "cp", "echo one >&2; echo 'the reason \377' >&2; exit 3")
    fake(tmp_path / "bin", "mmd", "exit 3")
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    with pytest.raises(UserError, match=r"image: cp failed: the reason"):
        tools.must_run(["cp"], tmp_path / "image")
    with pytest.raises(UserError, match=r"image: mmd failed: status 3"):
        tools.must_run(["mmd"], tmp_path / "image")
