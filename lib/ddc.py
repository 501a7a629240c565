# SPDX-License-Identifier: GPL-3.0-or-later
"""Diverse double-compiling of tcc (Wheeler, https://dwheeler.com/trusting-trust/).

tcc's source is compiled once by our cc (that is what the chain does) and once by the host's gcc, a compiler
that has nothing in common with ours. Each of the two tccs then compiles the library and tcc in the same way.
If both were translated rightly the results are equal, byte by byte; if cc had slipped anything in, or merely
made a mistake in a floating-point constant, they would not be.
"""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

from lib import chroot, digest, layout, manifest, sources
from lib.errors import UserError
from lib.monitor import Monitor

STEP = "tcc-0.9.27"
COMPILER = "gcc"
RESULTS = {
    "tcc": "usr/bin/tcc",
    "libc.a": "usr/lib/libc.a",
    "libtcc1.a": "usr/lib/tcc/libtcc1.a",
    "crt1.o": "usr/lib/crt1.o",
    "crti.o": "usr/lib/crti.o",
    "crtn.o": "usr/lib/crtn.o",
}
"""What a round of the recipe makes, and where the step installs it."""


def verify(base: Path, target: Path, distfiles: Mapping[str, Path], monitor: Monitor) -> list[str]:
    """Compile tcc by way of the host's gcc, and compare with what the chain has grown.

    target: a finished target directory. Returns lines to print; raises UserError on any difference.
    """
    version = _compiler_version()
    catalogue = sources.load(base)
    system = manifest.load(base / "sysa", catalogue.digests)
    steps = system.until(STEP)
    step = steps[-1]
    packages = {each.name: _package(target, each.name) for each in steps if each.runner != "none"}
    root = target / "ddc"
    layout.make_root(root, system.folder)
    try:
        for name, package in packages.items():
            if name != STEP:
                layout.put_package(root, name, package)
        layout.put_sources(root, {name: distfiles[name] for name in step.sources}, catalogue.digests)
        build = root / "build" / STEP
        build.mkdir()
        monitor.note(f"{COMPILER} {version} builds tcc; that tcc then builds the library and tcc, twice")
        _kaem(root, f"kaem /sysa/{step.place}/prepare.kaem")
        _compile(build)
        _kaem(root, "FIRST=../by-host/tcc", f"kaem /sysa/{step.place}/rounds.kaem")
        with tarfile.open(packages[STEP]) as installed:
            lines = [_compare(build / "round2" / name, installed, path) for name, path in RESULTS.items()]
    finally:
        layout.clear(root)
    return [*lines, f"equal, whether cc or {COMPILER} {version} compiled the first tcc"]


def _compiler_version() -> str:
    path = shutil.which(COMPILER)
    if path is None or not Path("/usr/include/stdio.h").exists():
        raise UserError(
            f"{COMPILER} is not installed, and diverse double-compiling needs a second compiler",
            "apt-get install gcc libc6-dev",
        )
    return subprocess.run(
        [path, "-dumpfullversion"], capture_output=True, text=True, check=True
    ).stdout.strip()


def _package(target: Path, name: str) -> Path:
    path = target / "root/packages" / f"{name}.tar"
    if not path.is_file():
        raise UserError(f"{path} is not there", "grow the chain first: ./rootfs.py --chroot")
    return path


def _kaem(root: Path, *lines: str) -> None:
    """Run lines of kaem in the build folder."""
    script = root / "tmp/ddc.kaem"
    script.write_text("\n".join(["PATH=/bin:/usr/bin", *lines]) + "\n")
    result = chroot.run(root, ["/bin/kaem", "/tmp/ddc.kaem"], cwd=f"/build/{STEP}", timeout=600)
    if result.status:
        tail = result.output.decode(errors="backslashreplace").splitlines()[-5:]
        raise UserError("\n".join([f"{lines[-1]} failed:", *(f"  | {line}" for line in tail)]))


def _compile(build: Path) -> None:
    """By the host's compiler, against the host's library."""
    (build / "by-host").mkdir()
    command = [COMPILER, "-O1", "-w", "-static", "-o", "by-host/tcc", "src/tcc.c", "-lm"]
    ran = subprocess.run(command, cwd=build, capture_output=True, text=True, check=False)
    if ran.returncode:
        first = (ran.stderr.strip().splitlines() or ["no message"])[0]
        raise UserError(f"{' '.join(command)} failed: {first}", "apt-get install gcc libc6-dev")


def _compare(theirs: Path, package: tarfile.TarFile, path: str) -> str:
    """One line about a file that is the same on both ways: as built here, and as in the package."""
    ours = package.extractfile(path)
    if ours is None:
        raise UserError(f"{path} is not a file in the package {STEP}")
    one, other = theirs.read_bytes(), ours.read()
    if one != other:
        place = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
        where = f"first at byte {place}" if place is not None else f"{len(one)} and {len(other)} bytes"
        raise UserError(
            f"{theirs.name} differs ({where}), depending on whether cc or {COMPILER} compiled the first tcc",
            "one of the two compilers translates tcc wrongly, or slips something in",
        )
    return f"{digest.of_bytes(one)}  {theirs.name}"
