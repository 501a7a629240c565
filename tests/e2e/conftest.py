# SPDX-License-Identifier: GPL-3.0-or-later
"""What several end-to-end tests use: a grown system."""

from __future__ import annotations

import subprocess

import pytest

from lib.layout import Target
from tests.e2e import cli


@pytest.fixture(scope="session")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Target:
    """From nothing to tcc, grown once a session in a chroot. Tests add files below its /tmp."""
    target = Target(tmp_path_factory.mktemp("grown") / "target")
    command = cli.command(
        cli.BASE, ["--chroot", "--until", "hello", "--no-store", "--target", str(target.path)]
    )
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stdout + done.stderr
    return target
