# SPDX-License-Identifier: GPL-3.0-or-later
"""Two builds with everything around them changed, for the steps that are cheap."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lib import deps
from tests.e2e import cli

LAST = "hello"
AT_HAND = ["--distfiles", str(deps.cache() / "distfiles")]


@pytest.mark.skipif(shutil.which("unshare") is None, reason="util-linux is not installed")
@pytest.mark.parametrize(
    "last",
    ["byacc-20221106", pytest.param("gcc-3.4.6", marks=[pytest.mark.slow, pytest.mark.timeout(7200)])],
)
def test_nothing_around_a_build_is_in_it(tmp_path: Path, last: str) -> None:
    arguments = ["verify", "--reproduce", "--until", last, "--target", str(tmp_path / "t"), *AT_HAND]
    done = cli.run(cli.BASE, *arguments, cache=tmp_path / "cache", timeout=7200)
    assert done.returncode == 0, done.stderr
    assert f"  {last}.tar\nequal, although" in done.stdout
    for changed in ("processors", "umask", "host name", "locale", "opposite order"):
        assert changed in done.stdout


def test_what_finds_its_way_into_a_build_is_found(tmp_path: Path) -> None:
    base = cli.copy_checkout(tmp_path / "checkout")
    recipe = base / "sysa/steps/hello/build.kaem"
    recipe.write_text(recipe.read_text() + "cp /proc/uptime ${DESTDIR}/usr/bin/uptime\n")
    arguments = ["verify", "--reproduce", "--until", LAST, "--target", str(tmp_path / "t"), *AT_HAND]
    text = cli.refused(cli.run(base, *arguments, cache=tmp_path / "cache"), "hello: two builds differ")
    assert "first difference: usr/bin/uptime: " in text
    assert "1 of" in text
    assert (tmp_path / "t/differs/hello/built.tar").exists()


def test_a_build_that_fails_is_said(tmp_path: Path) -> None:
    base = cli.copy_checkout(tmp_path / "checkout")
    (base / "sysa/steps/hello/build.kaem").write_text("false\n")
    arguments = ["verify", "--reproduce", "--until", LAST, "--target", str(tmp_path / "t"), *AT_HAND]
    text = cli.refused(cli.run(base, *arguments, cache=tmp_path / "cache"), "step hello failed")
    assert "/t/reproduce/target failed" in text


def test_a_finished_target_is_the_first_build(tmp_path: Path) -> None:
    base = cli.copy_checkout(tmp_path / "checkout")
    target = ["--target", str(tmp_path / "t"), *AT_HAND]
    for expected in (True, False):
        done = cli.run(base, "--chroot", "--until", LAST, *target, cache=tmp_path / "cache")
        assert done.returncode == 0, done.stderr
        recipe = base / "sysa/steps/hello/build.kaem"
        if not expected:  # then it is a target of other recipes
            recipe.write_text(recipe.read_text() + "# changed\n")
        arguments = ["verify", "--reproduce", "--until", LAST, *target]
        done = cli.run(base, *arguments, cache=tmp_path / "cache")
        assert done.returncode == 0, done.stderr
        assert ("t, which is finished" in done.stderr) == expected
