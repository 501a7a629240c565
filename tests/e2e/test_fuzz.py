# SPDX-License-Identifier: GPL-3.0-or-later
"""What the fuzzer makes of images breaks nothing. Always the same cases; `python -m tests.fuzz` has more."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.e2e import cli

RUNS = 1500

pytest.importorskip("atheris", reason="there is no atheris for this Python")


@pytest.mark.parametrize("target", ["filesystems", "images"])
def test_made_up_images(target: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", target, f"-runs={RUNS}", "-seed=1"],
        cwd=cli.BASE, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout + done.stderr)[-5000:]
    assert f"Done {RUNS} runs in " in done.stdout + done.stderr, (done.stdout + done.stderr)[-5000:]
