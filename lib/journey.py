# SPDX-License-Identifier: GPL-3.0-or-later
"""The way of a machine from sysa by kexec to sysb, and on to sysc, which lives on a disk.

TARGET/disk.img     the disk: the host makes it, sysb and sysc fill it; kept from run to run
TARGET/disk.json    what the host has put there
TARGET/leave/       a root with what the change of kernels takes, where nothing of sysa is to be built

On the disk (the root partition):

/sysc/              the recipes; init, the first program; go.sh, which builds what is not there
/sysc.kaem          the guest script of all of sysc
/distfiles/         the sources
/packages/          finished packages; SHA256SUMS has the digests of those that the host has put there
/state/NAME         the digest of a package that was built or installed there
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lib import digest, disk, layout, loader, manifest, script
from lib.errors import UserError
from lib.manifest import Step
from lib.plan import Chain
from lib.store import Package

COMMAND_LINE = "console=tty0 console=ttyS0 quiet panic=-1"
"""Of our kernel. panic=-1: a panic restarts the machine at once."""
_UNATTENDED = "seedroot.poweroff"
_ATTENDED = "seedroot.shell"
_BUILD = "seedroot.build"


@dataclass(frozen=True)
class Disk:
    """The disk of a target, for the steps of a later system."""

    target: layout.Target
    chain: Chain
    steps: tuple[Step, ...]
    size: int
    """In bytes."""
    elsewhere: Path | None = None
    """Where the image shall be, if not in the target."""

    @property
    def image(self) -> Path:
        """The file."""
        return self.elsewhere or self.target.disk

    @property
    def _note(self) -> Path:
        return self.target.path / "disk.json"

    @property
    def _system(self) -> manifest.Manifest:
        return self.chain.system_of(self.steps[0])

    def _text(self) -> script.Script:
        wanted = any(step.sources for step in self.steps)
        return script.make(self.steps, toolbox=self.chain.toolbox, sources=wanted, system=self._system.name)

    def key(self) -> str:
        """What the disk is for: the digest of all that it is made of. Another makes another disk.

        That is recipes, sources, script, and what comes from sysa: sysb refuses a disk with other packages.
        """
        folder = self._system.folder
        lines = [self._text().kaem, str(self.size)]
        from_sysa = (*self._system.takes, *self._system.leaves_with)
        lines += [f"{name} {self.chain.pins.get(f'{name}.tar')}" for name in from_sysa]
        lines += [
            f"{digest.of_file(path)} {path.name}" for path in sorted(folder.glob("*")) if path.is_file()
        ]
        lines += [manifest.identity(step, folder, self.chain.sources, {}) for step in self.steps]
        return digest.of_bytes("\n".join(lines).encode())

    def is_ours(self) -> bool:
        """Whether there is a disk, made for these steps."""
        return self.image.exists() and self._noted("key") == self.key()

    def is_complete(self) -> bool:
        """Whether all is built on it."""
        return self._noted("complete") is True

    def set_complete(self) -> None:
        """All is built on it."""
        layout.put_text(self._note, json.dumps({"key": self.key(), "complete": True}) + "\n")

    def _noted(self, what: str) -> object:
        with contextlib.suppress(OSError, ValueError, AttributeError):
            return json.loads(self._note.read_text()).get(what)
        return None

    def finished(self, to: Path) -> dict[str, tuple[str, Path]]:
        """The packages on the disk that are finished, by step: digest and a copy below `to`.

        A package that is not what it was when it was built is left out.
        """
        found: dict[str, tuple[str, Path]] = {}
        with disk.opened(self.image) as reader:
            states = {step.name: reader.read(f"state/{step.name}") for step in self.steps}
            if any(states.values()):
                reader.extract("packages", to)
        for name, state in states.items():
            tar = to / f"{name}.tar"
            if state and tar.is_file() and digest.of_file(tar) == state.decode(errors="replace").strip():
                found[name] = (digest.of_file(tar), tar)
        return found

    def make(
        self,
        stored: Mapping[str, Package],
        distfiles: Mapping[str, Path],
        given: loader.Given | None = None,
    ) -> None:
        """A new disk, with the recipes, the sources of what is to be built, and packages that are there.

        given   what the disk starts, until it has a kernel of its own
        """
        tree = self.target.path / "disk"
        layout.clear(tree)
        try:
            layout.make_tree(tree, self._system.folder)
            text = self._text()
            layout.put_kaem(tree, text)
            wanted = [name for step in self.steps if step.name not in stored for name in step.sources]
            layout.put_sources(
                tree, {name: distfiles[name] for name in dict.fromkeys(wanted)}, self.chain.sources
            )
            for step in self.steps:
                if step.name in stored:
                    layout.put_package(tree, step.name, stored[step.name].path, install=False)
            sums = {
                f"{step.name}.tar": stored[step.name].digest for step in self.steps if step.name in stored
            }
            layout.put_text(tree / "packages/SHA256SUMS", digest.format_list(sums))
            self._note.unlink(missing_ok=True)
            disk.create(self.image, tree, self.size, given)
        finally:
            layout.clear(tree)
        layout.put_text(self._note, json.dumps({"key": self.key()}) + "\n")


def put_change(
    root: Path, takes: Sequence[str], *, interactive: bool, building: bool, words: str = COMMAND_LINE
) -> None:
    """What sysa/leave.sh reads: the packages that go along, and the next kernel's command line.

    building   something is to be built, whatever sysc itself thinks of it
    words      the command line's first words
    """
    layout.put_text(root / "takes", "".join(f"{name}\n" for name in takes))
    more = [_ATTENDED if interactive else _UNATTENDED, *([_BUILD] if building else [])]
    layout.put_text(root / "next", " ".join([words, *more]) + "\n")


@contextlib.contextmanager
def leaving(target: layout.Target, chain: Chain, system: manifest.Manifest) -> Iterator[Path]:
    """A root from which only the change to another system is made."""
    root = target.path / "leave"
    try:
        layout.make_root(root, chain.system.folder)
        for name in dict.fromkeys((*system.leaves_with, *system.takes)):
            tar = target.root / "packages" / f"{name}.tar"
            if not tar.exists():
                raise UserError(f"{tar}: missing", "run the same command again")
            layout.put_package(root, name, tar, install=name in system.leaves_with)
        yield root
    finally:
        layout.clear(root)
