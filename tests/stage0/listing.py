# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that the comments of our hex listings (seed.hex0, hex2.hex0, M0.hex2, boot/*.hex0) tell the truth.

A line of a listing is one of
    58            # pop rax       ; why      the bytes, the instruction, the reason
    # 600068 start:                          in hex0: the address of the next byte, and its name
    :start                                   in hex2: the same, known to the linker
    # text equ 700000h                       the address of a place in memory, with its name
    # ...                                    anything else
"""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

BASE = 0x600000
_JUMP = re.compile(r"(?:j\w+|call|loop\w*) (\w+)")


@dataclass(frozen=True)
class Instruction:
    """One line with bytes."""

    number: int
    hex: str
    code: str
    """In the words of nasm."""


class Listing:
    """A listing, taken apart. `image` are its bytes."""

    def __init__(self, path: Path, image: bytes, base: int = BASE, bits: int = 64) -> None:
        """Read it; every line with bytes must say what they are and, text apart, why.

        base  the address of its first byte
        bits  what its code is for
        """
        self.path = path
        self.base = base
        self.bits = bits
        self.image = image
        self.instructions: list[Instruction] = []
        self.labels: dict[str, tuple[int, int | None]] = {}
        """Name -> how many instructions are before it, and the address in the comment (hex0)."""
        self.places: dict[str, str] = {}
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if match := re.fullmatch(r"# ([0-9A-F]{6}) (\w+):|:(\w+)", line):
                address = int(match[1], 16) if match[1] else None
                self.labels[match[2] or match[3]] = (len(self.instructions), address)
            elif match := re.fullmatch(r"# (\w+) equ (\w+(?: \+ \w+)?)", line):
                self.places[match[1]] = match[2]
            elif line and not line.startswith("#"):
                match = re.fullmatch(r"(\S[^#;]*?) +# (?:(\S.*?) +; \S.*|(db \".*))", line)
                assert match, f"{path.name}:{number}: not of the form HEX # INSTRUCTION ; REASON"
                self.instructions.append(Instruction(number, match[1], match[2] or match[3]))

    def offsets(self) -> list[int]:
        """Where each instruction begins, and the end."""
        offsets = [0]
        for instruction in self.instructions:
            offsets.append(offsets[-1] + _size(instruction.hex))
        return offsets

    def check_addresses(self) -> None:
        """The addresses in the comments are right, and the whole has the size of the image."""
        offsets = self.offsets()
        assert offsets[-1] == len(self.image)
        for name, (index, address) in self.labels.items():
            actual = self.base + offsets[index]
            assert address in (None, actual), f"{self.path.name}: {name} is at {actual:X}"

    def check_jumps(self) -> None:
        """Jumps and calls go where their comments say."""
        offsets = self.offsets()
        for instruction, end in zip(self.instructions, offsets[1:], strict=True):
            match = _JUMP.fullmatch(instruction.code)
            if match is None:
                continue
            start = end - _size(instruction.hex)
            size = 1 if end - start == 2 else 4
            distance = int.from_bytes(self.image[end - size : end], "little", signed=True)
            where = f"{self.path.name}:{instruction.number}: {instruction.code}"
            assert end + distance == offsets[self.labels[match[1]][0]], where

    def check_nasm(self, folder: Path) -> None:
        """Another assembler makes the same bytes out of the comments."""
        if not shutil.which("nasm"):
            pytest.skip("needs the package nasm")
        lines = [
            f"bits {self.bits}",
            f"org {self.base}",
            *(f"{name} equ {value}" for name, value in self.places.items()),
        ]
        starts: dict[int, list[str]] = {}
        for name, (index, _) in self.labels.items():
            starts.setdefault(index, []).append(f"{name}:")
        for index, instruction in enumerate(self.instructions):
            lines += [*starts.get(index, []), instruction.code]
        lines += starts.get(len(self.instructions), [])
        source, out = folder / "listing.asm", folder / "listing"
        source.write_text("\n".join(lines) + "\n")
        command: list[str | Path] = ["nasm", "-f", "bin", "-o", out, source]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
        assert out.read_bytes() == self.image


def _size(text: str) -> int:
    """How many bytes the hex of one line makes."""
    sizes = {"!": 1, "@": 2, "$": 2, "%": 4, "&": 4}
    return sum(sizes.get(word[0], len(word) // 2) for word in text.split())
