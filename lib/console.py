# SPDX-License-Identifier: GPL-3.0-or-later
"""The console protocol (docs/console.md): the one place where the guest's lines are understood."""

from __future__ import annotations

import re
from dataclasses import dataclass

PREFIX = "#: "


@dataclass(frozen=True)
class Started:
    """A step begins."""

    step: str


@dataclass(frozen=True)
class Done:
    """A step ended; its package has this digest."""

    step: str
    digest: str


@dataclass(frozen=True)
class Failed:
    """A step says itself that it failed."""

    step: str
    message: str


@dataclass(frozen=True)
class Ended:
    """The script has reached its end."""


@dataclass(frozen=True)
class Entered:
    """Another system has begun: sysb, or sysc."""

    system: str


@dataclass(frozen=True)
class Noted:
    """Something that the user should read."""

    text: str


Event = Started | Done | Failed | Ended | Entered | Noted

_NAME = r"[A-Za-z0-9][A-Za-z0-9._+-]*"
_STEP = re.compile(rf"step ({_NAME})")
_DONE = re.compile(rf"done ({_NAME}) ([0-9a-f]{{64}})")
_SYSTEM = re.compile(rf"system ({_NAME})")
_NOTE = re.compile(r"note (.+)")
_FAIL = re.compile(rf"fail ({_NAME}) (.+)")


def parse(line: str) -> Event | None:
    """What a line of the console means; None for all that is not of the protocol."""
    line = line.rstrip()
    if not line.startswith(PREFIX):
        return None
    word = line.removeprefix(PREFIX)
    if word == "end":
        return Ended()
    if match := _STEP.fullmatch(word):
        return Started(match[1])
    if match := _DONE.fullmatch(word):
        return Done(match[1], match[2])
    if match := _FAIL.fullmatch(word):
        return Failed(match[1], match[2])
    if match := _SYSTEM.fullmatch(word):
        return Entered(match[1])
    if match := _NOTE.fullmatch(word):
        return Noted(match[1])
    return None
