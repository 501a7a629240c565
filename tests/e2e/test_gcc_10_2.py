# SPDX-License-Identifier: GPL-3.0-or-later
"""GCC 10.2 as grown: what it compiles runs, and it compiles like a GCC 10.2 that the host has compiled."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lib import chroot, ddc_gcc, deps, layout, manifest, script, sources
from lib.monitor import Silent
from tests.e2e import cli, grown
from tests.e2e.grown import guest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(7200)]

LAST = "gcc-10.2"
FILES = Path(__file__).parent / "gcc"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A grown root. Tests put files into its /tmp."""
    return grown.root_until(LAST, tmp_path_factory.mktemp("gcc"))


C17 = """\
4000 2000 0
int double text other
32 32
-1.000 0.000
4 7 5
3fffffffffffffff
1.414213562373095049
1010101
"""
CXX17 = """\
gone
gone
gone
thrown: No space left on device
far
bad any cast
once
40000
someone at somewhere
nobody at nowhere
a#b#
text
a0 b6 cx
17rf9km92x 123456789012345
9981545732273789042
content 1.5ff 13 3
wide
1 120
"""


@pytest.mark.parametrize("level", ["-O0", "-O1", "-O2", "-O3", "-Os"])
def test_a_program_in_c17(root: Path, level: str) -> None:
    shutil.copy(FILES / "program17.c", root / "tmp")
    guest(root, "/usr/bin/gcc", "-std=c17", "-Wall", "-Werror", level, "-o", "program", "program17.c", "-lm")
    assert guest(root, "./program") == C17


@pytest.mark.parametrize("level", ["-O0", "-O2", "-O3"])
def test_a_program_in_cxx17(root: Path, level: str) -> None:
    shutil.copy(FILES / "program17.cc", root / "tmp")
    guest(root, "/usr/bin/g++", "-std=c++17", "-Wall", "-Werror", level, "-o", "program", "program17.cc")
    assert guest(root, "./program") == CXX17


def test_who_compiled_the_compiler_makes_no_difference(root: Path, tmp_path: Path) -> None:
    """The grown GCC and one that the host's g++ compiled make the same assembly of the C library's files."""
    catalogue = sources.load(cli.BASE)
    system = manifest.load(cli.BASE / "sysa", catalogue.digests)
    step = next(step for step in system.steps if step.name == ddc_gcc.OTHER)
    distfiles = sources.Fetcher(catalogue, deps.cache() / "distfiles", Silent()).fetch(step.sources)
    before = [each.name for each in system.until(step.name)[1:-1]]
    ours = layout.Target(tmp_path / "host")
    ours.path.mkdir()
    packages = [root / "packages" / f"{name}.tar" for name in before]
    build = ddc_gcc.compile_by_host(cli.BASE, ours, packages, distfiles)
    shutil.copytree(build / "bin", root / "tmp/host")
    grown.source(root, "musl_1.2.3.orig.tar.gz")
    shutil.copy(FILES / "compare.sh", root / "tmp")
    argv = ["/bin/sh", "compare.sh", "/tmp/host/gcc -B/tmp/host/", "gcc", "-O0", "-O2", "-O3"]
    ran = chroot.run(root, argv, cwd="/tmp", env=script.ENVIRONMENT, timeout=3600)
    output = ran.output.decode(errors="replace")
    assert ran.status == 0, output[-3000:]
    assert "different" not in output, output
    assert int(output.rpartition("compared: ")[2]) > 200


def test_diverse_double_compiling(root: Path) -> None:
    arguments = ["verify", "--ddc", "gcc", "--target", str(root.parent)]
    done = cli.run(cli.BASE, *arguments, cache=deps.cache().parent, timeout=7200)
    assert done.returncode == 0, done.stderr
    assert "  gcc-10.2.tar\nequal, whether" in done.stdout
