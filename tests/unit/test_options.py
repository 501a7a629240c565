# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from lib.options import parse


def test_defaults() -> None:
    options = parse(["--chroot"])
    assert (options.target, options.arch, options.accel, options.mirror) == (
        Path("target"),
        "amd64",
        "auto",
        [],
    )
    assert parse(["--chroot"]).mirror is not options.mirror


@pytest.mark.parametrize(
    "line", ["--target T --mirror a --mirror b sources", "sources --target T --mirror a --mirror b"]
)
def test_common_options_may_stand_on_either_side(line: str) -> None:
    options = parse(line.split())
    assert (options.command, options.target, options.mirror) == ("sources", Path("T"), ["a", "b"])


def test_pinning_means_a_chroot() -> None:
    assert parse(["--update-checksums"]).chroot


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "say where to build"),
        ("--chroot --qemu", "not allowed with"),
        ("--chroot --cores 0", "must be at least 1"),
        ("--chroot --cores many", "invalid int"),
        ("--chroot --arch vax", "invalid choice"),
        ("--chr", "unrecognized"),
        ("--qemu --update-checksums", "leave out --qemu"),
        ("bake", "invalid choice"),
    ],
)
def test_wrong_usage_is_said(line: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse(line.split())
    assert caught.value.code == 2
    assert said in capsys.readouterr().err


def test_help_shows_what_to_do_first(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--help"])
    assert "./rootfs.py --chroot " in capsys.readouterr().out
