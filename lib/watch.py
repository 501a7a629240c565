# SPDX-License-Identifier: GPL-3.0-or-later
"""Follows the guest's console: writes the log, keeps the time of each step, and decides when it is over."""

from __future__ import annotations

import collections
import re
import time
from collections.abc import Callable, Sequence
from typing import TextIO

from lib import console
from lib.meter import Usage
from lib.monitor import Monitor

_KERNEL = re.compile(r"\[ *\d+\.\d+\] ")
"""A message of the kernel's: a panic fills a screen, and the vessel tells of it in one line."""
_COMMAND = re.compile(r"\++ \S")
"""A command that a shell is about to execute."""
TAIL = 15
"""So many last lines of output are kept, to be shown when something fails."""


class Watch:
    """Listens to one guest that is to build some steps. Lines that don't fit them are only logged."""

    def __init__(
        self,
        steps: Sequence[str],
        log: TextIO,
        monitor: Monitor,
        on_done: Callable[[str, str], None],
        usage: Callable[[], Usage | None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """on_done hears name and digest of each step that ended, in the order of `steps`.

        usage: what the guest has used since it was asked last.
        """
        self._steps = frozenset(steps)
        self._undone = collections.deque(steps)
        self._log = log
        self._monitor = monitor
        self._on_done = on_done
        self._usage = usage
        self._clock = clock
        self._command: str | None = None
        self._began: dict[str, float] = {}
        self.costs: dict[str, dict[str, float]] = {}
        """What each step took that ended: seconds, and cpu and memory where that is known."""
        self.current: str | None = None
        """The step that runs now."""
        self.failure: str | None = None
        """What the guest said of a failure."""
        self.system: str | None = None
        """The system that runs, if it has told."""
        self.has_ended = False
        """Whether the script reached its end."""
        self.tail: collections.deque[str] = collections.deque(maxlen=TAIL)
        """The last lines of the programs' output."""
        self.kernel: collections.deque[str] = collections.deque(maxlen=TAIL)
        """The kernel's last lines."""

    def line(self, text: str) -> bool:
        """Take a line of the console; True when nothing more is to be expected."""
        self._log.write(text + "\n")
        event = console.parse(text)
        match event:
            case console.Started(step) if step in self._steps and step not in self._began:
                self._stop_clock()
                self.current = step
                self._began[step] = self._clock()
                self._usage()
                self.tail.clear()
                self._command = None
                self._monitor.start(step)
            case console.Done(step, digest) if self._undone and step == self._undone[0]:
                if step == self.current:
                    self._stop_clock()
                self._undone.popleft()
                self._on_done(step, digest)
            case console.Entered(system):
                self._stop_clock()
                self.system = system
                self.tail.clear()
                self._monitor.note(f"{system} has begun")
            case console.Noted(text):
                self._monitor.note(text)
            case console.Failed(step, message) if step in self._steps or step == "sysb":
                self.current = step
                self.failure = message
            case console.Ended():
                self._stop_clock()
                self.has_ended = True
            case _:
                if _COMMAND.match(text):
                    self._command = text.lstrip("+").strip()
                if text.strip():
                    (self.kernel if _KERNEL.match(text) else self.tail).append(text)
                self._monitor.advance(0)
        return self.has_ended or self.failure is not None

    def last_command(self) -> str | None:
        """What a shell executed last in the current step (sh -x)."""
        return self._command

    def undone(self) -> list[str]:
        """The steps that have not reported their end."""
        return list(self._undone)

    def _stop_clock(self) -> None:
        if self.current is not None:
            cost = {"seconds": round(self._clock() - self._began[self.current], 3)}
            if used := self._usage():
                cost |= {"cpu": used.cpu, "memory": used.memory}
            self.costs[self.current] = cost
            self.current = None
