# SPDX-License-Identifier: GPL-3.0-or-later
"""The tools of sysa/stage0/06-tools for the tests: built once a run by the host's gcc, with its sanitizers.

SEEDROOT_TOOLS=DIR names a folder of tools that were built otherwise, by the chain itself for instance.
"""

import atexit
import functools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "sysa/stage0/06-tools"
PROGRAMS = {
    "kaem": ["kaem"],
    "sha256sum": ["sha256sum", "sha256"],
    "untar": ["untar", "tar", "inflate", "bunzip2", "bits"],
    "pack": ["pack", "tar", "sha256"],
    "edit": ["edit"],
    "cp": ["files"],
}
FILE_COMMANDS = ("mkdir", "chmod", "rm", "ln", "cmp")
FLAGS = ["-std=c99", "-D_XOPEN_SOURCE=700", "-Wall", "-Wextra", "-Wno-sign-compare", "-Werror"]
SANITIZED = ["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
# Memory is never given back, on purpose.
# A tool that a sanitizer stops must not look like one that failed properly.
SANITIZER_ENV = {"ASAN_OPTIONS": "detect_leaks=0:exitcode=99", "UBSAN_OPTIONS": "exitcode=99"}


@functools.cache
def folder() -> Path:
    """Where the tools are; builds them at the first call."""
    if ready := os.environ.get("SEEDROOT_TOOLS"):
        return Path(ready)
    made = Path(tempfile.mkdtemp(prefix="seedroot-tools-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    for program, parts in PROGRAMS.items():
        files = [str(SOURCE / f"{part}.c") for part in ["common", *parts]]
        built = subprocess.run(["gcc", *FLAGS, *SANITIZED, "-o", str(made / program), *files], check=False)
        if built.returncode != 0:
            pytest.exit("the tools cannot be built")
    for program in FILE_COMMANDS:
        shutil.copy(made / "cp", made / program)
    return made


def run(
    tool: str,
    *args: str | Path,
    cwd: Path | None = None,
    stdin: bytes = b"",
    env: dict[str, str] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run a tool to its end. A crash, a sanitizer's complaint or a hang fails the test."""
    command: Sequence[str | Path] = [folder() / tool, *args]
    done = subprocess.run(
        command,
        cwd=cwd,
        input=stdin,
        env={**SANITIZER_ENV, **(env or {})},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in (0, 1), (command, done)
    return done


def ok(tool: str, *args: str | Path, cwd: Path | None = None) -> str:
    """Run a tool that must succeed and be quiet about it; returns what it prints."""
    done = run(tool, *args, cwd=cwd)
    assert (done.returncode, done.stderr) == (0, b""), done
    return done.stdout.decode()


def fails(tool: str, *args: str | Path, cwd: Path | None = None) -> str:
    """Run a tool that must fail with exactly one line on stderr; returns that line."""
    done = run(tool, *args, cwd=cwd)
    assert done.returncode == 1, done
    assert done.stderr.count(b"\n") == 1, done
    return done.stderr.decode(errors="replace")
