# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import time
from pathlib import Path

import pytest

from lib.outside import Outside


def write(path: Path, text: str = "x") -> None:
    """With a time of its own: the kernel's clock for files moves every few milliseconds."""
    time.sleep(0.02)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path / "bin/sh")
    write(tmp_path / "bin/cp")
    (tmp_path / "lib").symlink_to("nowhere")
    return tmp_path


def packed(root: Path, name: str, *files: str) -> tuple[Path, set[str]]:
    """A step's package is written, then unpacked."""
    write(root / f"packages/{name}.tar")
    for file in files:
        write(root / file, name)
    return root / f"packages/{name}.tar", set(files)


def test_only_what_is_no_steps_to_change_is_found(root: Path) -> None:
    outside = Outside(root)
    for right in ("build/a/x.o", "destdir/a/bin/a", "tmp/x", "proc/x", "dev/null"):
        write(root / right)
    assert outside.changed_by(*packed(root, "a", "bin/a", "bin/sh")) == []
    write(root / "usr/share/stray")
    write(root / "bin/a", "not a")
    (root / "bin/cp").unlink()
    (root / "lib").unlink()
    (root / "lib").symlink_to("somewhere")
    wrong = ["/bin/a", "/bin/cp", "/lib", "/usr/share/stray"]
    assert outside.changed_by(*packed(root, "b", "bin/b")) == wrong
    assert outside.changed_by(*packed(root, "c", "bin/c")) == []


def test_what_the_next_step_does_already_is_not_this_ones(root: Path) -> None:
    outside = Outside(root)
    first = packed(root, "a", "bin/a")
    write(root / "usr/stray")
    assert outside.changed_by(*first) == []
    assert outside.changed_by(*packed(root, "b")) == ["/usr/stray"]
