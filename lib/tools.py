# SPDX-License-Identifier: GPL-3.0-or-later
"""The host's programs that make and read disk images: found, and run so that day and user do not matter."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from lib.errors import UserError

TIME = 946684800
"""2000-01-01, the clock that the virtual machine starts with: no file on a disk is from its future."""

PACKAGES = {
    "debugfs": "e2fsprogs",
    "e2fsck": "e2fsprogs",
    "mcopy": "mtools",
    "mke2fs": "e2fsprogs",
    "mkfs.fat": "dosfstools",
    "mmd": "mtools",
    "mshowfat": "mtools",
    "sfdisk": "fdisk",
}
"""The Debian package of each."""

_SBIN = ("/usr/local/sbin", "/usr/sbin", "/sbin")  # not in the PATH of Debian's ordinary users
_NO_SPACE = re.compile(r"No space left on device|Disk quota exceeded")


def require(*names: str) -> None:
    """See that these are there; names all that are not."""
    missing = [name for name in names if _find(name) is None]
    if missing:
        packages = " ".join(sorted({PACKAGES[name] for name in missing}))
        were = "was" if len(missing) == 1 else "were"
        raise UserError(
            f"{', '.join(missing)} {were} not found", f"install what is missing: apt-get install {packages}"
        )


def run(
    argv: Sequence[str],
    about: Path,
    images: Sequence[int] = (),
    stdin: bytes = b"",
    cwd: Path | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run a tool to its end, whatever its exit status is.

    about   what it makes or reads, for messages
    images  the files that it is given by open_file()
    """
    require(argv[0])
    result = subprocess.run(
        [_find(argv[0]) or argv[0], *argv[1:]],
        input=stdin,
        capture_output=True,
        check=False,
        cwd=cwd,
        pass_fds=images,
        env=_environment(),
    )
    # Where all went well, the output is what was asked for, and may be a file that speaks of such things.
    if _NO_SPACE.search(text(result.stderr + (result.stdout if result.returncode else b""))):
        raise no_space(about)
    return result


def must_run(
    argv: Sequence[str],
    about: Path,
    images: Sequence[int] = (),
    stdin: bytes = b"",
    cwd: Path | None = None,
) -> str:
    """Run a tool; what it printed. A UserError with its last words if it fails."""
    done = run(argv, about, images, stdin, cwd)
    if done.returncode != 0:
        lines = text(done.stdout + done.stderr).strip().splitlines() or [f"status {done.returncode}"]
        raise UserError(f"{about}: {argv[0]} failed: {lines[-1]}")
    return text(done.stdout)


def open_file(number: int) -> str:
    """A name for a file that is open here, for the tools: one that no tool takes for anything else."""
    return f"/proc/self/fd/{number}"


def text(output: bytes) -> str:
    """What a tool printed, as a message can show it."""
    return output.decode(errors="backslashreplace")


def no_space(path: Path) -> UserError:
    """The disk of the host is full."""
    return UserError(
        f"no space is left on the disk that {path.parent} is on", "make room there, or choose another place"
    )


def _find(name: str) -> str | None:
    return shutil.which(name, path=_environment()["PATH"])


def _environment() -> dict[str, str]:
    return {
        "PATH": os.pathsep.join((os.environ.get("PATH", os.defpath), *_SBIN)),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "SOURCE_DATE_EPOCH": str(TIME),
        "E2FSPROGS_FAKE_TIME": str(TIME),
        # What this machine prefers is not asked.
        "BLKID_FILE": os.devnull,
        "MKE2FS_CONFIG": os.devnull,
        "MTOOLSRC": os.devnull,
        "HOME": os.devnull,
    }
