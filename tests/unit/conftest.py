# SPDX-License-Identifier: GPL-3.0-or-later
"""A small checkout to try things on, and a vessel that only pretends."""

from __future__ import annotations

import hashlib
import io
import re
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lib.meter import Usage
from lib.vessel import OnLine, Outcome

STEP = "name: {name}\nwhat: it\nwhy: because\nrunner: {runner}\n"


def add_step(
    base: Path,
    place: str,
    name: str,
    runner: str,
    more: str = "",
    recipe: str = "# nothing\n",
    system: str = "sysa",
) -> Path:
    """A step's folder below base/<system>."""
    folder = base / system / place
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "step.yaml").write_text(STEP.format(name=name, runner=runner) + more)
    if runner != "none":
        (folder / ("build.sh" if runner == "sh" else "build.kaem")).write_text(recipe)
    return folder


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A seed, two steps for it, two for kaem; the last has a source."""
    base = tmp_path / "checkout"
    source = hashlib.sha256(b"source").hexdigest()
    add_step(base, "seed", "seed", "none")
    (base / "sysa/seed/seed.hex0").write_text("7F 45 # ELF\n4C 46\n")
    add_step(base, "stage0/01-cc", "cc", "seed", "installs: [bin/cc]\n", "/init /sysa/x /destdir/cc/bin/cc\n")
    add_step(
        base, "stage0/02-tools", "tools", "seed", "installs: [bin/kaem, bin/pack]\n", "/destdir/cc/bin/cc\n"
    )
    add_step(base, "steps/one", "one", "kaem")
    add_step(base, "steps/two-1.0", "two-1.0", "kaem", "sources: [two.tar]\nneeds: [one]\n")
    (base / "sysa/manifest.yaml").write_text(
        "name: sysa\nsteps: [seed, stage0/01-cc, stage0/02-tools, steps/one, steps/two-1.0]\n"
    )
    (base / "SHA256SUMS.sources").write_text(f"{source}  two.tar\n")
    (base / "sources.yaml").write_text("two.tar:\n  debian: t/two/two.tar\n")
    return base


@pytest.fixture
def two_systems(checkout: Path) -> Path:
    """The same, with a second system that takes tools and one of the first, and has two steps of its own."""
    for name in ("three", "four"):
        add_step(checkout, f"steps/{name}", name, "sh", system="sysc")
    (checkout / "sysc/manifest.yaml").write_text(
        "name: sysc\ntakes: [tools, one]\nleaves_with: [tools]\nsteps: [steps/three, steps/four]\n"
    )
    return checkout


def make_tar(path: Path, files: Mapping[str, bytes]) -> str:
    """A package with these files; its digest."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in sorted(files.items()):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            member.mode = 0o755
            archive.addfile(member, io.BytesIO(content))
    return hashlib.sha256(path.read_bytes()).hexdigest()


def names_in(folder: Path) -> list[str]:
    """What is in a folder, sorted."""
    return sorted(path.name for path in folder.iterdir())


@dataclass
class FakeVessel:
    """Reads the script as the seed and kaem would, and makes a package of the step's name for each `pack`."""

    keeps_packages: bool = True
    prompts_in_guest: bool = False
    name: str = "chroot"
    content: Callable[[str], bytes] = str.encode
    """What is in the package of a step."""
    before: Callable[[Path, str], str | None] = lambda _root, _line: None
    """Sees each line of the script; a text that it returns ends the guest with that reason."""
    forgets: str = ""
    """A line of the script that is passed over."""
    left: list[str] = field(default_factory=list)
    """Programs that run on."""
    built: list[str] = field(default_factory=list)
    """The steps that were packed."""

    changes_kernel: bool = False

    def attach(self, disk: Path | None) -> None:
        pass

    def facts(self) -> dict[str, str]:
        return {"kernel": "none"}

    def usage(self) -> Usage | None:
        return Usage(1.5, 1 << 20)

    def strays(self) -> list[str]:
        return self.left

    def run(self, root: Path, on_line: OnLine, interactive: bool = False) -> Outcome:
        lines = (root / "seed.kaem").read_text().splitlines()
        if later := re.search(r"/kaem /(\w+\.kaem)$", lines[-1]):
            lines += (root / later[1]).read_text().splitlines()
        for line in lines:
            if line == self.forgets:
                continue
            if reason := self.before(root, line):
                return Outcome(ended=False, reason=reason)
            if packed := re.fullmatch(r"(\S*/)?pack (\S+)", line):
                name = packed[2]
                digest = make_tar(root / "packages" / f"{name}.tar", {f"bin/{name}": self.content(name)})
                self.built.append(name)
            if on_line(f"#: done {name} {digest}" if packed else line):
                return Outcome(ended=True)
        return Outcome(ended=False, reason="/init ended with exit status 0")
