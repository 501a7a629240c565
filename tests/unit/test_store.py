# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from lib import digest
from lib.errors import UserError
from lib.monitor import Silent
from lib.store import Store
from tests.unit.conftest import make_tar


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "packages", Silent())


@pytest.fixture
def tar(tmp_path: Path) -> Path:
    make_tar(tmp_path / "new.tar", {"bin/a": b"content"})
    return tmp_path / "new.tar"


def test_what_was_put_is_got(store: Store, tar: Path) -> None:
    put = store.put("a", "1" * 64, tar)
    got = store.get("a", "1" * 64)
    assert got == put
    assert got.digest == digest.of_file(tar)
    assert got.path.read_bytes() == tar.read_bytes()
    assert store.get("a", "2" * 64) is None
    assert store.get("b", "1" * 64) is None
    subprocess.run(
        ["sha256sum", "-c", f"{'1' * 64}.sha256"], cwd=got.path.parent, check=True, capture_output=True
    )


def _flip(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1] + b"x")


@pytest.mark.parametrize(
    ("which", "harm"),
    [
        (".tar", _flip),
        (".tar", lambda path: path.write_bytes(path.read_bytes()[:100])),
        (".tar", lambda path: path.write_bytes(b"")),
        (".sha256", lambda path: path.write_text("")),
        (".sha256", lambda path: path.write_bytes(b"\xff\xff")),
        (".sha256", lambda path: path.write_text(f"{'0' * 64}  other.tar\n")),
        (".sha256", lambda path: path.write_text(f"{'0' * 64}  {'1' * 64}.tar\n")),
    ],
)
def test_a_spoilt_entry_is_taken_out_with_one_line(
    store: Store, tar: Path, which: str, harm: Callable[[Path], object]
) -> None:
    put = store.put("a", "1" * 64, tar)
    harm(put.path.with_suffix(which))
    assert store.get("a", "1" * 64) is None
    assert isinstance(store.monitor, Silent)
    assert len(store.monitor.notes) == 1
    assert "spoilt" in store.monitor.notes[0]
    store.put("a", "1" * 64, tar)
    assert store.get("a", "1" * 64) is not None


@pytest.mark.parametrize("which", [".tar", ".sha256"])
def test_half_an_entry_is_none(store: Store, tar: Path, which: str) -> None:
    store.put("a", "1" * 64, tar).path.with_suffix(which).unlink()
    assert store.get("a", "1" * 64) is None


def test_nothing_half_made_is_left_when_copying_fails(store: Store, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        store.put("a", "1" * 64, tmp_path / "none.tar")
    assert list((store.folder / "a").iterdir()) == []


def test_others_are_found_for_comparing(store: Store, tar: Path) -> None:
    assert store.others("a") == []
    first = store.put("a", "1" * 64, tar)
    assert store.others("a") == [first.path]


def test_a_store_that_cannot_be_written_is_said(
    tmp_path: Path, tar: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(UserError, match="cannot keep the package of a") as caught:
        Store(tmp_path / "packages", Silent()).put("a", "1" * 64, tar)
    assert "XDG_CACHE_HOME" in caught.value.hint
