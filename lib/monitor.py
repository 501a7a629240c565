# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is told what happens: a progress bar on a terminal, plain lines elsewhere. Nothing else prints."""

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Never, Protocol, Self, TextIO

if TYPE_CHECKING:
    from tqdm import tqdm


class Monitor(Protocol):
    """Hears about the course of a run."""

    def note(self, text: str) -> None:
        """Something worth a line."""

    def plan(self, total: int, unit: str) -> None:
        """A new stretch of work: so many steps or bytes (0: not known)."""

    def start(self, what: str) -> None:
        """Something began, and is the current one."""

    def finish(self, what: str, result: str) -> None:
        """Something ended: counts as one, and is worth a line."""

    def advance(self, amount: int) -> None:
        """Work was done that is worth no line."""

    def close(self) -> None:
        """The stretch of work is over."""


class Silent:
    """Remembers the notes and shows nothing; for tests and for callers that print themselves."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        """Keep the line."""
        self.notes.append(text)

    def plan(self, total: int, unit: str) -> None:
        """Ignore it."""

    def start(self, what: str) -> None:
        """Ignore it."""

    def finish(self, what: str, result: str) -> None:
        """Ignore it."""

    def advance(self, amount: int) -> None:
        """Ignore it."""

    def close(self) -> None:
        """Ignore it."""


class Plain:
    """One line for each thing that ended; for logs and pipes."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def note(self, text: str) -> None:
        """Print the line."""
        print(text, file=self._stream, flush=True)

    def plan(self, total: int, unit: str) -> None:
        """Nothing to show before something has ended."""

    def start(self, what: str) -> None:
        """Nothing to show before it has ended."""

    def finish(self, what: str, result: str) -> None:
        """Print what ended."""
        self.note(f"  {what:<24} {result}")

    def advance(self, amount: int) -> None:
        """Nothing to show."""

    def close(self) -> None:
        """Nothing is open."""


class Bar:
    """A tqdm bar that names the current thing; finished ones stay above it as lines."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        from tqdm import tqdm  # noqa: PLC0415 - the grown system has none, and shows no bar

        self._tqdm = tqdm
        self._stream = stream
        self._clock = clock
        self._bar: tqdm[Never] | None = None
        self._bytes = False
        self._began = 0.0

    def note(self, text: str) -> None:
        """Print the line above the bar."""
        self._tqdm.write(text, file=self._stream)

    def plan(self, total: int, unit: str) -> None:
        """Show a new bar."""
        self.close()
        self._bytes = unit == "B"
        self._bar = self._tqdm(
            total=total or None,
            unit=unit,
            unit_scale=self._bytes,
            unit_divisor=1024,
            file=self._stream,
            leave=False,
            dynamic_ncols=True,
            delay=0.2,
        )

    def start(self, what: str) -> None:
        """Name it beside the bar."""
        self._began = self._clock()
        if self._bar is not None:
            self._bar.set_description(what)

    def finish(self, what: str, result: str) -> None:
        """A line above the bar; the bar moves on."""
        self.note(f"  {what:<24} {result}")
        if self._bar is not None and not self._bytes:
            self._bar.update(1)

    def advance(self, amount: int) -> None:
        """The bar moves on (bytes), or shows the current thing's time (steps)."""
        if self._bar is None:
            return
        if self._bytes:
            self._bar.update(amount)
        else:
            self._bar.set_postfix_str(f"{self._clock() - self._began:.0f} s")

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def __enter__(self) -> Self:
        """For `with`: the bar goes away however the block ends."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """See __enter__."""
        self.close()


def for_stream(stream: TextIO | None = None) -> Monitor:
    """The monitor that suits a stream: the error output, if none is given."""
    stream = stream or sys.stderr
    return Bar(stream) if stream.isatty() and importlib.util.find_spec("tqdm") else Plain(stream)
