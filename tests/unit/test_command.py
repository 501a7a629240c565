# SPDX-License-Identifier: GPL-3.0-or-later
"""The command with a vessel that pretends; tests/e2e has the real ones."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from lib import command, digest
from lib.errors import UserError
from lib.monitor import Silent
from lib.options import parse
from lib.qemu import Qemu
from tests.unit.conftest import FakeVessel

Rootfs = Callable[..., int]


@pytest.fixture
def vessel(monkeypatch: pytest.MonkeyPatch) -> FakeVessel:
    fake = FakeVessel()
    monkeypatch.setattr(command, "_vessel", lambda *_: fake)
    return fake


@pytest.fixture
def rootfs(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, vessel: FakeVessel) -> Rootfs:
    """rootfs.py for the small checkout."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror/two.tar").write_bytes(b"source")
    places = ["--target", str(tmp_path / "target"), "--mirror", str(tmp_path / "mirror")]
    return lambda *arguments: command.main(checkout, parse([*arguments, *places]))


def test_a_build_and_what_can_be_asked_of_it(rootfs: Rootfs, capsys: pytest.CaptureFixture[str]) -> None:
    assert rootfs("status") == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        f"{name:<16} not built" for name in ("cc", "tools", "one", "two-1.0")
    ]
    assert rootfs("--chroot") == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "two.tar: fetched from" in said.err
    assert "5 steps in" in said.err
    rootfs("status")
    assert [line.split()[1] for line in capsys.readouterr().out.splitlines()] == ["given", *["built"] * 4]
    rootfs("verify")
    assert "5 steps as reported, 0 of them with a pinned digest" in capsys.readouterr().out
    rootfs("inspect", "--json")
    assert json.loads(capsys.readouterr().out)["opaque_bytes"] == 4


def test_a_changed_recipe_is_stale(
    rootfs: Rootfs, checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rootfs("--chroot")
    (checkout / "sysa/steps/two-1.0/build.kaem").write_text("# changed\n")
    capsys.readouterr()
    rootfs("status")
    assert capsys.readouterr().out.splitlines()[-1].split() == ["two-1.0", "stale"]


def test_the_script_is_printed_whole_whatever_is_in_the_store(
    rootfs: Rootfs, vessel: FakeVessel, capsys: pytest.CaptureFixture[str]
) -> None:
    rootfs("--print-script")
    before = capsys.readouterr().out
    assert vessel.built == []
    rootfs("--chroot")
    capsys.readouterr()
    rootfs("--print-script")
    assert capsys.readouterr().out == before
    assert before.startswith("######## /seed.kaem\n")
    assert "######## /sysa.kaem\n" in before
    rootfs("--print-script", "--until", "cc")
    assert "tools" not in capsys.readouterr().out


def test_the_printed_script_is_the_one_that_runs(
    rootfs: Rootfs, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rootfs("--print-script")
    printed = capsys.readouterr().out
    rootfs("--chroot")
    root = tmp_path / "target/root"
    parts = [f"######## /{name}\n{(root / name).read_text()}" for name in ("seed.kaem", "sysa.kaem")]
    assert printed == "".join(parts)


def test_sources_are_only_fetched(rootfs: Rootfs, vessel: FakeVessel, tmp_path: Path) -> None:
    assert rootfs("sources") == 0
    assert (tmp_path / "cache/seedroot/distfiles/two.tar").read_bytes() == b"source"
    assert vessel.built == []
    assert not (tmp_path / "target").exists()


def test_equal_builds_are_pinned(rootfs: Rootfs, vessel: FakeVessel, checkout: Path) -> None:
    everything = ["cc", "tools", "one", "two-1.0"]
    assert rootfs("--update-checksums") == 0
    assert vessel.built == everything * 2
    pins = digest.read_list(checkout / "SHA256SUMS.packages")
    assert list(pins) == [f"{name}.tar" for name in everything]

    rootfs("--update-checksums")
    assert vessel.built == everything * 2, "what is pinned and in the store is not built again"

    vessel.content = lambda name: name.encode() * 2
    (checkout / "sysa/steps/one/build.kaem").write_text("# changed\n")
    rootfs("--update-checksums", "--until", "one")
    assert vessel.built == everything * 2 + ["one"] * 2
    after = digest.read_list(checkout / "SHA256SUMS.packages")
    assert after["one.tar"] != pins["one.tar"]
    assert after["two-1.0.tar"] == pins["two-1.0.tar"]


def test_a_build_from_before_is_the_first_of_two(rootfs: Rootfs, vessel: FakeVessel, checkout: Path) -> None:
    rootfs("--chroot")
    vessel.built.clear()
    rootfs("--update-checksums")
    assert vessel.built == ["cc", "tools", "one", "two-1.0"]
    assert (checkout / "SHA256SUMS.packages").exists()


def test_unequal_builds_are_not_pinned(
    rootfs: Rootfs, vessel: FakeVessel, checkout: Path, tmp_path: Path
) -> None:
    number = itertools.count()
    vessel.content = lambda name: str(next(number)).encode() if name == "one" else name.encode()
    with pytest.raises(
        UserError, match=r"one\.tar: two builds differ; nothing was pinned\n  first difference: bin/one"
    ):
        rootfs("--update-checksums")
    assert not (checkout / "SHA256SUMS.packages").exists()
    assert (tmp_path / "target/first/one.tar").exists()
    assert (tmp_path / "target/differs/one/built.tar").exists()


def test_what_status_says_of_each_step(
    rootfs: Rootfs, vessel: FakeVessel, checkout: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def states() -> list[str]:
        capsys.readouterr()
        rootfs("status")
        return [line[16:].split("  ")[0].strip() for line in capsys.readouterr().out.splitlines()]

    def fail(_root: Path, line: str) -> str | None:
        return "broken" if line == "pack two-1.0" else None

    vessel.before = fail
    with pytest.raises(UserError, match="broken"):
        rootfs("--chroot")
    assert states() == ["given", "built", "built", "built", "failed"]
    vessel.before = lambda _root, _line: None
    rootfs("--chroot")
    assert states() == ["given", *["built"] * 4]
    (tmp_path / "target/report.json").unlink()
    assert states() == ["given", *["cached"] * 4]
    (checkout / "sysa/steps/one/build.kaem").write_text("# changed\n")
    assert states() == ["given", "cached", "cached", "stale", "unknown"]
    rootfs("status", "--times")
    assert "| tools |" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["--no-store", "--from", "one"],
        ["--update-checksums", "--from", "one"],
    ],
)
def test_from_and_rebuild_need_a_store(rootfs: Rootfs, arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        rootfs("--chroot", *arguments)


def test_no_prompt_before_there_is_a_shell(rootfs: Rootfs) -> None:
    with pytest.raises(UserError, match="no prompt to give before the step tools"):
        rootfs("--chroot", "--interactive", "--until", "cc")


def test_a_wrong_target_is_found_by_verify(rootfs: Rootfs, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no report"):
        rootfs("verify")
    rootfs("--chroot")
    (tmp_path / "target/root/packages/one.tar").write_bytes(b"x")
    with pytest.raises(
        UserError, match=r"the target is not what it should be:\n  .*one\.tar: not the package"
    ):
        rootfs("verify")


def test_qemu_gets_the_users_wishes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Qemu, "check", lambda _self: None)
    line = "--qemu --cores 3 --qemu-ram 2G --qemu-cmd q --kernel /k --accel tcg"
    made = command._vessel(parse(line.split()), Silent())
    assert isinstance(made, Qemu)
    assert (made.cores, made.ram, made.command, made.kernel, made.accel) == (3, "2G", "q", Path("/k"), "tcg")
