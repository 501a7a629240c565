# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from lib import layout, manifest, script
from lib.errors import UserError
from tests.unit.conftest import make_tar, names_in


def listing(root: Path) -> dict[str, tuple[int, bytes]]:
    """Mode and content of everything below a root."""
    return {
        str(path.relative_to(root)): (path.lstat().st_mode, path.read_bytes() if path.is_file() else b"")
        for path in sorted(root.rglob("*"))
    }


def test_the_root_holds_seed_recipes_and_empty_folders(checkout: Path, tmp_path: Path) -> None:
    (checkout / "sysa/steps/one/README.md").write_text("prose")
    root = tmp_path / "root"
    layout.make_root(root, checkout / "sysa")
    found = listing(root)
    assert found["init"] == (0o100755, b"\x7fELF")
    assert found["tmp"][0] == 0o041777
    assert found["sysa/steps/one/build.kaem"] == (0o100644, b"# nothing\n")
    assert "sysa/steps/one/README.md" not in found
    assert {"bin", "build", "destdir", "dev", "distfiles", "packages", "proc", "usr"} <= found.keys()


def test_the_umask_does_not_matter(checkout: Path, tmp_path: Path) -> None:
    roots = []
    for umask in (0o022, 0o077, 0o000):
        old = os.umask(umask)
        try:
            layout.make_root(tmp_path / f"root{umask}", checkout / "sysa")
            layout.put_script(
                tmp_path / f"root{umask}", script.Script("a", "b"), manifest.load(checkout / "sysa").steps
            )
        finally:
            os.umask(old)
        roots.append(listing(tmp_path / f"root{umask}"))
    assert roots[0] == roots[1] == roots[2]


def test_a_new_root_takes_the_place_of_a_locked_one(checkout: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "a/b").mkdir(parents=True)
    (root / "a/b/file").write_text("old")
    (root / "a/b").chmod(0)
    (root / "link").symlink_to(tmp_path)
    layout.make_root(root, checkout / "sysa")
    assert not (root / "a").exists()
    assert checkout.exists()


def test_sources_are_verified_as_they_are_copied(tmp_path: Path) -> None:
    (tmp_path / "root/distfiles").mkdir(parents=True)
    source = tmp_path / "a.tar"
    source.write_bytes(b"content")
    right = hashlib.sha256(b"content").hexdigest()
    layout.put_sources(tmp_path / "root", {"a.tar": source}, {"a.tar": right, "b.tar": "0" * 64})
    assert (tmp_path / "root/distfiles/SHA256SUMS").read_text() == f"{right}  a.tar\n"
    source.write_bytes(b"contenT")
    with pytest.raises(UserError, match=rf"a\.tar: wrong digest \(expected {right}, found [0-9a-f]+\)"):
        layout.put_sources(tmp_path / "root", {"a.tar": source}, {"a.tar": right})
    assert not (tmp_path / "root/distfiles/a.tar").exists()
    assert source.exists()


def test_the_seed_finds_folders_to_install_into(checkout: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    layout.make_root(root, checkout / "sysa")
    (root / "destdir/cc").mkdir()
    (root / "destdir/cc/old").write_text("of an earlier stretch")
    layout.put_script(root, script.Script("a\n", "b\n"), manifest.load(checkout / "sysa").steps[1:])
    assert names_in(root / "destdir/cc") == ["bin"]
    assert (root / "destdir/tools/bin").is_dir()
    assert (root / "destdir/one").is_dir()
    assert (root / "seed.kaem").read_text() == "a\n"
    assert (root / "sysa.kaem").read_text() == "b\n"


def test_a_package_is_laid_out_as_pack_leaves_it(tmp_path: Path) -> None:
    make_tar(tmp_path / "p.tar", {"bin/a": b"content"})
    (tmp_path / "root/packages").mkdir(parents=True)
    layout.put_package(tmp_path / "root", "a", tmp_path / "p.tar")
    assert (tmp_path / "root/packages/a.tar").read_bytes() == (tmp_path / "p.tar").read_bytes()
    assert (tmp_path / "root/bin/a").read_bytes() == b"content"


def test_a_new_target_is_marked_and_found_again(tmp_path: Path) -> None:
    for _ in range(2):
        with layout.opened(tmp_path / "deep/target") as target:
            assert target.root.parent == tmp_path / "deep/target"
    assert names_in(tmp_path / "deep/target") == [".seedroot"]


def refuse(path: Path) -> str:
    with pytest.raises(UserError) as caught, layout.opened(path):
        pass
    assert caught.value.hint
    return caught.value.message


def test_a_target_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("mine")
    assert "is a file, not a directory" in refuse(tmp_path / "target")
    assert "cannot use the target" in refuse(tmp_path / "target/below")
    assert (tmp_path / "target").read_text() == "mine"


def test_a_target_that_is_somebodys(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root/thesis.txt").write_text("mine")
    assert "not seedroot's" in refuse(tmp_path)
    assert (tmp_path / "root/thesis.txt").read_text() == "mine"


@pytest.mark.parametrize("content", ['{"format": 999}', "", "x", "[]", "{}", "\xff"])
def test_a_target_of_another_version(tmp_path: Path, content: str) -> None:
    (tmp_path / ".seedroot").write_text(content, encoding="latin-1")
    (tmp_path / "root").mkdir()
    assert "another version" in refuse(tmp_path)
    assert (tmp_path / "root").exists()


def test_a_target_that_is_not_writable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with layout.opened(tmp_path):
        pass
    monkeypatch.setattr(os, "access", lambda *_: False)  # root, who runs this too, may write everywhere
    assert "not writable" in refuse(tmp_path)


def test_a_target_in_use(tmp_path: Path) -> None:
    with layout.opened(tmp_path):
        assert "another run is using" in refuse(tmp_path)
