# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from lib import report
from lib.errors import UserError
from lib.layout import Target
from lib.report import Report, StepResult
from tests.unit.conftest import make_tar


@pytest.fixture
def finished(tmp_path: Path) -> Report:
    (tmp_path / "root/packages").mkdir(parents=True)
    digest = make_tar(tmp_path / "root/packages/one.tar", {"bin/one": b"1"})
    steps = [
        StepResult("seed", "given", digest="0" * 64),
        StepResult("one", "built", "1" * 64, digest, digest, 0.5),
    ]
    return Report("chroot", "0" * 64, "complete", steps=steps)


def test_it_reads_back_as_written(finished: Report, tmp_path: Path) -> None:
    finished.write(tmp_path / "report.json")
    assert report.read(tmp_path / "report.json") == finished


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 1}', '{"format": 99}', "\x00"])
def test_what_is_no_report_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "report.json").write_text(content)
    with pytest.raises(UserError, match=r"report\.json: (not a report|a report of another version)"):
        report.read(tmp_path / "report.json")


def test_no_report_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no report"):
        report.read(tmp_path / "report.json")


def test_a_right_target_is_verified(finished: Report, tmp_path: Path) -> None:
    assert report.verify(finished, Target(tmp_path), {}) == []
    assert (
        report.verify(
            finished, Target(tmp_path), {"one.tar": str(finished.steps[1].digest), "two.tar": "f" * 64}
        )
        == []
    )


def test_a_wrong_target_is_not(finished: Report, tmp_path: Path) -> None:
    assert "pinned" in report.verify(finished, Target(tmp_path), {"one.tar": "f" * 64})[0]
    (tmp_path / "root/packages/one.tar").write_bytes(b"other")
    assert "not the package that the report speaks of" in report.verify(finished, Target(tmp_path), {})[0]
    (tmp_path / "root/packages/one.tar").unlink()
    assert "missing" in report.verify(finished, Target(tmp_path), {})[0]
    finished.vessel = "qemu"  # its packages stay inside
    assert report.verify(finished, Target(tmp_path), {}) == []
    finished.steps[1].digest = None
    assert "no digest" in report.verify(finished, Target(tmp_path), {})[0]
    finished.result = "failed"
    assert "did not end well" in report.verify(finished, Target(tmp_path), {})[0]
