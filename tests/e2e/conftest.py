# SPDX-License-Identifier: GPL-3.0-or-later
"""What several end-to-end tests use: grown systems."""

from __future__ import annotations

import functools
import subprocess
from collections.abc import Callable

import pytest

from lib.layout import Target
from tests.e2e import cli

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
