# SPDX-License-Identifier: GPL-3.0-or-later
"""The target directory, and the guest's root in it.

TARGET/.seedroot     says that the directory is ours, and which format it has; locked while a run uses it
TARGET/root/         what the guest sees as / in sysa
TARGET/sysc/         the same in sysc
TARGET/*.complete    the packages in a root that is finished; not there while it is worked on
TARGET/disk.img      a machine's disk, with sysc (journey.py)
TARGET/log.txt       everything that the guest printed
TARGET/report.json   what was built
TARGET/differs/      packages that are not what they should be (differ.py)
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import shutil
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lib import digest, package, seed
from lib.errors import UserError
from lib.manifest import Step, recipe_files
from lib.script import Script

FORMAT = 1
_MARKER = ".seedroot"
_EMPTY = ("bin", "build", "destdir", "dev", "distfiles", "packages", "proc", "sys", "tmp", "usr")


@dataclass(frozen=True)
class Target:
    """A directory that was found to be ours."""

    path: Path

    @property
    def root(self) -> Path:
        """The guest's root in sysa."""
        return self.root_of("sysa")

    def root_of(self, system: str) -> Path:
        """The guest's root in a system."""
        return self.path / ("root" if system == "sysa" else system)

    def complete(self, system: str) -> Path:
        """The file that lists the packages of a root that is finished."""
        root = self.root_of(system)
        return root.with_name(f"{root.name}.complete")

    @property
    def disk(self) -> Path:
        """The image of a machine's disk."""
        return self.path / "disk.img"

    @property
    def log(self) -> Path:
        """The log file."""
        return self.path / "log.txt"

    @property
    def report(self) -> Path:
        """The report."""
        return self.path / "report.json"

    @property
    def differs(self) -> Path:
        """Where packages are kept that are not what they should be."""
        return self.path / "differs"


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Target]:
    """Make or take over a target directory, for one run at a time."""
    _claim(path)
    with (path / _MARKER).open("r+") as marker:
        try:
            fcntl.flock(marker, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(
                f"another run is using {path}", "wait for its end, or choose another place: --target DIR"
            ) from None
        yield Target(path)


def _claim(path: Path) -> None:
    """See that `path` is an empty or absent directory, or ours and of our format."""
    elsewhere = "choose another place: --target DIR"
    try:
        if path.exists() and not path.is_dir():
            raise UserError(f"the target {path} is a file, not a directory", elsewhere)
        path.mkdir(parents=True, exist_ok=True)
        marker = path / _MARKER
        if not marker.exists():
            if any(path.iterdir()):
                raise UserError(f"the target {path} holds files that are not seedroot's", elsewhere)
            new = path / f"{_MARKER}.{os.getpid()}"
            new.write_text(json.dumps({"format": FORMAT}) + "\n")
            new.replace(marker)
        if not os.access(path, os.W_OK | os.X_OK) or not os.access(marker, os.W_OK):
            raise UserError(
                f"the target {path} is not writable", f"it belongs to {path.owner()}; {elsewhere}"
            )
        found = _format(marker)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise UserError(f"cannot use the target {path}: {error.strerror}", elsewhere) from None
    if found != FORMAT:
        raise UserError(
            f"the target {path} is from another version of seedroot (format {found}, not {FORMAT})",
            f"remove it if nothing in it is wanted any more, or {elsewhere}",
        )


def _format(marker: Path) -> object:
    try:
        content = json.loads(marker.read_text())
    except (ValueError, UnicodeDecodeError):
        return "unknown"
    return content.get("format", "unknown") if isinstance(content, dict) else "unknown"


def clear(root: Path) -> None:
    """Remove a guest's root of an earlier run, whatever modes the guest gave to its folders."""
    if not root.exists():
        return
    for folder, _, _ in os.walk(root):
        # os.walk goes top down: a folder is opened before what is in it is listed
        for entry in os.scandir(folder):
            if entry.is_dir(follow_symlinks=False) and stat.S_IMODE(entry.stat().st_mode) & 0o700 != 0o700:
                os.chmod(entry.path, 0o700)  # noqa: PTH101 - an entry of scandir
    shutil.rmtree(root)


def make_root(root: Path, system: Path) -> None:
    """A new root for a system: the seed as /init, the recipes, empty folders."""
    make_tree(root, system)
    init = root / "init"
    init.write_bytes(seed.read(system.parent / "sysa"))
    init.chmod(0o755)


def make_tree(root: Path, system: Path) -> None:
    """A new root without anything to start it: the recipes, empty folders."""
    clear(root)
    root.mkdir()
    root.chmod(0o755)
    for name in _EMPTY:
        _folder(root / name)
    (root / "tmp").chmod(0o1777)
    _copy_recipes(system, root / system.name)
    init = root / system.name / "init"
    if init.exists():
        init.chmod(0o755)


def put_sources(root: Path, distfiles: Mapping[str, Path], digests: Mapping[str, str]) -> None:
    """The sources, verified as they are copied, and their list for the guest to verify them again."""
    for name, path in distfiles.items():
        copy = root / "distfiles" / name
        _copy(path, copy)
        actual = digest.of_file(copy)
        if actual != digests[name]:
            copy.unlink()
            raise UserError(
                f"{path}: wrong digest (expected {digests[name]}, found {actual})",
                "it changed since it was verified; run again to fetch it anew",
            )
    put_text(root / "distfiles/SHA256SUMS", digest.format_list({name: digests[name] for name in distfiles}))


def put_script(root: Path, script: Script, steps: Sequence[Step]) -> None:
    """The script, and the folders that the recipes of the seed install into (the seed cannot make any)."""
    put_text(root / "seed.kaem", script.seed)
    put_kaem(root, script)
    sweep(root, [step.name for step in steps])
    for step in steps:
        _folder(root / "destdir" / step.name)
        if step.runner == "seed":
            for path in step.installs:
                _folder((root / "destdir" / step.name / path.lstrip("/")).parent)


def put_kaem(root: Path, script: Script) -> None:
    """The part of the script that kaem runs."""
    put_text(root / f"{script.system}.kaem", script.kaem)


def sweep(root: Path, steps: Sequence[str]) -> None:
    """Remove what is left of building some steps."""
    for name in steps:
        clear(root / "build" / name)
        clear(root / "destdir" / name)


def put_package(root: Path, name: str, tar: Path, install: bool = True) -> None:
    """A finished step's package, as `pack` leaves it: the tar, and its files below / (if `install`)."""
    _copy(tar, root / "packages" / f"{name}.tar")
    if install:
        package.unpack(tar, root)


def _copy_recipes(system: Path, to: Path) -> None:
    for path in recipe_files(system):
        _folder((to / path.relative_to(system)).parent)
        _copy(path, to / path.relative_to(system))


def _folder(path: Path) -> None:
    """A folder and those above it, with the same mode under every umask."""
    if not path.exists():
        _folder(path.parent)
        path.mkdir()
        path.chmod(0o755)


def _copy(source: Path, to: Path) -> None:
    shutil.copyfile(source, to)
    to.chmod(0o644)


def put_text(path: Path, text: str) -> None:
    """A text, with the same mode under every umask."""
    path.write_text(text, encoding="utf-8")
    path.chmod(0o644)
