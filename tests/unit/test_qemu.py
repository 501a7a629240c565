# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib import qemu
from lib.errors import UserError
from lib.qemu import Qemu, explain_panic, memory_size
from lib.vessel import Vessel


@pytest.mark.parametrize(
    ("text", "size"),
    [("512M", 512 << 20), ("1G", 1 << 30), ("1g", 1 << 30), ("524288K", 512 << 20), ("256", 256 << 20)],
)
def test_sizes(text: str, size: int) -> None:
    assert memory_size(text) == size


@pytest.mark.parametrize(
    "text", ["", "G", "1T", "-1G", "1.5G", "1 G", "0", "127M", "1GB", "99999999999G", "٣G"]
)
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(UserError, match="--qemu-ram"):
        memory_size(text)


@given(st.text())
def test_any_text_is_a_size_or_an_error(text: str) -> None:
    with contextlib.suppress(UserError):
        assert memory_size(text) > 0


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            "[    1.9] Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100",
            "/init ended with exit status 1",
        ),
        (
            "Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b",
            "/init was killed by signal 11",
        ),
        (
            "Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000008b",
            "/init was killed by signal 11",
        ),
        (
            "[    0.9] Kernel panic - not syncing: No working init found.  Try passing init= option",
            "the kernel panicked: No working init found.  Try passing init= option",
        ),
        ("#: step tcc", ""),
    ],
)
def test_panics_are_explained(line: str, reason: str) -> None:
    assert explain_panic(line) == reason


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        (Qemu(accel="hvf"), "--accel hvf"),
        (Qemu(cores=0), "--cores 0"),
        (Qemu(ram="much"), "--qemu-ram much"),
        (Qemu(command="no-such-qemu"), "no-such-qemu was not found"),
    ],
)
def test_wishes_that_cannot_be_granted(wishes: Qemu, message: str) -> None:
    with pytest.raises(UserError, match=message):
        wishes.check()


def test_a_missing_qemu_names_its_package() -> None:
    with pytest.raises(UserError) as caught:
        Qemu(command="no-such-qemu").check()
    assert "qemu-system-x86" in caught.value.hint


def test_kvm_that_cannot_be_opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(qemu, "_KVM", tmp_path / "kvm")
    with pytest.raises(UserError, match="cannot be opened"):
        Qemu(accel="kvm").check()


def test_it_is_a_vessel() -> None:
    vessel: Vessel = Qemu()
    assert vessel.name == "qemu"
    assert vessel.keeps_packages
