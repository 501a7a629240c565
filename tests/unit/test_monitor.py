# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import importlib.util
import io

import pytest

from lib import monitor


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def tell(watcher: monitor.Monitor) -> None:
    watcher.plan(2, "step")
    watcher.start("one")
    watcher.advance(0)
    watcher.finish("one", "0.50 s")
    watcher.note("a note")
    watcher.close()
    watcher.plan(0, "B")
    watcher.start("sources")
    watcher.advance(1000)
    watcher.close()
    watcher.advance(5)


def test_elsewhere_there_are_plain_lines() -> None:
    stream = io.StringIO()
    tell(monitor.for_stream(stream))
    assert stream.getvalue() == "  one                      0.50 s\na note\n"


def test_without_tqdm_there_are_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert isinstance(monitor.for_stream(Terminal()), monitor.Plain)


def test_on_a_terminal_there_is_a_bar_that_goes_away() -> None:
    stream = Terminal()
    watcher = monitor.for_stream(stream)
    assert isinstance(watcher, monitor.Bar)
    tell(watcher)
    assert "one                      0.50 s" in stream.getvalue()
    assert "a note" in stream.getvalue()
