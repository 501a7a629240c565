# SPDX-License-Identifier: GPL-3.0-or-later
"""The tools that people sit at, as grown in sysc: against Python's own, and against what is known."""

from __future__ import annotations

import functools
import gzip
import hashlib
import io
import lzma
import random
import tarfile
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from lib import chroot, deps, plan, script, sources
from lib.monitor import Silent
from lib.plan import Plan
from lib.store import Store
from tests.e2e import cli
from tests.e2e.conftest import Grown

NAMES = (
    "bash-5.2.37",
    "coreutils-9.7",
    "sed-4.9",
    "grep-3.11",
    "gawk-5.2.1",
    "findutils-4.10.0",
    "diffutils-3.10",
    "tar-1.35",
    "gzip-1.13",
    "xz-5.8.1",
    "patch-2.8",
    "make-4.4.1-gcc",
    "bc-1.07.1",
)
"""The steps whose programs are run here."""

pytestmark = pytest.mark.timeout(14400)


@functools.cache
def planned() -> Plan:
    """The chain up to the last of them, with what the store has."""
    chain = plan.load(cli.BASE, sources.load(cli.BASE).digests)
    there = [step.name for step in chain.steps if step.name in NAMES]
    assert sorted(there) == sorted(NAMES)
    return plan.make(chain, there[-1], Store(deps.cache() / "packages", Silent()))


@pytest.fixture(scope="module")
def root(grown: Grown, request: pytest.FixtureRequest) -> Path:
    """A grown sysc. Tests put files into its /tmp. Hours of building: without --slow only from the store."""
    found = planned()
    missing = [step.name for step in found.steps if not found.is_there(step)]
    if missing and "slow" in str(request.config.getoption("-m")):
        pytest.skip(f"{missing[0]} is not in the store: ./rootfs.py --chroot, or tests/run --slow")
    return grown(found.steps[-1].name).root_of("sysc")


def bash(root: Path, program: str, name: str = "/bin/bash") -> tuple[int, str]:
    """What a program for bash says, and its exit status."""
    ran = chroot.run(
        root, [name, "-c", textwrap.dedent(program)], "/tmp", script.ENVIRONMENT_LATER, timeout=120
    )
    return ran.status, ran.output.decode()


def said(root: Path, program: str) -> str:
    """What a program for bash says; it must not fail."""
    status, output = bash(root, f"set -e -o pipefail\n{textwrap.dedent(program)}")
    assert status == 0, output
    return output


DATA = random.Random(1).randbytes(300_000) + b"the same line\n" * 30_000 + bytes(100_000)


@pytest.fixture(scope="module")
def data(root: Path) -> Path:
    """A file in the root's /tmp that can be packed in part."""
    path = root / "tmp/data"
    path.write_bytes(DATA)
    return path


# ---- bash

SCRIPTS = {
    'list=(c a b); list+=(d); echo "${#list[@]} ${list[-1]} ${list[@]:1:2} ${!list[@]}"': "4 d a b 0 1 2 3",
    'declare -A age=([ann]=41 [bob]=7); for n in "${!age[@]}"; do echo $n=${age[$n]}; done | sort | xargs': (
        "ann=41 bob=7"
    ),
    "x=abcXdef; echo ${x/X/-} ${x^^} ${x:2:3} ${x//[ae]/_} ${x%X*} ${x@Q}": (
        "abc-def ABCXDEF cXd _bcXd_f abc 'abcXdef'"
    ),
    '[[ 2024-05-06 =~ ^([0-9]+)-([0-9]+) ]] && echo ${BASH_REMATCH[2]#0} "${BASH_REMATCH[1]}"': "5 2024",
    "diff <(seq 3) <(seq 4); echo $?": "3a4\n> 4\n1",
    "for ((i = 0; i < 3; i++)); do printf '%d,' $((i ** 2 << 1)); done; echo {1..9..4}{a,b}": (
        "0,2,8,1a 1b 5a 5b 9a 9b"
    ),
    "mapfile -t l < <(printf 'a b\\nc\\n'); echo ${#l[@]} \"${l[0]}\"; echo ${l[*]@A}": (
        '2 a b\ndeclare -a l=([0]="a b" [1]="c")'
    ),
    'f() { local -n ref=$1; ref+=" more"; }; v=some; f v; echo $v; (exit 7) | true; echo ${PIPESTATUS[0]}': (
        "some more\n7"
    ),
    "case abc in a*) echo one ;;& *c) echo two ;& x) echo three ;; *) echo four ;; esac": "one\ntwo\nthree",
    "shopt -s extglob globstar\nmkdir -p g/h; touch g/a.c g/h/b.c g/c.h; echo g/**/*.c g/!(*.c|h)": (
        "g/a.c g/h/b.c g/c.h"
    ),
    "read -r a b <<< 'x y z'; echo \"$b\" $((0x1f)) $((2#101)); printf '%(%F)T %q\\n' 0 'a b'": (
        "y z 31 5\n1970-01-01 a\\ b"
    ),
    "coproc cat; echo hi >&${COPROC[1]}; read -u ${COPROC[0]} x; echo $x; trap 'echo bye' EXIT": "hi\nbye",
    "echo $BASH_VERSION $MACHTYPE": "5.2.37(1)-release x86_64-pc-linux-musl",
}


@pytest.mark.parametrize("program", SCRIPTS)
def test_bash(root: Path, program: str) -> None:
    assert bash(root, program)[1].rstrip("\n") == SCRIPTS[program]


WRONG = {
    "echo 'never closed": (2, "unexpected EOF while looking for matching `''"),
    "if true; then echo": (2, "syntax error: unexpected end of file"),
    "echo a; )": (2, "syntax error near unexpected token `)'"),
    "for x in; do": (2, "syntax error: unexpected end of file"),
    "echo $(if; true)": (127, "syntax error near unexpected token `;'"),
    "echo ${x!y}": (1, "bad substitution"),
    "eval 'a=(1'; echo after $?": (0, "after 1"),
}
"""Texts that are no programs, with the exit status and what bash says: byacc's parser does as bison's."""


@pytest.mark.parametrize("program", WRONG)
def test_bash_refuses(root: Path, program: str) -> None:
    status, output = bash(root, program)
    assert (status, WRONG[program][1] in output) == (WRONG[program][0], True), output


def test_sh_stays_busybox(root: Path) -> None:
    assert str((root / "bin/sh").readlink()) == "busybox"
    assert str((root / "bin/bash").readlink()) == "../usr/bin/bash"


# ---- coreutils


@pytest.mark.parametrize("name", ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"])
def test_sums(root: Path, data: Path, name: str) -> None:
    assert said(root, f"{name}sum <data").split()[0] == hashlib.new(name, DATA).hexdigest()


def test_more_sums(root: Path, data: Path) -> None:
    assert said(root, "b2sum <data").split()[0] == hashlib.blake2b(DATA).hexdigest()
    # by the definition in POSIX, bit by bit, over little, for Python is slow
    content = DATA[:2000] + (2000).to_bytes(2, "little")
    crc = 0
    for byte in content:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ 0x104C11DB7) if crc & 1 << 31 else crc << 1
    assert said(root, "head -c 2000 data | cksum").split() == [str(crc ^ 0xFFFFFFFF), "2000"]


COMMANDS = {
    "seq 10 | shuf | sort -n | tac | paste -s -d ,": "10,9,8,7,6,5,4,3,2,1",
    "printf '%s\\n' 1K 10 2M | sort -h | numfmt --from=iec | xargs": "10 1024 2097152",
    "factor 1000000007 18446744073709551557 600851475143": (
        "1000000007: 1000000007\n18446744073709551557: 18446744073709551557\n600851475143: 71 839 1471 6857"
    ),
    "date -u -d '1999-12-31 23:59:59 UTC + 1 second' +%F_%T": "2000-01-01_00:00:00",
    "TZ=UTC0 date -d '2004-02-29 2 years 3 days ago' +%F": "2006-02-26",
    "date -u -d '@1000000000' -Iseconds; LC_ALL=C date -d nonsense 2>&1 || true": (
        "2001-09-09T01:46:40+00:00\ndate: invalid date 'nonsense'"
    ),
    "echo abc | base64; echo YWJjCg== | base64 -d; echo abc | base32": "YWJjCg==\nabc\nMFRGGCQ=",
    "printf 'b 2\\na 1\\n' | sort | join - <(printf 'a x\\nb y\\n')": "a 1 x\nb 2 y",
    "mkdir -p d/e; touch d/e/f; ln -s e d/l; cp -a d c; stat -c '%F %N' c/l; rm -r c d": (
        "symbolic link 'c/l' -> 'e'"
    ),
    "printf 'one two\\nthree\\n' | wc; echo abc | od -An -tx1c": (
        "      2       3      14\n  61  62  63  0a\n   a   b   c  \\n"
    ),
    "truncate -s 3M big; split -n 3 big p.; stat -c %s p.aa p.ac; du --apparent-size -k big; rm big p.*": (
        "1048576\n1048576\n3072\tbig"
    ),
    "realpath -m /a/../b/./c; realpath -m --relative-to=/a/b /a/c; basename -s .c a/b.c": "/b/c\n../c\nb",
    "timeout 0.2 sleep 9 || echo $?; env -i A=1 printenv A; nproc --all >/dev/null; test -x /usr/bin/ls": (
        "124\n1"
    ),
    # sed
    "printf 'a1\\nb2\\n' | sed -E 's/([a-z])([0-9])/\\2\\U\\1/;2!s/$/!/'": "1A!\n2B",
    "seq 5 | sed -n '2{h;d};4{G;p}'": "4\n2",
    "echo 'x=1,y=2' | sed 's/,/\\n/g;s/=/: /2g' ; printf 'a\\0b\\0' | sed -z 's/^/-/' | tr '\\0' '\\n'": (
        "x=1\ny: 2\n-a\n-b"
    ),
    "printf 'old\\n' >f; sed -i.bak 's/old/new/' f; cat f f.bak; rm f f.bak": "new\nold",
    # grep
    "printf 'abab\\nabba\\n' | grep -E '^(..)\\1$'; printf 'x\\0y\\n' | grep -c -a y": "abab\n1",
    "printf 'one\\ntwo\\nthree\\n' | grep -n -v -e t": "1:one",
    "printf 'aXbX' | grep -o '[a-z]*X' | xargs": "aX bX",
    "printf 'foo.c:1\\n' | grep -F -w foo.c -H --label=in; printf 'A\\n' | egrep -i 'a|b' 2>/dev/null": (
        "in:foo.c:1\nA"
    ),
    # gawk
    "seq 9 | awk '{ s += $1; if ($1 % 2) o[$1] } END { print s, length(o), s / 7 }'": "45 5 6.42857",
    "echo 'a:b' | awk -F: -v OFS=- '{ $1 = $1; print; print toupper(substr($2, 1)) }'": "a-b\nB",
    "awk 'BEGIN { print 1 +* 2 }' 2>&1 | head -n 1 || true": "awk: cmd. line:1: BEGIN { print 1 +* 2 }",
    'awk \'BEGIN { split("c,a,b", x, ","); n = asort(x); printf "%d %s %#x\\n", n, x[1], 255 }\'': "3 a 0xff",
    "awk 'function f(n) { return n < 2 ? 1 : n * f(n - 1) } BEGIN { print f(10) }'": "3628800",
    'echo ab | awk \'{ print gensub(/(.)b/, "<\\\\1>", 1), strftime("%Y", 0, 1) }\'': "<a> 1970",
    'awk \'BEGIN { print 1 |& "cat"; close("cat", "to"); "cat" |& getline y; print y + 1 }\'': "2",
    # find
    "mkdir -p t/a t/b; echo 12345 >t/a/x; touch -d @0 t/b/y; find t -type f -printf '%s %P\\n' | sort": (
        "0 b/y\n6 a/x"
    ),
    "find t -newermt '1 hour ago' -name x -o -size 0 -print0 | xargs -0 -I{} echo '<{}>'; rm -r t": "<t/b/y>",
    # bc, make
    "echo 'scale=20; e(1); 2^64' | bc -l": "2.71828182845904523536\n18446744073709551616",
    "dc -e '3 4 * p'": "12",
    "printf 'all: b a; @echo $^\\na b:; @echo $@\\n' | make -f - -O --shuffle=reverse": "a\nb\nb a",
}
"""A line for bash, and what it must say."""


@pytest.mark.parametrize("command", COMMANDS)
def test_commands(root: Path, command: str) -> None:
    assert said(root, command).rstrip("\n") == COMMANDS[command]


# ---- archives


def test_packers(root: Path, data: Path) -> None:
    said(root, "gzip -9n <data >data.gz; xz -T2 <data >data.xz; xz --format=lzma -0 <data >data.lzma")
    assert gzip.decompress((root / "tmp/data.gz").read_bytes()) == DATA
    assert lzma.decompress((root / "tmp/data.xz").read_bytes()) == DATA
    assert lzma.decompress((root / "tmp/data.lzma").read_bytes()) == DATA
    (root / "tmp/their.gz").write_bytes(gzip.compress(DATA))
    (root / "tmp/their.xz").write_bytes(lzma.compress(DATA, check=lzma.CHECK_SHA256))
    assert (
        said(
            root, "gunzip -c their.gz | cmp - data; zcat their.gz | cmp - data; xz -dc their.xz | cmp - data"
        )
        == ""
    )
    (root / "tmp/broken.xz").write_bytes(lzma.compress(DATA)[:-9])
    assert bash(root, "xz -t broken.xz")[0] == 1
    assert bash(root, "head -c 999 their.gz | gzip -t")[0] == 1


@pytest.mark.parametrize("packer", ["", "--gzip", "--xz"])
@pytest.mark.parametrize("form", ["gnu", "pax", "ustar"])
def test_tar_writes_what_python_reads(root: Path, data: Path, packer: str, form: str) -> None:
    options = f"--format={form} {packer} --sort=name --owner=0 --group=0 --numeric-owner --mtime=@99"
    said(
        root,
        f"mkdir -p tree/sub; cp data tree/sub; ln -sf sub/data tree/link; tar -cf tree.tar {options} tree",
    )
    with tarfile.open(root / "tmp/tree.tar") as archive:
        assert archive.getnames() == ["tree", "tree/link", "tree/sub", "tree/sub/data"]
        assert archive.getmember("tree/link").linkname == "sub/data"
        assert archive.getmember("tree/sub").mtime == 99
        content = archive.extractfile("tree/sub/data")
        assert content and content.read() == DATA


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT])
@pytest.mark.parametrize("packer", [bytes, gzip.compress, lzma.compress])
def test_tar_reads_what_python_writes(root: Path, form: int, packer: Callable[[bytes], bytes]) -> None:
    long = "/".join(["long" * 5] * (5 if form == tarfile.USTAR_FORMAT else 20))
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w", format=form) as archive:
        for name in ("short", long):
            member = tarfile.TarInfo(f"made/{name}")
            member.size, member.mode, member.mtime = len(DATA), 0o640, 1_000_000_000
            archive.addfile(member, io.BytesIO(DATA))
    (root / "tmp/made.tar").write_bytes(packer(content.getvalue()))
    out = said(root, "rm -rf made; tar -xf made.tar; find made -type f -printf '%m %s %T@ %P\\n' | sort -k 4")
    assert out.splitlines() == [f"640 {len(DATA)} 1000000000.0000000000 {name}" for name in (long, "short")]


def test_patch_and_diff(root: Path) -> None:
    lines = [f"line {number}\n" for number in range(200)]
    (root / "tmp/old").write_text("".join(lines))
    for number in (3, 50, 51, 120, 199):
        lines[number] = f"new {number}\n" * 2
    del lines[80:90]
    (root / "tmp/new").write_text("".join(lines))
    for option in ("-u", "-c", ""):
        said(root, f"cp old p; diff {option} old new >d || test $? = 1; patch -s p d; cmp p new")
    out = said(root, "diff -u old new >d || true; seq 2 | cat - old >p; patch p d; tail -n +3 p | cmp - new")
    assert "Hunk #2 succeeded at 51 (offset 2 lines)." in out
    assert (
        said(root, "cp old a; cp old b; sed -i 1d a; sed -i '$d' b; diff3 -m a old b | wc -l").strip()
        == "198"
    )


def test_packages_hold_no_place(root: Path) -> None:
    """What people run says nothing of where and when it was built."""
    stored = planned().stored
    for name in NAMES:
        content = stored[name].path.read_bytes() if name in stored else b""
        for word in (b"/build/", b"/destdir/", b"/distfiles/", str(root).encode()):
            assert word not in content, f"{name}: {word.decode()}"
