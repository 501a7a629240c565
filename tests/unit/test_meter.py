# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import subprocess
import sys
import time

from lib.meter import Meter, descendants

BUSY = """
import os, time
data = bytearray(b"x" * 60_000_000)
if os.fork() == 0:
    while time.process_time() < 0.3: pass
    os._exit(0)
os.wait()
print("done", flush=True)
time.sleep(60)
"""


def test_processes_below_one_are_measured() -> None:
    with Meter(os.getpid()) as meter:
        meter.take()
        with subprocess.Popen([sys.executable, "-c", BUSY], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            assert process.stdout.readline() == "done\n"
            assert process.pid in descendants(os.getpid())
            time.sleep(0.15)
            used = meter.take()
            again = meter.take()
            process.kill()
    assert 0.3 <= used.cpu < 3
    assert 60e6 < used.memory < 300e6
    assert again.cpu < 0.1


def test_what_is_gone_uses_nothing() -> None:
    assert list(descendants(2**22 + 1)) == []
