# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import contextlib
import io
import tarfile
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib import package
from lib.errors import UserError
from tests.unit.conftest import make_tar, names_in

trees = st.dictionaries(
    st.from_regex(r"[a-c]/[a-c]{1,3}", fullmatch=True), st.binary(max_size=700), max_size=6
)


@given(trees)
def test_what_was_packed_is_unpacked(tree: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        make_tar(Path(folder) / "p.tar", tree)
        package.unpack(Path(folder) / "p.tar", Path(folder) / "root")
        for name, content in tree.items():
            assert (Path(folder) / "root" / name).read_bytes() == content


@given(trees, trees)
def test_the_first_difference_is_found(ours: dict[str, bytes], theirs: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        left, right = Path(folder) / "l.tar", Path(folder) / "r.tar"
        make_tar(left, ours)
        make_tar(right, theirs)
        differing = sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))
        found = package.first_difference(left, right)
        assert (found is None) == (not differing)
        if found:
            assert found.startswith(f"{differing[0]}: ")


@given(st.binary(max_size=2000))
def test_garbage_is_refused_or_empty(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        tar = Path(folder) / "p.tar"
        tar.write_bytes(data)
        try:
            list(package.entries(tar))
        except UserError as error:
            assert "not a package" in error.message


@given(trees.filter(bool), st.integers(0, 1023), st.integers(0, 255))
def test_a_changed_byte_is_refused_or_changes_what_is_said_or_nothing(
    tree: dict[str, bytes], place: int, byte: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        tar = Path(folder) / "p.tar"
        make_tar(tar, tree)
        data = bytearray(tar.read_bytes())
        data[place] = byte
        tar.write_bytes(data)
        with contextlib.suppress(UserError, OSError):
            package.unpack(tar, Path(folder) / "deep/root")
        assert names_in(Path(folder)) in (["deep", "p.tar"], ["p.tar"])


def _tar(path: Path, *members: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w") as archive:
        for member in members:
            archive.addfile(member, io.BytesIO(b"x" * member.size))
    return path


def _member(name: str, **fields: object) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    for field, value in fields.items():
        setattr(member, field, value)
    return member


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        (_member("../etc/passwd", size=1), "leads out of the package"),
        (_member("/etc/passwd", size=1), "leads out of the package"),
        (_member("a/../../b", size=1), "leads out of the package"),
        (_member("dev/null", type=tarfile.CHRTYPE), "neither a file, a folder nor a symbolic link"),
        (_member("hard", type=tarfile.LNKTYPE, linkname="a"), "neither a file"),
    ],
)
def test_what_no_package_of_ours_holds_is_refused(
    tmp_path: Path, member: tarfile.TarInfo, reason: str
) -> None:
    with pytest.raises(UserError, match=reason):
        package.unpack(_tar(tmp_path / "p.tar", member), tmp_path / "root")


def test_nothing_is_written_through_a_link_that_leads_out(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    link = _member("bin", type=tarfile.SYMTYPE, linkname="../outside")
    with pytest.raises(UserError, match="leads out"):
        package.unpack(_tar(tmp_path / "p.tar", link, _member("bin/x", size=1)), tmp_path / "root")
    assert list((tmp_path / "outside").iterdir()) == []


def test_modes_and_links_are_kept_and_old_files_replaced(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "bin").mkdir(parents=True)
    (root / "bin/sh").write_text("old")
    (root / "bin/sh").chmod(0o400)
    tar = _tar(
        tmp_path / "p.tar",
        _member("bin", type=tarfile.DIRTYPE, mode=0o755),
        _member("bin/busybox", size=3, mode=0o4755),
        _member("bin/sh", type=tarfile.SYMTYPE, linkname="busybox"),
        _member("etc", type=tarfile.DIRTYPE, mode=0o700),
    )
    package.unpack(tar, root)
    package.unpack(tar, root)
    assert (root / "bin/busybox").stat().st_mode & 0o7777 == 0o4755
    assert (root / "bin/sh").readlink() == Path("busybox")
    assert (root / "etc").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("mode", 0o600, "mode 0644 and 0600"),
        ("uid", 7, "owner"),
        ("mtime", 7, "time"),
        ("size", 3, "size"),
        ("type", tarfile.DIRTYPE, "kind file and folder"),
    ],
)
def test_differences_of_every_kind_are_said(tmp_path: Path, field: str, value: object, said: str) -> None:
    ours = _tar(tmp_path / "l.tar", _member("a/b"))
    theirs = _tar(tmp_path / "r.tar", _member("a/b", **{field: value}))
    difference = package.first_difference(ours, theirs)
    assert difference is not None
    assert difference.startswith(f"a/b: {said}")
