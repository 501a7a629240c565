# SPDX-License-Identifier: GPL-3.0-or-later
"""A root grown up to some step, and programs run in it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from lib import chroot, deps, layout, script, sources
from lib.monitor import Silent
from tests.e2e import cli


def root_until(step: str, folder: Path) -> Path:
    """Grow a root in the folder, with what is in the store."""
    target = layout.Target(folder / "target")
    command = cli.command(cli.BASE, ["--chroot", "--until", step, "--target", str(target.path)])
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stdout + done.stderr
    return target.root


def guest(root: Path, *argv: str, timeout: float = 60) -> str:
    """Run a program in the grown root, in its /tmp. It must not fail. Returns what it prints."""
    ran = chroot.run(root, argv, cwd="/tmp", env=script.ENVIRONMENT, timeout=timeout)
    assert ran.status == 0, ran.output.decode(errors="replace")
    return ran.output.decode()


def source(root: Path, name: str) -> None:
    """Put a source into the grown root's /distfiles: a root that came from the store has none."""
    catalogue = sources.load(cli.BASE)
    path = sources.Fetcher(catalogue, deps.cache() / "distfiles", Silent()).fetch([name])[name]
    (root / "distfiles").mkdir(exist_ok=True)
    shutil.copy(path, root / "distfiles")


def host_built(folder: Path, source: str) -> Path:
    """A program of a recipe, compiled by the host's gcc."""
    program = folder / Path(source).stem
    if program.exists():
        return program
    warn = ["-Wall", "-Wextra", "-Werror", "-fsanitize=address,undefined", "-g"]
    subprocess.run(["gcc", *warn, "-o", program, cli.BASE / "sysa/steps" / source], check=True)
    return program
