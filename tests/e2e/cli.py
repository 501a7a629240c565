# SPDX-License-Identifier: GPL-3.0-or-later
"""rootfs.py as users meet it: as a program, on a checkout that may be spoilt."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
NOBODY = 65534


def copy_checkout(to: Path) -> Path:
    """What rootfs.py needs of the checkout, free to be spoilt."""
    to.mkdir(parents=True, exist_ok=True)
    for name in ("boot", "lib", "sysa", "sysc"):
        shutil.copytree(BASE / name, to / name, ignore=shutil.ignore_patterns("__pycache__", "tests"))
    for pattern in ("rootfs.py", "SHA256SUMS.*", "sources.yaml", "requirements.txt"):
        for path in BASE.glob(pattern):
            shutil.copy2(path, to / path.name)
    return to


def command(base: Path, arguments: Sequence[str]) -> list[str]:
    """The command line, with the tests' own Python, which has the packages."""
    return [sys.executable, str(base / "rootfs.py"), *arguments]


def environment(cache: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Of the program: a cache of its own."""
    return {**os.environ, "XDG_CACHE_HOME": str(cache), **(more or {})}


def run(
    base: Path,
    *arguments: str,
    cache: Path,
    prefix: Sequence[str] = (),
    more: Mapping[str, str] | None = None,
    timeout: float = 300,
) -> subprocess.CompletedProcess[str]:
    """Run rootfs.py; it must never show a traceback."""
    done = subprocess.run(
        [*prefix, *command(base, arguments)],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=timeout,
        env=environment(cache, more),
        cwd=cache.parent,
    )
    assert "Traceback" not in done.stderr + done.stdout, done.stderr
    return done


def refused(done: subprocess.CompletedProcess[str], said: str) -> str:
    """The run failed and said this in one line, with the program's name in front. Returns that text."""
    assert done.returncode == 1, f"exit status {done.returncode}: {done.stderr}"
    line = next((line for line in done.stderr.splitlines() if line.startswith("seedroot: ")), "")
    assert said in done.stderr, done.stderr
    assert line, done.stderr
    return done.stderr


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that every user can enter (pytest's own are locked), owned by nobody if we are root."""
    with tempfile.TemporaryDirectory(prefix="seedroot-test-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        yield folder


def as_user() -> list[str]:
    """What to put before a command to run it as an ordinary user."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
