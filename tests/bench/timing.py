# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the time of a run goes: the guest's sections, and what the host does around them."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lib import layout, plan, script
from lib.errors import UserError
from lib.meter import Usage
from lib.monitor import Silent
from lib.plan import Chain
from lib.run import Run
from lib.vessel import OnLine, Outcome, Vessel
from tests.bench.sections import START, Sections

BASE = Path(__file__).resolve().parents[2]

LAST_STEP = "hello"
"""What is measured ends with tcc, and a program compiled by it."""
REFERENCE = "gcc -O1 -c tcc.c"

LEAVE = "(end of the vessel)"
LAYOUT = "(layout and report)"


@dataclass
class Timed:
    """A vessel that notes when the sections of its guest begin. (A Vessel.)"""

    vessel: Vessel
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """As the vessel's."""
        return self.vessel.name

    @property
    def keeps_packages(self) -> bool:
        """As the vessel's."""
        return self.vessel.keeps_packages

    @property
    def prompts_in_guest(self) -> bool:
        """As the vessel's."""
        return self.vessel.prompts_in_guest

    @property
    def changes_kernel(self) -> bool:
        """As the vessel's."""
        return self.vessel.changes_kernel

    def attach(self, disk: Path | None) -> None:
        """As the vessel's."""
        self.vessel.attach(disk)

    def facts(self) -> dict[str, str]:
        """As the vessel's."""
        return self.vessel.facts()

    def usage(self) -> Usage | None:
        """Nobody looks: it would cost time."""
        return None

    def strays(self) -> list[str]:
        """As with usage."""
        return []

    def run(self, root: Path, on_line: OnLine, interactive: bool = False) -> Outcome:
        """As the vessel's; the time to the first step is that of its start."""
        sections = Sections()
        section, since = START, time.perf_counter()

        def timed(text: str) -> bool:
            nonlocal section, since
            sections.line(text)
            # The time that the host needs for a line is the guest's too: it waits if the pipe is full.
            if sections.ended or sections.current != section:
                now = time.perf_counter()
                self.seconds[section] = self.seconds.get(section, 0.0) + now - since
                section, since = LEAVE if sections.ended else sections.current, now
            return on_line(text)

        outcome = self.vessel.run(root, timed, interactive)
        self.seconds[section] = self.seconds.get(section, 0.0) + time.perf_counter() - since
        return outcome


@dataclass(frozen=True)
class Bench:
    """What all measurements of a run share."""

    chain: Chain
    """Up to LAST_STEP."""
    distfiles: Mapping[str, Path]
    target: layout.Target

    def once(self, vessel: Vessel) -> dict[str, float]:
        """Seconds by section of one run without the store."""
        timed = Timed(vessel)
        began = time.perf_counter()
        todo = plan.make(self.chain, None, None)
        Run(todo, timed, self.target, None, self.distfiles, Silent(), io.StringIO())()
        seconds = timed.seconds
        seconds[LAYOUT] = time.perf_counter() - began - sum(seconds.values())
        return seconds

    def command(self) -> float:
        """Seconds that the whole command takes, as its user sees it."""
        target = self.target.path.parent / "by-command"
        arguments = ["--chroot", "--until", LAST_STEP, "--no-store", "--target", str(target)]
        began = time.perf_counter()
        _quietly([sys.executable, str(BASE / "rootfs.py"), *arguments])
        return time.perf_counter() - began

    def ready_root(self) -> Path:
        """A root as a guest meets it."""
        steps = self.chain.system.steps
        layout.make_root(self.target.root, self.chain.system.folder)
        layout.put_sources(self.target.root, self.distfiles, self.chain.sources)
        text = script.make(steps, toolbox=self.chain.toolbox, sources=True)
        layout.put_script(self.target.root, text, steps)
        return self.target.root

    def reference(self) -> float:
        """Seconds that the host's gcc needs for tcc: a measure of the machine, and of its other load."""
        folder = self.target.path.parent / "tcc"
        if not folder.exists():
            folder.mkdir()
            (source,) = self.distfiles.values()
            _quietly(["tar", "-xf", str(source)], folder)
            config = self.chain.system.folder / "steps/tcc-0.9.27/files/config.h"
            (folder / "config.h").write_bytes(config.read_bytes())
        began = time.perf_counter()
        _quietly([*REFERENCE.split(), "-w", "-o", str(folder / "tcc.o")], folder)
        return time.perf_counter() - began


def fastest(once: Callable[[], dict[str, float]], runs: int) -> dict[str, float]:
    """Of each section the time that it took when it was disturbed least, of several runs."""
    found = [once() for _ in range(runs)]
    return {section: min(each[section] for each in found) for section in found[0]}


def _quietly(command: list[str], cwd: Path = BASE) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)
    if done.returncode != 0:
        raise UserError(f"{' '.join(command)} failed:\n{done.stderr}")
