# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong with the double-compiling of GCC; that it goes well is tests/e2e/test_gcc_10_2.py's."""

from __future__ import annotations

from pathlib import Path

import pytest

from lib import chroot, ddc_gcc
from lib.errors import UserError
from lib.layout import Target
from lib.monitor import Silent
from lib.report import StepResult
from tests.e2e import cli
from tests.unit.conftest import make_tar


def test_a_missing_package_of_the_host_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ddc_gcc, "_NEEDED", {"g++": Path("/"), "libmpc-dev": tmp_path / "mpc.h"})
    with pytest.raises(UserError, match="libmpc-dev is not installed") as caught:
        ddc_gcc.verify(cli.BASE, Target(tmp_path), {}, Silent())
    assert "apt-get install g++ libmpc-dev" in caught.value.hint


def test_a_target_that_is_not_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ddc_gcc, "_NEEDED", {})
    with pytest.raises(UserError, match=r"packages/hex2\.tar is not there"):
        ddc_gcc.verify(cli.BASE, Target(tmp_path), {}, Silent())


def test_a_package_that_differs_is_named_and_kept(tmp_path: Path) -> None:
    grown, ours = tmp_path / "gcc-10.2.tar", Target(tmp_path / "ddc")
    right = make_tar(grown, {"usr/bin/gcc": b"one"})
    other = make_tar(ours.root / "packages/gcc-10.2.tar", {"usr/bin/gcc": b"two"})
    assert ddc_gcc._compare(StepResult("gcc-10.2", "built", digest=right), grown, ours).startswith(right)
    with pytest.raises(UserError, match=r"gcc-10\.2 differs(.|\n)*first difference: usr/bin/gcc"):
        ddc_gcc._compare(StepResult("gcc-10.2", "built", digest=other), grown, ours)
    assert (ours.differs / "gcc-10.2/built.tar").exists()


def test_a_command_that_fails_in_the_root_is_logged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chroot, "run", lambda *_, **__: chroot.Result(2, b"make: no rule\n"))
    ours = Target(tmp_path)
    with pytest.raises(UserError, match=r"failed:\n  \| make: no rule") as caught:
        ddc_gcc._guest(ours, "make")
    assert str(ours.log) in caught.value.hint
    assert ours.log.read_text() == "make: no rule\n"
