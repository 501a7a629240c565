# SPDX-License-Identifier: GPL-3.0-or-later
"""cp, mkdir, chmod, rm, ln, cmp."""

import os
from pathlib import Path

import pytest

from tests.stage0 import toolbox


def test_cp(tmp_path: Path) -> None:
    data = os.urandom(200_000)
    (tmp_path / "a").write_bytes(data)
    (tmp_path / "a").chmod(0o751)
    (tmp_path / "s").symlink_to("a")
    (tmp_path / "d").mkdir()
    toolbox.ok("cp", "a", "b", cwd=tmp_path)
    toolbox.ok("cp", "s", "./b", "d", cwd=tmp_path)
    for name in ("b", "d/s", "d/b"):
        assert (tmp_path / name).read_bytes() == data
        assert not (tmp_path / name).is_symlink()
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o751


def test_cp_replaces(tmp_path: Path) -> None:
    """A file that others have open, or run, or that a symlink leads to, keeps its bytes."""
    (tmp_path / "a").write_text("new")
    (tmp_path / "b").write_text("old")
    os.link(tmp_path / "b", tmp_path / "other")
    toolbox.ok("cp", "a", "b", cwd=tmp_path)
    assert ((tmp_path / "b").read_text(), (tmp_path / "other").read_text()) == ("new", "old")
    toolbox.ok("cp", "a", "a", cwd=tmp_path)
    assert (tmp_path / "a").read_text() == "new"


def test_mkdir(tmp_path: Path) -> None:
    toolbox.ok("mkdir", "a", "b", cwd=tmp_path)
    (tmp_path / "s").symlink_to("a")
    toolbox.ok("mkdir", "-p", "a", "c/d/e", "c/d", "s/f", "./g/", cwd=tmp_path)
    assert all((tmp_path / name).is_dir() for name in ("a", "b", "c/d/e", "a/f", "g"))


def test_chmod(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    (tmp_path / "b").write_text("")
    toolbox.ok("chmod", "751", "a", "b", cwd=tmp_path)
    toolbox.ok("chmod", "0600", "b", cwd=tmp_path)
    assert [(tmp_path / name).stat().st_mode & 0o7777 for name in ("a", "b")] == [0o751, 0o600]


def test_rm(tmp_path: Path) -> None:
    (tmp_path / "keep").mkdir()
    (tmp_path / "keep/file").write_text("")
    (tmp_path / "d/e").mkdir(parents=True)
    (tmp_path / "d/link").symlink_to("../keep")
    (tmp_path / "d/e/f").write_text("")
    (tmp_path / "g").write_text("")
    toolbox.ok("rm", "g", cwd=tmp_path)
    toolbox.ok("rm", "-r", "d", cwd=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["keep"]
    assert (tmp_path / "keep/file").exists()


def test_ln(tmp_path: Path) -> None:
    toolbox.ok("ln", "-s", "no/where", "c", cwd=tmp_path)
    assert (tmp_path / "c").readlink() == Path("no/where")


def test_cmp(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(70_000) + b"x")
    (tmp_path / "b").write_bytes(bytes(70_000) + b"y")
    (tmp_path / "c").write_bytes(bytes(70_000))
    toolbox.ok("cmp", "a", "a", cwd=tmp_path)
    differ = toolbox.fails("cmp", "a", "b", cwd=tmp_path)
    assert differ == "cmp: a and b differ: byte 70001 is 0x78 in one and 0x79 in the other\n"
    assert toolbox.fails("cmp", "a", "c", cwd=tmp_path) == "cmp: c ends after 70000 bytes, a goes on\n"
    assert toolbox.fails("cmp", "c", "a", cwd=tmp_path) == "cmp: c ends after 70000 bytes, a goes on\n"


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("cp", "usage: cp"),
        ("cp a", "usage: cp"),
        ("cp -r a b", "usage: cp"),
        ("cp a a nosuch", "cp: nosuch: not a directory"),
        ("cp nosuch b", "cp: nosuch: No such file or directory"),
        ("cp d b", "cp: d: not a regular file"),
        ("cp a nosuch/b", "cp: nosuch/b: No such file or directory"),
        ("mkdir", "usage: mkdir"),
        ("mkdir -x b", "usage: mkdir"),
        ("mkdir -r b", "usage: mkdir"),
        ("mkdir d", "mkdir: d: File exists"),
        ("mkdir b/c", "mkdir: b/c: No such file or directory"),
        ("mkdir -p a/b", "mkdir: a: is in the way: not a directory"),
        ("chmod 755", "usage: chmod"),
        ("chmod 8 a", "chmod: 8: not an octal mode"),
        ("chmod 755 nosuch", "chmod: nosuch: No such file or directory"),
        ("rm", "usage: rm"),
        ("rm -x a", "usage: rm"),
        ("rm nosuch", "rm: nosuch: No such file or directory"),
        ("rm d", "rm: d: is a directory"),
        ("rm -f d", "usage: rm"),
        ("ln a b", "usage: ln"),
        ("ln -s a", "usage: ln"),
        ("ln -s a b c", "usage: ln"),
        ("ln -s a d", "ln: d: File exists"),
        ("cmp a", "usage: cmp"),
        ("cmp a a a", "usage: cmp"),
        ("cmp a nosuch", "cmp: nosuch: No such file or directory"),
    ],
)
def test_failures(tmp_path: Path, command: str, message: str) -> None:
    (tmp_path / "a").write_text("")
    (tmp_path / "d").mkdir()
    tool, *args = command.split()
    assert message in toolbox.fails(tool, *args, cwd=tmp_path)
    assert (tmp_path / "a").exists()


def test_another_name(tmp_path: Path) -> None:
    (toolbox.folder() / "other").unlink(missing_ok=True)
    program = tmp_path / "other"
    program.symlink_to(toolbox.folder() / "cp")
    assert "must be called cp, mkdir" in toolbox.fails(str(program))
