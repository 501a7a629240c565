# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark's command: see docs/performance.md."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from lib import __version__, layout, plan, sources
from lib.chroot import Chroot
from lib.deps import cache
from lib.errors import UserError
from lib.monitor import Silent
from lib.qemu import Qemu
from tests.bench import table, timing, trace
from tests.bench.timing import BASE, Bench

DOCUMENT = BASE / "docs/performance.md"


def main(argv: list[str]) -> int:
    """Measure, and print or write the table."""
    parser = argparse.ArgumentParser(
        prog="tests/bench/run", description="Time, system calls and memory from the seed to tcc, by step."
    )
    parser.add_argument(
        "--runs",
        type=int,
        default=5,
        metavar="N",
        help="so many runs; of each section the fastest counts (5)",
    )
    parser.add_argument("--qemu", action="store_true", help="in a virtual machine (TCG) as well")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--write", action="store_true", help=f"put the tables into {DOCUMENT.name} too")
    options = parser.parse_args(argv)
    found = measure(options.runs, qemu=options.qemu or options.write)
    print(json.dumps(found.as_json(), indent=2) if options.json else table.tables(found))
    if options.write:
        table.write(DOCUMENT, found)
    return 0


def measure(runs: int, *, qemu: bool) -> table.Figures:
    """All figures."""
    with bench() as ready:
        chroot = timing.fastest(lambda: ready.once(Chroot()), runs)
        counts = trace.trace(ready.ready_root())
        machine = {}
        if qemu:
            vessel = Qemu(accel="tcg")
            vessel.check()
            machine = timing.fastest(lambda: ready.once(vessel), min(runs, 3))
        return table.Figures(
            chroot=chroot,
            command=min(ready.command() for _ in range(runs)),
            counts=counts,
            qemu=machine,
            reference=min(ready.reference() for _ in range(min(runs, 3))),
            machine=f"{os.cpu_count()} cores, {platform.machine()}, Linux {platform.release().split('-')[0]}",
            version=__version__,
        )


@contextlib.contextmanager
def bench() -> Iterator[Bench]:
    """Sources and a target directory, which is gone afterwards."""
    catalogue = sources.load(BASE)
    chain = plan.load(BASE, catalogue.digests)
    steps = chain.system.until(timing.LAST_STEP)
    chain = dataclasses.replace(chain, system=dataclasses.replace(chain.system, steps=steps), later=())
    distfiles = sources.Fetcher(catalogue, cache() / "distfiles", Silent()).fetch(chain.system.sources())
    with (
        tempfile.TemporaryDirectory(prefix="seedroot-bench-") as folder,
        layout.opened(Path(folder) / "target") as target,
    ):
        yield Bench(chain, distfiles, target)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except UserError as error:
        sys.exit(f"tests/bench/run: {error.message}")
