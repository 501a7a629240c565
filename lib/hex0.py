# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads hex0, the language of the seed: pairs of hexadecimal digits, and comments from # or ; on."""

from __future__ import annotations

from lib.errors import UserError

_DIGITS = frozenset("0123456789abcdefABCDEF")


def decode(text: str, where: str) -> bytes:
    """The bytes that a hex0 text stands for. `where` is its path, for messages."""
    out = bytearray()
    half = ""
    number = 0
    for number, line in enumerate(text.split("\n"), 1):
        for char in line:
            if char in "#;":
                break
            if char in _DIGITS:
                half += char
                if len(half) == 2:
                    out.append(int(half, 16))
                    half = ""
            elif not char.isspace():
                raise UserError(
                    f"{where}:{number}: {char!r} is no hexadecimal digit", "comments begin with # or ;"
                )
    if half:
        raise UserError(f"{where}:{number}: an odd number of hexadecimal digits", "every byte needs two")
    return bytes(out)
