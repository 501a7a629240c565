# SPDX-License-Identifier: GPL-3.0-or-later
"""The command: see docs/torture.md."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lib import layout
from lib.errors import UserError
from tests.torture import expected
from tests.torture.compilers import Compiler, Ready, present
from tests.torture.suite import BASE


def main(argv: list[str]) -> int:
    """Run the suite, and print or write what fails."""
    parser = argparse.ArgumentParser(
        prog="tests/torture/run", description="GCC's gcc.c-torture/execute by the grown compilers."
    )
    parser.add_argument(
        "--write", action="store_true", help="replace the lists and the tables by what is found"
    )
    parser.add_argument(
        "--root", type=Path, metavar="DIR", help="a root that is grown already (for one compiler)"
    )
    parser.add_argument("--verbose", action="store_true", help="also what the compiler says")
    parser.add_argument("what", nargs="*", metavar="COMPILER[:LEVEL]", help="only these")
    options = parser.parse_args(argv)
    compilers = present()
    wanted = [text.partition(":")[::2] for text in options.what] or [(each.name, "") for each in compilers]
    unknown = {name for name, _ in wanted} - {each.name for each in compilers}
    if unknown:
        raise UserError(
            f"no such compiler: {', '.join(sorted(unknown))}", "COMPILERS is in tests/torture/compilers.py"
        )
    results = expected.load()
    for compiler in compilers:
        levels = [
            level
            for level in compiler.levels
            if any(name == compiler.name and at in ("", level) for name, at in wanted)
        ]
        if levels:
            with tempfile.TemporaryDirectory(prefix="torture-") as folder:
                root = options.root or _grown(compiler, Path(folder))
                found = results.setdefault(compiler.name, expected.Results())
                for level in levels:
                    _one(root, compiler, level, found, verbose=options.verbose)
    if options.write:
        expected.save(results)
    return 0


def _one(root: Path, compiler: Compiler, level: str, results: expected.Results, *, verbose: bool) -> None:
    ready = Ready.make(root)
    start = time.monotonic()
    of, failed = ready.run(compiler, level)
    seconds = time.monotonic() - start
    why = expected.reasons().get(compiler.name, [])
    before = results.failed.get(level, {})
    results.add(level, of, failed, ready.tests, why)
    print(f"{compiler.name} {level}: {of - len(failed)} of {of} pass, {seconds:.1f} s", flush=True)
    now = results.failed[level]
    for name in sorted(before.keys() | now.keys()):
        if before.get(name) != now.get(name):
            print(
                f"  {name}: {now.get(name, 'passes')}, {f'not {before[name]}' if name in before else 'new'}"
            )
            if name in failed and (verbose or now[name] == expected.UNKNOWN):
                print(f"    status {failed[name].status}\n{failed[name].said}")


def _grown(compiler: Compiler, folder: Path) -> Path:
    target = layout.Target(folder / "target")
    command = [sys.executable, str(BASE / "rootfs.py"), "--chroot", "--until", compiler.step]
    done = subprocess.run([*command, "--target", str(target.path)], stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise UserError(f"{compiler.step} could not be grown")
    return target.root


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except UserError as error:
        print(f"tests/torture/run: {error.message}", file=sys.stderr)
        if error.hint:
            print(f"  {error.hint}", file=sys.stderr)
        sys.exit(1)
