# SPDX-License-Identifier: GPL-3.0-or-later
"""One chain, many vessels: a package has the same digest wherever it is built, the pinned one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lib import deps, digest
from tests.e2e import cli

SYSTEM_PYTHON = "/usr/bin/python3"  # the user nobody cannot reach an interpreter in root's home

pytestmark = pytest.mark.timeout(900)

Digests = dict[str, str | None]
Until = str | None


class Checkout:
    """A copy of the checkout that every user can read, with the sources at hand."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.tree = cli.copy_checkout(base / "seedroot")
        at_hand = deps.cache() / "distfiles"
        self.rootfs("sources", *(["--mirror", str(at_hand)] if at_hand.is_dir() else []))

    def rootfs(self, *arguments: str, nobody: bool = False) -> None:
        """Run the command as this test's user, or as nobody, who has to get the Python packages first."""
        home = self.base / ("nobody" if nobody else "home")
        home.mkdir(exist_ok=True)
        python, cache = (SYSTEM_PYTHON, home) if nobody else (sys.executable, deps.cache().parent)
        command = [python, "rootfs.py", *arguments, "--distfiles", str(self.base / "distfiles")]
        if nobody:
            os.chown(home, cli.NOBODY, cli.NOBODY)
            command = [*cli.as_user(), *command]
        environment = cli.environment(cache, {"HOME": str(home)})
        done = subprocess.run(
            command, cwd=self.tree, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout

    def build(self, *vessel: str, until: Until, nobody: bool = False) -> Digests:
        """The digests of all packages, built from nothing."""
        target = self.base / ("nobody" if nobody else "home") / "target"
        last = ["--until", until] if until else []
        self.rootfs(*vessel, *last, "--no-store", "--target", str(target), nobody=nobody)
        report = json.loads((target / "report.json").read_text())
        assert report["result"] == "complete"
        return {step["name"]: step["digest"] for step in report["steps"]}


@pytest.fixture(scope="module")
def checkout() -> Iterator[Checkout]:
    with cli.open_folder() as folder:
        yield Checkout(folder)


@pytest.fixture(
    scope="module",
    params=["hello", pytest.param("gcc-3.4.6-c", marks=[pytest.mark.slow, pytest.mark.timeout(7200)])],
    ids=["to the first tcc", "to the first GCC"],
)
def until(request: pytest.FixtureRequest) -> Until:
    step: Until = request.param
    return step


@pytest.fixture(scope="module")
def in_chroot(checkout: Checkout, until: Until) -> Digests:
    return checkout.build("--chroot", until=until)


def test_they_are_the_pinned_ones(in_chroot: Digests) -> None:
    pins = digest.read_list(cli.BASE / "SHA256SUMS.packages")
    wrong = [name for name, value in in_chroot.items() if name != "seed" and pins.get(f"{name}.tar") != value]
    assert not wrong, "SHA256SUMS.packages has no such digest (./rootfs.py --update-checksums)"


def test_a_second_build_is_equal(checkout: Checkout, in_chroot: Digests, until: Until) -> None:
    assert checkout.build("--chroot", until=until) == in_chroot


@pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can become another user; the first build was a user's"
)
def test_an_ordinary_user_gets_the_same(checkout: Checkout, in_chroot: Digests, until: Until) -> None:
    assert checkout.build("--chroot", until=until, nobody=True) == in_chroot


@pytest.mark.skipif(shutil.which("qemu-system-x86_64") is None, reason="qemu is not installed")
def test_a_virtual_machine_gives_the_same(checkout: Checkout, in_chroot: Digests, until: Until) -> None:
    assert checkout.build("--qemu", "--accel", "tcg", until=until) == in_chroot
