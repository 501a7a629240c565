# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages that a virtual machine sends to the host, by way of its second serial port.

`pack` writes a line NAME SIZE and the tar to /dev/ttyS1. The guest's terminal driver puts a carriage return
before each newline; taking one away again gives back exactly what was written.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

from lib import console, layout
from lib.vessel import OnLine


class Packages:
    """Takes packages out of what the port wrote; lays them out in the root as the guest did in its own."""

    def __init__(self, stream: IO[bytes], root: Path) -> None:
        """`stream` is a file that QEMU writes and that is read here."""
        self._stream = stream
        self._root = root
        self._position = 0
        self._pending = b""

    def restart(self) -> None:
        """A machine starts from nothing."""
        self._stream.truncate(0)
        self._position = 0
        self._pending = b""

    def before(self, on_line: OnLine) -> OnLine:
        """The same, with the package of a step in place before it is said that the step is done."""

        def collecting(line: str) -> bool:
            if line.startswith(f"{console.PREFIX}done "):
                self.collect()
            return on_line(line)

        return collecting

    def collect(self) -> None:
        """Lay out every package that is complete."""
        # QEMU writes through a file description of its own, so that only the position here is ours.
        while data := os.pread(self._stream.fileno(), 1 << 20, self._position):
            self._position += len(data)
            self._pending += data
        while b"\n" in self._pending:
            line, _, rest = self._pending.partition(b"\n")
            name, _, size = line.decode("ascii", "replace").strip().rpartition(" ")
            if not size.isdecimal():
                self._pending = rest
                continue
            tar = self._unescaped(rest, int(size))
            if tar is None:
                return
            content, self._pending = tar
            if name and "/" not in name:
                path = self._root / "packages" / f"{name}.tar.new"
                path.write_bytes(content)
                layout.put_package(self._root, name, path)
                path.unlink()

    @staticmethod
    def _unescaped(data: bytes, size: int) -> tuple[bytes, bytes] | None:
        """The first `size` bytes as they were before newlines got carriage returns, and what follows them."""
        taken = size  # escaped bytes: as many more as there are newlines in what they stand for
        while True:
            content = data[:taken].replace(b"\r\n", b"\n")
            missing = size - len(content)
            # a carriage return at the cut belongs to the newline behind it
            if missing <= 0 and data[taken - 1 : taken + 1] != b"\r\n":
                return content[:size], data[taken:]
            if taken >= len(data):
                return None
            taken += max(missing, 1)
