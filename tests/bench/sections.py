# SPDX-License-Identifier: GPL-3.0-or-later
"""Divides what a guest prints into the sections that are measured: the steps, and what is between them."""

from __future__ import annotations

from lib import console

START = "(start of the vessel)"
PACKING = "(packing)"
"""After the last step of the seed: its steps become packages, and the sources are verified."""


class Sections:
    """Hears the console's lines, and knows to which section the work that follows belongs."""

    def __init__(self) -> None:
        self.current = START
        self.ended = False

    def line(self, text: str) -> None:
        """Take a line."""
        if text.endswith("/kaem /sysa.kaem"):  # the last line of the seed's script, which echoes it
            self.current = PACKING
        match console.parse(text):
            case console.Started(step):
                self.current = step
            case console.Ended():
                self.ended = True
            case console.Failed(step, message):
                raise RuntimeError(f"step {step} failed: {message}")
