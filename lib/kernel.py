# SPDX-License-Identifier: GPL-3.0-or-later
"""Which kernel the virtual machine starts: the user's, the machine's newest, or Debian's cloud kernel.

The last one is fetched by the machine's own apt (which verifies it), unpacked and never installed.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from lib import deps
from lib.errors import UserError

_PACKAGE = "linux-image-cloud-amd64"
_HINT = "name a kernel with --kernel FILE (a bzImage for x86-64)"


@dataclass(frozen=True)
class Kernel:
    """A file that has been looked into and is a kernel."""

    path: Path
    version: str
    sha256: str


def find(
    wanted: Path | None = None,
    *,
    boot: Path = Path("/boot"),
    cache: Path | None = None,
    say: Callable[[str], None] = lambda _line: None,
) -> Kernel:
    """The kernel to start. `say` is told before something slow (a download) begins."""
    if wanted is not None:
        return check(wanted)
    installed = [path for path in boot.glob("vmlinuz-*") if os.access(path, os.R_OK)]
    if installed:
        return check(_newest(installed))
    cache = cache or deps.cache() / "kernels"
    fetched = list(cache.glob("vmlinuz-*"))
    if fetched:
        return check(_newest(fetched))
    return check(_from_debian(cache, say))


def check(path: Path) -> Kernel:
    """Look for what a boot loader looks for (the kernel's Documentation/x86/boot.rst)."""
    try:
        with path.open("rb") as file:
            head = file.read(1 << 16)
            size = os.fstat(file.fileno()).st_size
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UserError(f"cannot read the kernel {path}: {error.strerror}", _HINT) from error
    if len(head) < 0x264 or head[0x202:0x206] != b"HdrS":
        raise UserError(f"{path} is not a Linux kernel for x86 (no boot header in it)", _HINT)
    (protocol, version_at) = struct.unpack_from("<H6xH", head, 0x206)
    if protocol < 0x0204:
        raise UserError(
            f"{path} is a kernel too old to start (boot protocol {protocol >> 8}.{protocol & 0xFF:02})", _HINT
        )
    # From 2.12 on the header says whether there is a 64-bit entry point.
    if protocol >= 0x020C and not head[0x236] & 1:
        raise UserError(f"{path} is a 32-bit kernel; the seed is a 64-bit program", _HINT)
    sectors = head[0x1F1] or 4
    (paragraphs,) = struct.unpack_from("<I", head, 0x1F4)
    expected = (sectors + 1) * 512 + paragraphs * 16
    if size < expected:
        raise UserError(f"{path} is cut short: {size} bytes of at least {expected}", _HINT)
    text = head[version_at + 0x200 :].split(b"\0", 1)[0] if version_at else b""
    version = text.decode("ascii", "replace").split(" ")[0] or "unknown"
    return Kernel(path, version, digest)


def _newest(paths: Iterable[Path]) -> Path:
    """By version: 6.1.0-9 is older than 6.1.0-10."""

    def key(path: Path) -> list[tuple[int, str]]:
        return [(int(number or 0), text) for number, text in re.findall(r"(\d+)|(\D+)", path.name)]

    return max(paths, key=key)


def _from_debian(cache: Path, say: Callable[[str], None]) -> Path:
    for tool in ("apt-get", "apt-cache", "dpkg-deb"):
        if shutil.which(tool) is None:
            raise UserError(f"no readable kernel in /boot, and no {tool} to fetch one with", _HINT)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".fetch-", dir=cache) as scratch:
            return _fetch(cache, Path(scratch), say)
    except OSError as error:
        raise UserError(
            f"cannot keep a kernel in {cache}: {error.strerror}", "set XDG_CACHE_HOME, or " + _HINT
        ) from error


def _fetch(cache: Path, scratch: Path, say: Callable[[str], None]) -> Path:
    say(f"fetching Debian's cloud kernel ({_PACKAGE}) with apt, once")
    # The machine's package lists first; where they are missing or stale, fresh ones in the scratch directory,
    # which needs no privilege and leaves the machine's own state alone.
    lists = scratch / "lists"
    fresh = ["-o", f"Dir::State::Lists={lists}", "-o", f"Dir::Cache={scratch}"]
    package = _download([], scratch)
    if package is None:
        (lists / "partial").mkdir(parents=True)
        (scratch / "archives" / "partial").mkdir(parents=True)
        _run(["apt-get", "-qq", "update", *fresh], scratch)
        package = _download(fresh, scratch)
    if package is None:
        raise UserError(
            f"apt could not fetch a kernel ({_PACKAGE})",
            "is there a network, and does `apt-get update` work? Or " + _HINT,
        )
    tree = scratch / "tree"
    if _run(["dpkg-deb", "-x", str(package), str(tree)], scratch) is None:
        raise UserError(f"dpkg-deb could not unpack {package.name}", _HINT)
    found = sorted(tree.glob("boot/vmlinuz-*"))
    if not found:
        raise UserError(f"{package.name} has no kernel in it", _HINT)
    kernel = check(found[0]).path
    return kernel.rename(cache / kernel.name)


def _download(options: list[str], scratch: Path) -> Path | None:
    """The real package behind the metapackage, if these package lists still lead to it."""
    depends = _run(["apt-cache", *options, "depends", "--important", _PACKAGE], scratch)
    names = re.findall(r"Depends: (linux-image-\S+)", depends or "")
    if not names:
        return None
    # As root, apt would fetch as the user _apt, who may not write here.
    _run(["apt-get", "-q", *options, "-o", "APT::Sandbox::User=root", "download", names[0]], scratch)
    packages = sorted(scratch.glob("*.deb"))
    return packages[0] if packages else None


def _run(command: list[str], cwd: Path) -> str | None:
    """Its output, or None if it failed."""
    environment = {**os.environ, "LC_ALL": "C"}
    done = subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout if done.returncode == 0 else None
