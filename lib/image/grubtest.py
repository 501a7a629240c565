# SPDX-License-Identifier: GPL-3.0-or-later
"""The conditions of GRUB 2's `[` and `test`, read from left to right as in its grub-core/commands/test.c."""

from __future__ import annotations

import re
from collections.abc import Callable

from lib.image.entry import DEEPEST, MenuError


def holds(words: list[str], size_of: Callable[[str], int | None]) -> bool:
    """Whether an expression holds.

    size_of  the bytes of what a place leads to: -1 for a folder, None if there is nothing
    """
    return _Expression(words, size_of).value()


class _Expression:
    """An expression, and how far it has been read."""

    def __init__(self, words: list[str], size_of: Callable[[str], int | None]) -> None:
        self._words = words
        self._size_of = size_of
        self._at = 0

    def value(self, depth: int = 0) -> bool:
        """Whether the rest of an expression holds, up to the brace that ends it."""
        if depth > DEEPEST:
            raise MenuError("it has too many braces in a condition")
        either, both, invert = False, True, False
        while self._at < len(self._words):
            word = self._words[self._at]
            found = self._comparison()
            if found is None:
                self._at += 1
                if word == ")":
                    break
                if word == "(":
                    found = self.value(depth + 1)
                elif word == "!":
                    invert = not invert
                elif word == "-o":
                    either, both = either or both, True
                elif word != "-a":
                    found = bool(word)
            if found is not None:
                both = both and found != invert
                invert = False
        return either or both

    def _comparison(self) -> bool | None:
        """A test of three words or two; None if none stands here."""
        rest = self._words[self._at : self._at + 3]
        if len(rest) > 2 and (found := _compare(*rest)) is not None:
            self._at += 3
            return found
        if len(rest) < 2:
            return None
        name = rest[1]
        match rest[0]:
            case "-d":
                found = self._size_of(name) == -1
            case "-e":
                found = self._size_of(name) is not None
            case "-f":
                found = (self._size_of(name) or 0) >= 0 and self._size_of(name) is not None
            case "-s":
                found = (self._size_of(name) or 0) > 0
            case "-n":
                found = bool(name)
            case "-z":
                found = not name
            case _:
                return None
        self._at += 2
        return found


def _compare(left: str, operator: str, right: str) -> bool | None:
    match operator:
        case "=" | "==":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
    numbers = _integer(left), _integer(right)
    match operator:
        case "-eq":
            return numbers[0] == numbers[1]
        case "-ne":
            return numbers[0] != numbers[1]
        case "-lt":
            return numbers[0] < numbers[1]
        case "-le":
            return numbers[0] <= numbers[1]
        case "-gt":
            return numbers[0] > numbers[1]
        case "-ge":
            return numbers[0] >= numbers[1]
    return None


def _integer(word: str) -> int:
    """As C's strtol with base 0 (without octal numbers, which nobody means)."""
    match = re.match(r"-?(0[xX][0-9a-fA-F]{1,16}|[0-9]{1,18})", word)
    return int(match[0], 16 if "x" in match[0].lower() else 10) if match else 0
