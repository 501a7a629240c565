# SPDX-License-Identifier: GPL-3.0-or-later
"""Two packages that should be equal and are not: both are kept, and the first difference is named.

TARGET/differs/NAME/expected.tar, built.tar
TARGET/differs/NAME/diffoscope.txt           if diffoscope is installed
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from lib import package

_PATIENCE = 300
"""Seconds that diffoscope may take."""


def keep(folder: Path, name: str, expected: Path, built: Path) -> list[str]:
    """Copy both packages, compare them. Returns lines that tell of it. folder: TARGET/differs."""
    place = folder / name
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    shutil.copyfile(expected, place / "expected.tar")
    shutil.copyfile(built, place / "built.tar")
    first = package.first_difference(place / "expected.tar", place / "built.tar")
    lines = [
        f"  first difference: {first or 'only in the archive itself'}",
        f"  both packages are in {place}",
    ]
    if shutil.which("diffoscope"):
        lines.append(f"  {_diffoscope(place)}")
    return lines


def _diffoscope(place: Path) -> str:
    out = place / "diffoscope.txt"
    command = ["diffoscope", "--text", str(out), str(place / "expected.tar"), str(place / "built.tar")]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"diffoscope came to no end: {error}"
    return f"in detail: {out}" if out.exists() else f"diffoscope failed with exit status {done.returncode}"
