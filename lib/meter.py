# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures what the processes below one use: processor time, and memory at its peak.

It reads /proc while they run, for a step's programs are children of the guest's process 1 that nobody on the
host can wait for. Processor time is exact to the kernel's 10 ms. Memory is the sum of the peaks of all
processes that exist at one time, looked at ten times a second: what is over sooner is not seen.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

_INTERVAL = 0.1
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    """What some processes have used."""

    cpu: float
    """Seconds of processor time, all processors together."""
    memory: int
    """Bytes; 0 if nobody looked in time."""


class Meter:
    """For `with`: looks at the descendants of a process until the block ends."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._cpu = 0.0
        self._peak = 0
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="meter", daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End."""
        self._over.set()
        self._thread.join()

    def take(self) -> Usage:
        """What was used since the last call."""
        cpu = sum(_cpu(pid) for pid in descendants(self._pid))
        with self._lock:
            # What a process has used is lost if it ends before its parent has waited for it.
            used = Usage(round(max(cpu - self._cpu, 0.0), 2), self._peak)
            self._cpu, self._peak = cpu, 0
        return used

    def strays(self) -> list[str]:
        """The names of what a step left running, where the process measured starts process 1 of a guest.

        Of that one only the runner of the script is a child; others have lost their parent.
        """
        first = next(iter(_children(self._pid)), 0)
        return [name for child in _children(first)[1:] if (name := _running(child))]

    def _watch(self) -> None:
        while not self._over.wait(_INTERVAL):
            memory = sum(_memory(pid) for pid in descendants(self._pid))
            with self._lock:
                self._peak = max(self._peak, memory)


def descendants(pid: int) -> Iterator[int]:
    """The processes below one, each before its children."""
    for child in _children(pid):
        yield child
        yield from descendants(child)


def _children(pid: int) -> list[int]:
    """The processes that one has started, the first one first; none if it is gone."""
    with contextlib.suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _running(pid: int) -> str:
    """The name of a process; none of one that has ended and was not waited for."""
    with contextlib.suppress(OSError):
        before, _, after = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")
        return "" if after.split()[0] in "ZX" else before.partition("(")[2]
    return ""


def _cpu(pid: int) -> float:
    """Seconds that a process and its children that have ended used."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(field) for field in fields[11:15]) / _TICKS


def _memory(pid: int) -> int:
    """The most that a process has had in memory at once."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0
