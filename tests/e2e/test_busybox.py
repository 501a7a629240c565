# SPDX-License-Identifier: GPL-3.0-or-later
"""busybox as grown: its commands do what the host's do, and what Python expects."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import itertools
import lzma
import os
import subprocess
import tarfile
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lib import chroot, script
from tests.e2e import grown
from tests.e2e.grown import guest

MUSL, TCC, LAST = "musl-1.2.3", "tcc-0.9.27-musl", "busybox-1.35.0"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A grown root. Tests put files into its /tmp."""
    return grown.root_until(LAST, tmp_path_factory.mktemp("busybox"))


WORDS = ["oak", "elm", "ash", "fir", "yew", "box", "ivy", "fig", "bay", "may", "oak", "Elm", "ASH", "fir"]
TEXT = "".join(
    f"{word} {number} {number * number % 97} {'x' * (number % 5)}\n" for number, word in enumerate(WORDS * 3)
)

SAME = [
    "sort text",
    "sort -r text",
    "sort -k3,3n -k1,1 text",
    "sort -t' ' -k3,3nr -k2,2n text; sort -f text | sort -cf; sort -u sorted1 sorted2",
    "cut -d' ' -f1,3 text",
    "cut -c2-4 text",
    "tr a-z A-Z < text",
    "tr -d aeiou < text",
    "tr -cs '[:alpha:]' '\\n' < text",
    "head -n 5 text; tail -n 5 text; tail -n +38 text",
    "sort text | cut -d' ' -f1 | uniq -c | sort -rn | awk '{print $1, $2}'",
    "grep -n oak text",
    "grep -c '^[a-f]' text",
    "grep -E '(oak|elm) [0-9]$' text",
    "grep -iv elm text",
    "grep -A1 -B1 'yew 4' text",
    "grep -o '[0-9][0-9]*' text",
    "sed 's/[aeiou]/<&>/g' text",
    "sed -n '3,7p;$p' text",
    "sed -e '/oak/d' -e 's/\\([a-z]*\\) \\([0-9]*\\)/\\2 \\1/' text",
    "sed -E 's/([0-9]+) ([0-9]+)/\\2-\\1/;y/abc/ABC/' text",
    "sed -n '/fir/{=;p;n;p}' text",
    "sed '$!N;s/\\n/+/;P;D' text",
    "sed ':a;N;$!ba;s/\\n/,/g' text",
    "awk '{ sum[$1] += $2 } END { for (w in sum) print w, sum[w] }' text | sort",
    "awk 'NR % 3 == 0 { printf \"%-5s|%5d|%05.2f\\n\", $1, $2, $3 / 7 }' text",
    "awk -F'[ x]' '{ print NF, length($0), substr($0, 2, 3), index($0, \"a\") }' text",
    "awk '{ gsub(/[aeiou]/, \"(&)\"); print toupper($0) }' text",
    "awk 'function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2) } BEGIN { print f(9), 2 ^ 30, 1e6, .3 }'",
    'awk \'$1 ~ /^[fy]/ && $2 > 5, $1 == "may" { print FNR ": " $0 }\' text',
    'awk \'BEGIN { while ((getline line < "text") > 0) n++; print n; "echo piped" | getline; print }\'',
    'awk \'{ n = split($0, parts, / /); s = ""; while (n) s = s parts[n--] ","; print s }\' text',
    "wc -l < text; wc -w < text; wc -c < text",
    "expr 7 '*' 6; expr length abcdef; expr abcdef : 'ab\\(.*\\)f'",
    "printf '%s|%5d|%-6s|%x|%o|%c|%b\\n' str 42 left 255 8 char 'a\\tb'",
    "seq 1 3 10; seq -s, 5",
    "comm -12 sorted1 sorted2; comm -3 sorted1 sorted2",
    "paste -d: text copied; paste -s -d, sorted1",
    "fold -w 20 text | head -n 20",
    "nl text | head -n 3",
    "tac text; rev < text",
    "od -A n -t x1 text | head -n 5",
    "od -c text | head -n 5",
    "cksum < text; sum text | cut -d' ' -f1",
    "md5sum text; sha1sum text; sha256sum text; sha512sum text",
    "diff -u sorted1 sorted2 | sed 1,2d",
    "cmp sorted1 sorted2; echo $?",
    "find tree | sort",
    "find tree -type f -name '*.c' -size -3 | sort",
    "find tree -newer tree/old -type f | sort",
    "find tree -name '*.c' -exec echo {} + | tr ' ' '\\n' | sort",
    "find tree -type f -print0 | xargs -0 -n 1 basename | sort",
    "ls -1 tree tree/sub",
    "basename /a/b.c .c; dirname /a/b.c; readlink tree/link; readlink -f tree/link | sed 's,.*/tree,tree,'",
    "stat -c '%s %a %F' tree/a.c tree/sub",
    "dd if=text bs=10 skip=2 count=3 2>/dev/null",
    "split -l 10 text part.; cat part.aa part.ab; rm part.*",
    "tee copy < text > /dev/null; cat copy",
    "date -u -d @1000000000 '+%Y-%m-%dT%H:%M:%S %j %a'",
    "expand sorted1; printf 'a\\tb\\n' | expand -t 4",
    "echo 'a b c' | { read x y; echo \"$y,$x\"; }",
    "x=abc.def.ghi; echo ${x%.*} ${x%%.*} ${x#*.} ${x##*.} ${#x} ${y:-none} ${x:+some}",
    "for i in 1 2 3; do case $i in 1) echo one;; [23]) continue;; esac; echo $((i << 4 | 3)); done",
    "f() { local a=$1; shift; [ $# -gt 0 ] && f \"$@\"; echo $a; }; f 1 '2 3' 4",
    'cat <<-END\n\t$((6 * 7)) `echo old` "$(echo new)"\nEND',
    'set -- a \'b c\' d; IFS=:; echo "$*"; unset IFS; echo "$@" $#',
    "while getopts ab: o -a -b x; do echo $o$OPTARG; done",
    "(exit 3); echo $?; ! true; echo $?; { echo out; echo err >&2; } 2>&1 | sort; trap 'echo bye' EXIT",
    "eval 'a=1 b=\"2 3\"'; export a; sh -c 'echo $a'; echo \"$b\" | while read p q; do echo $q $p; done",
    "test -d tree -a ! -e nothing && [ 5 -gt 3 ] && echo yes; echo tree/*.c; echo 'a*b'; echo \"\\$x\"",
    "exec 3> fd3; echo three >&3; exec 3>&-; cat fd3; rm fd3; umask 022; umask",
]
"""What the host's commands and busybox's must both make of the same files."""


def make_files(folder: Path) -> None:
    """The files that the commands above are about."""
    folder.mkdir()
    (folder / "text").write_text(TEXT)
    (folder / "copied").write_text(TEXT.upper())
    lines = sorted(set(TEXT.splitlines()))
    (folder / "sorted1").write_text("\n".join([*lines[::2], "zzz"]) + "\n")
    (folder / "sorted2").write_text("\n".join([*lines[::3], "zzz"]) + "\n")
    (folder / "tree/sub").mkdir(parents=True)
    for name in ("a.c", "b.c", "old", "sub/c.c", "sub/d.h"):
        (folder / "tree" / name).write_text(name * 100)
        (folder / "tree" / name).chmod(0o644)
    (folder / "tree/sub").chmod(0o755)
    os.utime(folder / "tree/old", (time.time() - 100, time.time() - 100))
    os.utime(folder / "tree/b.c", (time.time() - 200, time.time() - 200))
    (folder / "tree/link").symlink_to("sub/c.c")


@pytest.fixture(scope="module")
def folders(root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same files on the host and in the grown root."""
    host, grown = tmp_path_factory.mktemp("host") / "files", root / "tmp/files"
    make_files(host)
    make_files(grown)
    return host, grown


@pytest.mark.parametrize("command", SAME)
def test_commands_do_as_the_hosts(root: Path, folders: tuple[Path, Path], command: str) -> None:
    host = subprocess.run(
        ["sh", "-c", command],
        cwd=folders[0],
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        capture_output=True,
        check=False,
    )
    grown = chroot.run(root, ["/bin/sh", "-c", command], cwd="/tmp/files", env=script.ENVIRONMENT, timeout=60)
    assert grown.output.decode() == (host.stdout + host.stderr).decode()
    assert grown.status == host.returncode


def test_archives(root: Path, folders: tuple[Path, Path]) -> None:
    folder = folders[1]
    data = (TEXT * 200).encode()
    (folder / "data").write_bytes(data)
    guest(
        root,
        "/bin/sh",
        "-ec",
        "cd files; gzip -c data > data.gz; bzip2 -c data > data.bz2; tar cf tree.tar tree",
    )
    assert gzip.decompress((folder / "data.gz").read_bytes()) == data
    assert bz2.decompress((folder / "data.bz2").read_bytes()) == data
    with tarfile.open(folder / "tree.tar") as archive:
        names = sorted(archive.getnames())
        assert names == [
            "tree",
            *(f"tree/{n}" for n in ("a.c", "b.c", "link", "old", "sub", "sub/c.c", "sub/d.h")),
        ]
        member_file = archive.extractfile("tree/sub/c.c")
        assert member_file and member_file.read() == b"sub/c.c" * 100

    long_name = "/".join(["long" * 10] * 5)
    digest = hashlib.sha512(data).hexdigest()
    packers: dict[str, Callable[[bytes], bytes]] = {
        "tar": bytes,
        "tar.gz": gzip.compress,
        "tar.bz2": bz2.compress,
        "tar.xz": lzma.compress,
        "tar.lzma": lambda content: lzma.compress(content, format=lzma.FORMAT_ALONE),
    }
    for (suffix, packer), format_ in itertools.product(
        packers.items(), (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)
    ):
        content = io.BytesIO()
        with tarfile.open(fileobj=content, mode="w", format=format_) as archive:
            for name in ("short", long_name):
                member = tarfile.TarInfo(f"made/{name}")
                member.size, member.mode = len(data), 0o640
                archive.addfile(member, io.BytesIO(data))
        (folder / f"made.{suffix}").write_bytes(packer(content.getvalue()))
        unpack = f"cd files; rm -rf made; tar xf made.{suffix}"
        program = f"{unpack}; find made -type f | xargs sha512sum | cut -d' ' -f1"
        assert guest(root, "/bin/sh", "-ec", program).split() == [digest, digest], suffix
    (folder / "data.xz").write_bytes(lzma.compress(data))
    (folder / "data.lzma").write_bytes(lzma.compress(data, format=lzma.FORMAT_ALONE))
    said = guest(
        root, "/bin/sh", "-ec", "cd files; unxz -c data.xz | cmp - data; unlzma -c data.lzma | cmp - data"
    )
    assert said == ""


def test_patch_makes_of_one_file_the_other(root: Path, folders: tuple[Path, Path]) -> None:
    there = "cp sorted1 p; diff -u p sorted2 > d; patch p < d; cmp p sorted2"
    program = f"cd files; {there}; patch -R p < d; cmp p sorted1"
    assert guest(root, "/bin/sh", "-c", program).splitlines() == ["patching file p"] * 2


def test_a_spoilt_archive_is_refused(root: Path, folders: tuple[Path, Path]) -> None:
    broken = bytearray(gzip.compress(TEXT.encode() * 50))
    broken[len(broken) // 2] ^= 1
    (folders[1] / "broken.gz").write_bytes(broken)
    ran = chroot.run(root, ["/bin/gunzip", "-c", "/tmp/files/broken.gz"], env=script.ENVIRONMENT)
    assert ran.status != 0


def test_the_first_tools_stay_and_work(root: Path) -> None:
    names = {path.name: path for path in (root / "bin").iterdir()}
    for name in ("kaem", "pack", "untar", "edit", "sha256sum"):
        assert not names[name].is_symlink()
    for name in ("sh", "cp", "mkdir", "chmod", "rm", "ln", "cmp"):
        assert str(names[name].readlink()) == "busybox"
    commands = guest(root, "/bin/busybox", "--list").split()
    assert {name for name in commands if name not in names} == set()


def test_packages_hold_no_date_and_no_place(root: Path) -> None:
    year = time.strftime("%Y").encode()
    for name in (MUSL, TCC, LAST):
        content = (root / f"packages/{name}.tar").read_bytes()
        assert b"/build/" not in content
        assert b"/sysa/" not in content
        assert str(root).encode() not in content
        assert b"20" + year[2:] + b"-" not in content


@pytest.fixture
def tiny_busybox(tmp_path: Path) -> Path:
    """A source tree with a few options."""
    files = {
        "include/applets.src.h": """
            before
            INSERT
            after
        """,
        "Config.in": """
            config A
                bool
                help
                int the sky
            config SIZE
                int "size"
                default 4 # kB
        """,
        "one/Kbuild.src": """
            WORDS:= \\
                w1.o \\
                w2.o
            lib-y:=
            INSERT
            lib-$(CONFIG_A) += $(WORDS) # why
        """,
        "one/one.c": """
            //config:config B
            //config:   bool "b"
            //kbuild:lib-$(CONFIG_B) += one.o
            //applet:IF_B(B)
            int x;
        """,
        "one/two.c": """
            //config:config NAME
            //config:   string "n"
            //config:   default "a b"
            //kbuild: lib-y += two.o
        """,
    }
    for name, content in files.items():
        (tmp_path / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tree" / name).write_text(textwrap.dedent(content).lstrip())
    return tmp_path / "tree"


def configure(tree: Path, options: str) -> str:
    """Run it on the tree; returns what it says."""
    program = grown.host_built(tree.parent, f"{LAST}/files/configure.c")
    (tree / "options").write_text(options)
    sources = ["Config.in", "one/Kbuild.src", "one/one.c", "one/two.c"]
    done = subprocess.run(
        [program, "options", *sources],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
        env={"ASAN_OPTIONS": "detect_leaks=0"},
    )
    assert (done.returncode != 0) == bool(done.stderr)
    return done.stderr.strip()


def test_configure(tiny_busybox: Path) -> None:
    assert configure(tiny_busybox, "# comment\nA SIZE=64 # B\n") == ""
    assert (tiny_busybox / "sources").read_text().split() == ["one/w1.c", "one/w2.c", "one/two.c"]
    assert (tiny_busybox / "include/applets.h").read_text() == "before\nIF_B(B)\nafter\n"
    lines = (tiny_busybox / "include/autoconf.h").read_text().splitlines()
    assert {"#define CONFIG_A 1", "#define ENABLE_A 1", "#define IF_A(...) __VA_ARGS__"} <= set(lines)
    assert {"#define ENABLE_B 0", "#define IF_NOT_B(...) __VA_ARGS__", "#define IF_B(...) "} <= set(lines)
    assert {"#define CONFIG_SIZE 64", '#define CONFIG_NAME "a b"'} <= set(lines)
    assert "#define CONFIG_B 1" not in lines


def test_configure_refuses_what_it_does_not_know(tiny_busybox: Path) -> None:
    assert configure(tiny_busybox, "A NOTHING\n") == "configure: there is no option NOTHING"
    (tiny_busybox / "one/two.c").write_text("//kbuild:lib-y += two.a\n")
    assert configure(tiny_busybox, "A\n") == "configure: one/two.a is not understood"
    (tiny_busybox / "one/two.c").unlink()
    assert configure(tiny_busybox, "A\n") == "configure: cannot open one/two.c"
