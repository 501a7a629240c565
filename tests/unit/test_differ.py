# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from lib import differ
from tests.unit.conftest import make_tar, names_in

DIFFOSCOPE = """#!/bin/sh
[ "$1" = --text ] && echo "$3 $4" >"$2"
exit 1
"""


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    make_tar(tmp_path / "a.tar", {"bin/a": b"1", "bin/b": b"2"})
    make_tar(tmp_path / "b.tar", {"bin/a": b"1", "bin/b": b"3"})
    return tmp_path / "a.tar", tmp_path / "b.tar"


def test_both_are_kept_and_the_first_difference_is_named(
    two: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    for _ in range(2):
        lines = differ.keep(tmp_path / "differs", "x", *two)
        assert lines[0] == "  first difference: bin/b: content"
        assert lines[1:] == [f"  both packages are in {tmp_path / 'differs/x'}"]
        assert names_in(tmp_path / "differs/x") == ["built.tar", "expected.tar"]
    assert (tmp_path / "differs/x/built.tar").read_bytes() == two[1].read_bytes()


def test_diffoscope_is_asked_if_it_is_there(
    two: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin/diffoscope"
    program.write_text(DIFFOSCOPE)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    lines = differ.keep(tmp_path / "differs", "x", *two)
    assert lines[2] == f"  in detail: {tmp_path / 'differs/x/diffoscope.txt'}"
    assert "expected.tar" in (tmp_path / "differs/x/diffoscope.txt").read_text()
    program.write_text("#!/bin/sh\nexit 2\n")
    assert differ.keep(tmp_path / "differs", "x", *two)[2] == "  diffoscope failed with exit status 2"
