#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command: reads options, calls lib/, and turns errors into text and an exit status."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parent

if sys.version_info < (3, 11):  # noqa: UP036 - the point is to say so
    sys.exit("seedroot: needs Python 3.11 or newer (Debian 12 has it as python3)")

from lib import deps  # noqa: E402
from lib.errors import UserError  # noqa: E402
from lib.options import parse  # noqa: E402


def main(argv: list[str]) -> int:
    """Exit status: 0 done, 1 a failure that was told, 2 wrong usage, 130 interrupted."""
    try:
        options = parse(argv)  # first: --help must not need anything
        deps.ensure(BASE / "requirements.txt")
        from lib import command  # noqa: PLC0415 - it needs the packages

        return command.main(BASE, options)
    except UserError as error:
        return _fail(error.message, error.hint)
    except KeyboardInterrupt:
        print("\nseedroot: interrupted; run the same command again to go on", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # nobody reads on: not even Python's last flush
        return 1
    except OSError as error:
        return _fail(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}", "")


def _fail(message: str, hint: str) -> int:
    print(f"seedroot: {message}", file=sys.stderr)
    if hint:
        print(f"  hint: {hint}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    status = main(sys.argv[1:])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is said: a late Ctrl-C would only print a traceback
    sys.exit(status)
