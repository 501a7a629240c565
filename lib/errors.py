# SPDX-License-Identifier: GPL-3.0-or-later
"""The one exception that means "the user can do something about this"."""

from __future__ import annotations


class UserError(Exception):
    """What happened, in one line, and what to do about it.

    Only rootfs.py turns it into text and an exit status.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  hint: {self.hint}" if self.hint else self.message
