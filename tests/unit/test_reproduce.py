# SPDX-License-Identifier: GPL-3.0-or-later
"""The comparison; tests/e2e/test_reproduce.py builds."""

from __future__ import annotations

from pathlib import Path

import pytest

from lib import reproduce
from lib.errors import UserError
from lib.report import Report, StepResult
from tests.unit.conftest import make_tar


def built(target: Path, **contents: bytes) -> Report:
    steps = [StepResult("seed", "given", digest="0" * 64)]
    for name, content in contents.items():
        value = make_tar(target / f"root/packages/{name}.tar", {"bin/a": b"same", "bin/b": content})
        steps.append(StepResult(name, "built", digest=value))
    return Report("chroot", "0" * 64, "complete", steps=steps)


def test_equal_builds(tmp_path: Path) -> None:
    one, other = built(tmp_path / "1", cc=b"1", tcc=b"2"), built(tmp_path / "2", cc=b"1", tcc=b"2")
    lines = reproduce.compare(one, tmp_path / "1", other, tmp_path / "2", tmp_path / "differs")
    assert [line.split()[1] for line in lines] == ["cc.tar", "tcc.tar"]
    assert not (tmp_path / "differs").exists()


def test_the_first_difference_is_named(tmp_path: Path) -> None:
    one, other = built(tmp_path / "1", cc=b"1", tcc=b"2"), built(tmp_path / "2", cc=b"1", tcc=b"3")
    with pytest.raises(UserError, match="tcc: two builds differ") as caught:
        reproduce.compare(one, tmp_path / "1", other, tmp_path / "2", tmp_path / "differs")
    assert "first difference: bin/b: content" in caught.value.message
    assert (tmp_path / "differs/tcc/expected.tar").exists()
