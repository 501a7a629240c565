# SPDX-License-Identifier: GPL-3.0-or-later
"""GCC 3.4.6 as grown: what it compiles runs; the defect that we repair is there without the repair only."""

from __future__ import annotations

import itertools
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from lib import chroot, script
from tests.e2e import grown
from tests.e2e.grown import guest

pytestmark = pytest.mark.timeout(3600)
"""The first of them grows the chain, if the store does not have it."""

LAST = "gcc-3.4.6"
FILES = Path(__file__).parent / "gcc"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A grown root. Tests put files into its /tmp."""
    return grown.root_until(LAST, tmp_path_factory.mktemp("gcc"))


@pytest.mark.parametrize("level", ["-O0", "-O2", "-O3"])
def test_a_program_in_cxx(root: Path, level: str) -> None:
    shutil.copy(FILES / "program.cc", root / "tmp")
    guest(root, "/usr/bin/g++", level, "-o", "program", "program.cc")
    wanted = "before main\n1 1.5 0000ff\nthrown\nbad cast\nrange\n(2,4)\none23.257derived\nwide\n"
    assert guest(root, "./program") == wanted


TYPES = {
    "a1": "unsigned:1", "a7": "unsigned:7", "a16": "unsigned:16", "a31": "unsigned:31", "a32": "unsigned:32",
    "i5": "int:5", "i32": "int:32", "us9": "unsigned short:9", "us16": "unsigned short:16",
    "uc3": "unsigned char:3",
    "l20": "unsigned long:20", "l32": "unsigned long:32", "m20": "long:20", "m32": "long:32", "b1": "bool:1",
    "plain": "unsigned",
}  # fmt: skip
PLACES = [
    "s.@", "p->@", "cp->@", "vp->@", "r.@", "(0, s.@)", "(unsigned)s.@", "static_cast<unsigned>(cp->@)",
    "rv(s).@", "+s.@",
]  # fmt: skip
CHANGES = ["~s.@", "(s.@ = 3)", "(s.@ += 0)", "++s.@", "s.@++", "--s.@", "s.@--", "(s.@ = s.a7 = 3)"]
USES = [
    "kind((@) + 0)", "kind(+(@))", "kind(-(@))", "kind((@) << 1)", "kind(c ? (@) : 1)", "m < (@)",
    "-1 < (@)", "((@) - 5) < 0", "(long)((@) - 5)", "(long)((@) * m / 2)",
]  # fmt: skip
REST = r"""
S rv(S s) { return s; }
template <class T> struct C { T t; int f() { return -1 < t.a16; } };
int main() {
    S s, *p = &s, &r = s;
    const S *cp = &s;
    volatile S *vp = &s;
    int c = 1, m = -1;
    C<S> t;
    s.a16 = 3;
    switch (s.a16 - 5) { case -2: printf("case -2\n"); break; default: printf("default\n"); }
"""


def bit_fields() -> str:
    """A program that prints the type or value of some thousand expressions with bit-fields."""
    kinds = ["int", "unsigned", "long", "unsigned long", "bool"]
    lines = ["#include <stdio.h>", "struct S {"]
    for name, text in TYPES.items():
        declared, _, width = text.partition(":")
        lines.append(f"    {declared} {name}{' : ' + width if width else ''};")
    lines += ["};", *(f"long kind({kind}) {{ return {number + 100}; }}" for number, kind in enumerate(kinds))]
    lines += [REST]
    lines += [f"    s.{name} = {int(name.startswith('b')) or 3};" for name in TYPES]
    lines += ['    t.t = s; printf("template: %d\\n", t.f());']
    for name in TYPES:
        places = PLACES if name == "b1" else PLACES + CHANGES
        for place, use in itertools.product(places, USES):
            expression = use.replace("@", place.replace("@", name))
            lines.append(f'    printf("{expression}: %ld\\n", (long)({expression}));')
    return "\n".join([*lines, "    return 0;", "}"])


def test_bit_fields_promote_by_their_width(root: Path, tmp_path: Path) -> None:
    """[conv.prom]/3: without our edit some expressions have the wrong type, with it none."""
    source = tmp_path / "bits.cc"
    source.write_text(bit_fields())
    subprocess.run(["g++", "-w", "-o", tmp_path / "bits", source], check=True)
    right = subprocess.run([tmp_path / "bits"], capture_output=True, text=True, check=True).stdout.split("\n")
    assert len(right) > 2500

    (root / "tmp/bits.cc").write_text(source.read_text())
    for level in "-O0", "-O2":
        guest(root, "/usr/bin/g++", "-w", level, "-o", "bits", "bits.cc")
        assert guest(root, "./bits").split("\n") == right, level

    # The same compiler without the edit, by tcc, which is quick.
    grown.source(root, "gcc-h8300-hms_3.4.6+dfsg2.orig.tar.gz")
    (root / "sysa/steps/gcc-3.4.6/edits/2-bit-field-promotion.edit").unlink()
    recipe = """
        set -e
        mkdir /tmp/unrepaired
        cd /tmp/unrepaired
        . /sysa/steps/gcc-3.4.6/unpack.sh
        mkdir o
        cd o
        . /sysa/steps/gcc-3.4.6/generate.sh
        make -f ${RECIPE}/files/Makefile -j2 SOURCE=${SOURCE} CC=tcc cxx
        cp /usr/libexec/gcc/x86_64-linux-musl/3.4.6/collect2 bin
    """
    ran = chroot.run(root, ["/bin/sh", "-c", recipe], cwd="/tmp", env=script.ENVIRONMENT, timeout=1200)
    assert ran.status == 0, ran.output.decode(errors="replace")[-3000:]
    guest(root, "/tmp/unrepaired/o/bin/g++", "-B/tmp/unrepaired/o/bin/", "-w", "-o", "bits", "bits.cc")
    wrong = guest(root, "./bits").split("\n")
    assert len(wrong) == len(right)
    pairs = zip(wrong, right, strict=True)
    differ = [f"{ours} instead of {theirs}" for ours, theirs in pairs if ours != theirs]
    assert "-1 < (s.a16): 0 instead of -1 < (s.a16): 1" in differ
    assert all("plain" not in line and "i32" not in line for line in differ), "what needs no repair"


def test_who_compiled_the_compiler_makes_no_difference(root: Path) -> None:
    """cc1 by tcc and cc1 by GCC compile the C library alike: tcc compiled GCC as it is written."""
    grown.source(root, "musl_1.2.3.orig.tar.gz")
    first = root / "tmp/first"
    with tarfile.open(root / "packages/gcc-3.4.6-c.tar") as package:
        package.extractall(first)
    shutil.copy(FILES / "compare.sh", root / "tmp")
    old = "/tmp/first/usr/bin/gcc -B/tmp/first/usr/libexec/gcc/x86_64-linux-musl/3.4.6/"
    argv = ["/bin/sh", "compare.sh", old, "gcc", "-O0", "-O2", "-O3"]
    ran = chroot.run(root, argv, cwd="/tmp", env=script.ENVIRONMENT, timeout=1200)
    output = ran.output.decode(errors="replace")
    assert ran.status == 0, output[-3000:]
    assert "different" not in output, output
    assert int(output.rpartition("compared: ")[2]) > 200
