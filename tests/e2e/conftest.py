# SPDX-License-Identifier: GPL-3.0-or-later
"""What several end-to-end tests use: grown systems."""

from __future__ import annotations

import functools
import subprocess
from collections.abc import Callable

import pytest

from lib import deps, plan, sources
from lib.layout import Target
from lib.monitor import Silent
from lib.store import Store
from tests.e2e import cli


@functools.cache
def stored() -> frozenset[str]:
    """The steps that need no building, with the store as it is."""
    chain = plan.load(cli.BASE, sources.load(cli.BASE).digests)
    found = plan.make(chain, None, Store(deps.cache() / "packages", Silent()))
    return frozenset(step.name for step in found.steps if found.is_there(step))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that is marked `far` runs if its step is in the store, or if slow tests are wanted."""
    for mark in item.iter_markers("far"):
        if mark.args[0] not in stored() and "not slow" in str(item.config.getoption("-m")):
            pytest.skip(f"{mark.args[0]} is not in the store, and far away: tests/run --slow builds it")


Grown = Callable[[str], Target]


@pytest.fixture(scope="session")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Grown:
    """A system grown in a chroot up to a step, once a session. Tests add files below its /tmp only."""

    @functools.cache
    def until(step: str) -> Target:
        target = Target(tmp_path_factory.mktemp("grown") / "target")
        command = cli.command(cli.BASE, ["--chroot", "--until", step, "--target", str(target.path)])
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        assert done.returncode == 0, done.stdout + done.stderr
        return target

    return until
