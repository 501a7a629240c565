# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the chain twice, the second time from nothing with everything around it changed, and compares.

The first build is the finished target, if there is one of the same recipes.

    python3 -m lib.reproduce ARGUMENTS      what builds: rootfs.py with packages that are copied beside it

The guest's clock is the one thing in which both are alike: it is the kernel's, which a time namespace shifts
only in its monotonic parts. A virtual machine of ours begins in the year 2000; that it comes to the same
bytes is a test of its own (tests/e2e/test_same_bytes.py).
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lib import differ, layout, plan, report, sources
from lib.errors import UserError
from lib.monitor import Monitor

_NOBODY = 65534
_LONG_AGO = 1_000_000_000
"""2001: the date of the files in the second place."""
_ROOM = 4 << 30
"""With so many bytes free a file system in memory takes the second build: another order in its folders."""
_MEMORY = Path("/dev/shm")
_CLOCKS = 10 * 24 * 3600
_TREE = ("rootfs.py", "lib", "sysa", "sysc", "requirements.txt", "sources.yaml", "SHA256SUMS.sources")
"""What a build needs of the checkout. Without SHA256SUMS.packages: what is compared are the builds."""


@dataclass
class _Build:
    """One build: where, and how it is started."""

    tree: Path
    target: Path
    distfiles: Path
    arguments: Sequence[str]
    python: str = sys.executable
    prefix: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    umask: int = 0o022

    def __call__(self) -> report.Report:
        """Do it."""
        command = [
            *self.prefix, self.python, "-m", "lib.reproduce", "--chroot", "--no-store", *self.arguments,
            "--target", str(self.target), "--distfiles", str(self.distfiles),
        ]  # fmt: skip
        done = subprocess.run(
            command, cwd=self.tree, env=dict(self.environment), umask=self.umask, check=False,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
        )  # fmt: skip
        if done.returncode:
            tail = [f"  | {line}" for line in done.stderr.strip().splitlines()[-20:]]
            raise UserError("\n".join([f"the build in {self.target} failed:", *tail]))
        return report.read(self.target / "report.json")


def verify(
    base: Path, target: Path, distfiles: Mapping[str, Path], until: str | None, monitor: Monitor
) -> list[str]:
    """Build twice, compare all packages. Returns lines to print; raises UserError for any difference."""
    arguments = ["--until", until] if until else []
    folder = next(iter(distfiles.values())).parent if distfiles else target
    here = target / "reproduce"
    layout.clear(here)
    _copy(base, here / "tree", lambda files: files)
    with _elsewhere() as place:
        second, changes = _changed(base, place, distfiles, arguments)
        finished = _finished(base, target, until)
        if finished:
            first, of_first = finished, target
            monitor.note(f"first build: {target}, which is finished")
        else:
            monitor.note("first build: as it is")
            at_first = _Build(here / "tree", here / "target", folder, arguments, environment=os.environ)
            first, of_first = at_first(), at_first.target
        monitor.note("second build: " + "; ".join(changes))
        again = second()
        try:
            lines = compare(first, of_first, again, second.target, target / "differs")
        except UserError as error:
            raise UserError("\n".join([error.message, *changes]), error.hint) from None
    layout.clear(here)
    return [*lines, "equal, although the second build was changed:", *(f"  {change}" for change in changes)]


def _finished(base: Path, target: Path, until: str | None) -> report.Report | None:
    """The report on a target, down to a step, if it is finished, of the checkout's recipes, and whole."""
    try:
        found = report.read(target / "report.json")
    except UserError:
        return None
    chain = plan.load(base, sources.load(base).digests)
    steps = chain.until(until)
    found.steps = found.steps[: len(steps)]
    digests: dict[str, str] = {}
    for step, result in itertools.zip_longest(steps, found.steps):
        if result is None or result.name != step.name or result.digest is None:
            return None
        if step.runner != "none" and result.identity != chain.identity(step, digests):
            return None
        digests[step.name] = result.digest
    return None if report.verify(found, layout.Target(target), {}) else found


def compare(first: report.Report, here: Path, second: report.Report, there: Path, differs: Path) -> list[str]:
    """A line for each package; UserError for the first that differs, with both of them kept."""
    lines = []
    for one, other in zip(first.steps, second.steps, strict=True):
        if one.digest != other.digest or one.name != other.name:
            tars = [
                layout.Target(top).root_of(one.system) / f"packages/{one.name}.tar" for top in (here, there)
            ]
            told = [f"{one.name}: two builds differ", f"  first  {one.digest}", f"  second {other.digest}"]
            if all(tar.exists() for tar in tars):
                told += differ.keep(differs, one.name, *tars)
            raise UserError("\n".join(told), "something around a build has found its way into it")
        if one.digest and one.result != "given":
            lines.append(f"{one.digest}  {one.name}.tar")
    return lines


@contextlib.contextmanager
def _elsewhere() -> Iterator[Path]:
    """A folder that everybody can enter, if possible on a file system in memory."""
    roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM and os.access(_MEMORY, os.W_OK)
    name = tempfile.mkdtemp(prefix="a longer way to go, ", dir=_MEMORY if roomy else None)
    place = Path(name)
    place.chmod(0o755)
    try:
        yield place
    finally:
        layout.clear(place)


def _changed(
    base: Path, place: Path, distfiles: Mapping[str, Path], arguments: Sequence[str]
) -> tuple[_Build, list[str]]:
    """A build with everything changed that can be changed here, and what that is."""
    tree = place / "tree"
    _copy(base, tree, reversed)
    _packages(place / "packages")
    (place / "distfiles").mkdir()
    for name in reversed(list(distfiles)):
        shutil.copyfile(distfiles[name], place / "distfiles" / name)
    for path in place.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
        os.utime(path, (_LONG_AGO, _LONG_AGO))
    build = _Build(
        tree,
        place / "work/target",
        place / "distfiles",
        [*arguments, "--cores", "1"],
        python=_python(),
        environment={
            "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/", "USER": "someone",
            "LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu", "PYTHONPATH": str(place / "packages"),
            "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "SOURCE_DATE_EPOCH": "1",
        },
        umask=0o077,
    )  # fmt: skip
    changes = [
        f"folder {build.target}, on {'another' if place.stat().st_dev != base.stat().st_dev else 'the same'}"
        " file system",
        f"1 of {len(os.sched_getaffinity(0))} processors",
        "umask 077",
        "recipes and sources written in the opposite order, dated 2001",
        "locale tr_TR, time zone Asia/Kathmandu, other environment",
    ]
    (place / "work").mkdir()
    (place / "work").chmod(0o755)
    namespaces = [
        "unshare", *([] if os.geteuid() == 0 else ["--map-root-user"]), "--uts", "--time",
        "--monotonic", str(_CLOCKS), "--boottime", str(_CLOCKS),
    ]  # fmt: skip
    script = 'hostname elsewhere.example && exec "$@"'
    if _works([*namespaces, "sh", "-c", script, "sh", "true"]):
        build.prefix = [*namespaces, "sh", "-c", script, "sh"]
        changes.append("host name elsewhere.example, monotonic clocks ten days ahead")
    if os.geteuid() == 0:
        os.chown(place / "work", _NOBODY, _NOBODY)
        user = ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"]
        build.prefix = [*build.prefix, *user]
        changes.append(f"user {_NOBODY} in a user namespace")
    return build, changes


def _copy(base: Path, tree: Path, order: Callable[[list[Path]], Iterable[Path]]) -> None:
    """What a build needs of the checkout, written in some order."""
    files = [path for name in _TREE for path in [base / name, *sorted((base / name).rglob("*"))]]
    for path in order([path for path in files if path.is_file() and "__pycache__" not in path.parts]):
        to = tree / path.relative_to(base)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, to)


def _packages(folder: Path) -> None:
    """The packages that a build imports, where every user can read them."""
    import tqdm  # noqa: PLC0415
    import yaml  # noqa: PLC0415

    for module in (tqdm, yaml):
        source = Path(str(module.__file__)).parent
        shutil.copytree(source, folder / source.name, ignore=shutil.ignore_patterns("__pycache__"))


def _python() -> str:
    """A Python that every user may start."""
    return "/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable


def _works(command: Sequence[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def main(argv: Sequence[str]) -> int:
    """A build, in the checkout that this module is in."""
    from lib import command  # noqa: PLC0415 - it imports this module
    from lib.options import parse  # noqa: PLC0415

    try:
        return command.main(Path(__file__).resolve().parents[1], parse(list(argv)))
    except UserError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
