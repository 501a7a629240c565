# SPDX-License-Identifier: GPL-3.0-or-later
"""Diverse double-compiling of GCC 10.2 (Wheeler, https://dwheeler.com/trusting-trust/).

The chain comes to GCC 10.2 by way of all its own compilers. Here the host's g++, which has nothing in common
with them, compiles the same source. That GCC 10.2 takes the place of the step OTHER, with the libraries that
it compiles, and all after it is built again in the same clean root, by the same recipes. If all compilers
translated rightly the packages are equal, byte by byte.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from lib import chroot, differ, digest, layout, plan, report, script, sources
from lib.chroot import Chroot
from lib.errors import UserError
from lib.monitor import Monitor
from lib.run import Run
from lib.store import Store

OTHER = "gcc-10.2-cxx"
LAST = "gcc-10.2"
"""The step whose place the GCC that the host has compiled takes."""
_RECIPE = "/sysa/steps/gcc-10.2"
_NEEDED = {
    "g++": Path("/usr/bin/g++"),
    "make": Path("/usr/bin/make"),
    "libgmp-dev": Path("/usr/include/x86_64-linux-gnu/gmp.h"),
    "libmpfr-dev": Path("/usr/include/mpfr.h"),
    "libmpc-dev": Path("/usr/include/mpc.h"),
}
"""Debian's packages, and a file of each."""
_PREPARE = (
    f". {_RECIPE}/unpack.sh; mkdir o; cd o; . {_RECIPE}/generate.sh; sh {_RECIPE}/c++.sh ${{SOURCE}} c++"
)
_MAKE = f"make -f {_RECIPE}/files/Makefile -j$(nproc) SOURCE=../gcc-10.2.0 CC=false CXX=false"
_LIBRARIES = f"cd o; {_MAKE} libgcc libstdc++; . {_RECIPE}/install.sh; cd /; pack {OTHER}"
"""What the host's compiler has made is done; CC and CXX would only be asked if it were not."""


def verify(base: Path, target: layout.Target, distfiles: Mapping[str, Path], monitor: Monitor) -> list[str]:
    """Build by way of the host's g++ all that comes after OTHER, and compare with what the chain has grown.

    target: a finished target. Returns lines to print; raises UserError on any difference.
    """
    version = _version()
    loaded = plan.load(base, sources.load(base).digests)
    chain = dataclasses.replace(loaded, pins={})
    names = [step.name for step in chain.system.steps]
    position = names.index(OTHER)
    packages = {
        step.name: _package(target, step.name) for step in chain.system.steps if step.runner != "none"
    }
    ours = layout.Target(target.path / "ddc")
    ours.path.mkdir(exist_ok=True)
    store = Store(ours.path / "store", monitor)
    shutil.rmtree(store.folder, ignore_errors=True)
    try:
        monitor.note(f"g++ {version} compiles GCC 10.2, and that its libraries")
        compile_by_host(base, ours, [packages[name] for name in names[1:position]], distfiles)
        _guest(ours, _LIBRARIES)
        other = ours.root / f"packages/{OTHER}.tar"
        digests: dict[str, str] = {}
        for step in chain.system.steps[: position + 1]:
            if step.runner == "none":
                digests[step.name] = chain.seed
                continue
            tar = other if step.name == OTHER else packages[step.name]
            digests[step.name] = store.put(step.name, chain.identity(step, digests), tar).digest
        todo = plan.make(chain, LAST, store)
        with ours.log.open("a", encoding="utf-8", buffering=1) as log:
            done = Run(todo, Chroot(None), ours, store, distfiles, monitor, log)()
        lines = [_compare(step, packages[step.name], ours) for step in done.steps[position + 1 :]]
    finally:
        layout.clear(ours.root)
        shutil.rmtree(store.folder, ignore_errors=True)
    return [*lines, f"equal, whether the chain's compilers or g++ {version} compiled the first GCC 10.2"]


def compile_by_host(
    base: Path, ours: layout.Target, packages: Sequence[Path], distfiles: Mapping[str, Path]
) -> Path:
    """Compile GCC 10.2 by the host's g++, statically, in a root with these packages.

    Returns the folder, in that root, where the recipe for its libraries can go on; the programs are in bin/.
    """
    catalogue = sources.load(base)
    system = plan.load(base, catalogue.digests).system
    step = next(step for step in system.steps if step.name == OTHER)
    layout.make_root(ours.root, system.folder)
    for tar in packages:
        layout.put_package(ours.root, tar.stem, tar)
    layout.put_sources(ours.root, {name: distfiles[name] for name in step.sources}, catalogue.digests)
    build = ours.root / "build" / OTHER
    build.mkdir()
    ours.log.unlink(missing_ok=True)
    _guest(ours, _PREPARE)
    with ours.log.open("a", encoding="utf-8") as log:
        # The same makefile; what is left to it are the libraries, which its own programs compile.
        make = ["make", "-f", str(base / f".{_RECIPE}/files/Makefile"), f"-j{os.cpu_count()}"]
        make += ["SOURCE=../gcc-10.2.0", "CC=gcc", "CXX=g++", "CFLAGS=-O2 -w", "LDFLAGS=-static", "compilers"]
        ran = subprocess.run(
            make, cwd=build / "o", stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, check=False
        )
        if ran.returncode:
            raise UserError("the host's g++ could not compile GCC 10.2", f"all output is in {ours.log}")
    return build / "o"


def _guest(ours: layout.Target, commands: str) -> None:
    """Run shell commands in the build folder; what they print goes to the log."""
    argv = ["/bin/sh", "-x", "-e", "-c", f"DESTDIR=/destdir/{OTHER}; {commands}"]
    result = chroot.run(ours.root, argv, cwd=f"/build/{OTHER}", env=script.ENVIRONMENT)
    text = result.output.decode(errors="backslashreplace")
    with ours.log.open("a", encoding="utf-8") as log:
        log.write(text)
    if result.status:
        tail = "\n".join(f"  | {line}" for line in text.splitlines()[-5:])
        raise UserError(
            f"GCC 10.2 as the host compiled it: a command in the root failed:\n{tail}",
            f"all output is in {ours.log}",
        )


def _version() -> str:
    missing = [name for name, path in _NEEDED.items() if not path.exists()]
    if missing:
        raise UserError(
            f"{missing[0]} is not installed, and diverse double-compiling needs a second compiler",
            f"apt-get install {' '.join(_NEEDED)}",
        )
    ran = subprocess.run(["g++", "-dumpfullversion"], capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def _package(target: layout.Target, name: str) -> Path:
    path = target.root / "packages" / f"{name}.tar"
    if not path.is_file():
        raise UserError(f"{path} is not there", "grow the chain first: ./rootfs.py --chroot")
    return path


def _compare(step: report.StepResult, expected: Path, ours: layout.Target) -> str:
    """One line about a package that is the same on both ways."""
    right = digest.of_file(expected)
    if step.digest != right:
        kept = differ.keep(ours.differs, step.name, expected, ours.root / "packages" / f"{step.name}.tar")
        raise UserError(
            "\n".join([f"{step.name} differs, depending on who compiled the first GCC 10.2", *kept]),
            "one of the compilers translates GCC wrongly, or slips something in",
        )
    return f"{right}  {expected.name}"
