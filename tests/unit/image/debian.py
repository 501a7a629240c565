# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages of Debian, unpacked to look into: what others have written is not kept with these tests."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from lib import deps


def unpacked(package: str, top: Path) -> Path:
    """The files of a package, in an empty folder; it is fetched once by the machine's own apt."""
    cache = deps.cache() / "tests" / "packages"
    cache.mkdir(parents=True, exist_ok=True)
    found = sorted(cache.glob(f"{package}_*.deb"))
    if not found:
        # As root, apt would fetch as the user _apt, who may not write here.
        apt = ["apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", package]
        done = subprocess.run(
            apt, cwd=top, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        fetched = sorted(top.glob("*.deb"))
        if not fetched:
            pytest.skip(f"apt could not fetch {package}: {done.stderr.strip()}")
        found = [fetched[0].rename(cache / fetched[0].name)]
    subprocess.run(["dpkg-deb", "-x", str(found[-1]), str(top)], check=True)
    return top
