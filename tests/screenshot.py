# SPDX-License-Identifier: GPL-3.0-or-later
"""Photographs the screen of a machine that UEFI starts, for who wants to see it.

    python3 lib/deps.py requirements-dev.txt -m tests.screenshot IMAGE LINE SECONDS PICTURE.png

IMAGE: on a USB stick. LINE: what the serial port has to say first. SECONDS: how long to wait from then on.
"""

from __future__ import annotations

import socket
import sys
import tempfile
import time
from pathlib import Path

from tests.e2e import firmware


def photograph(image: Path, line: str, seconds: float, picture: Path) -> None:
    """Start, wait, and write the picture (PNG)."""
    with tempfile.TemporaryDirectory() as name:
        monitor = Path(name) / "monitor"
        options = ["-device", "VGA", "-monitor", f"unix:{monitor},server,nowait"]
        options += [*firmware.uefi(Path(name)), *firmware.medium(image, "usb")]
        with firmware.machine(*options) as running:
            firmware.until(running, line)
            time.sleep(seconds)
            _ask(monitor, f"screendump {Path(name) / 'picture'} -f png\n")
        picture.write_bytes((Path(name) / "picture").read_bytes())


def _ask(monitor: Path, command: str) -> None:
    """Type at QEMU's monitor, until its next prompt."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(monitor))
        for text in ("", command):
            connection.sendall(text.encode())
            said = b""
            while not said.endswith(b"(qemu) ") or (text and b"\r\n" not in said):
                said += connection.recv(4096)


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    photograph(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]), Path(sys.argv[4]))
