# SPDX-License-Identifier: GPL-3.0-or-later
"""The seed: that its listing tells the truth, and that it does what it says."""

import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib import hex0
from tests.stage0.conftest import SYSA, Mescc, Tool, hex0_bytes
from tests.stage0.listing import Listing

SOURCE = SYSA / "seed/seed.hex0"


@pytest.fixture(name="image", scope="module")
def _image() -> bytes:
    return hex0_bytes(SOURCE.read_text())


# --- its bytes


def test_assembles_itself(seed: Path, run: Tool, tmp_path: Path, image: bytes) -> None:
    """The fixture's bytes are those of a ten-line decoder."""
    assert run(seed, SOURCE, tmp_path / "seed").returncode == 0
    assert (tmp_path / "seed").read_bytes() == image == seed.read_bytes()


def test_same_as_sed_and_xxd(image: bytes) -> None:
    if not shutil.which("xxd"):
        pytest.skip("needs the package xxd")
    command = f"sed 's/[#;].*//' {SOURCE} | xxd -r -p"
    made = subprocess.run(command, shell=True, capture_output=True, check=True)
    assert made.stdout == image


def test_same_as_debian(mescc: Mescc, image: bytes) -> None:
    assert mescc.hex2(SOURCE) == image


def test_same_as_host(image: bytes) -> None:
    assert hex0.decode(SOURCE.read_text(), "seed.hex0") == image


def test_size(image: bytes) -> None:
    """A change of size is to be noticed: README.md and step.yaml name it."""
    assert len(image) == 347
    for file in ("README.md", "step.yaml"):
        assert f"{len(image)} bytes" in (SOURCE.parent / file).read_text()


def test_elf(image: bytes) -> None:
    """What Linux looks at; the program header overlaps the ELF header."""
    assert image[:8] == b"\x7fELF\2\1\1\0"
    assert struct.unpack_from("<HHIQQ", image, 16) == (2, 62, 1, 0x600068, 56)
    assert struct.unpack_from("<HHH", image, 52) == (64, 56, 1)
    assert struct.unpack_from("<IIQQQQQ", image, 56) == (1, 7, 0, 0x600000, 0x600000, len(image), 0x800000)


def test_comments(image: bytes, tmp_path: Path) -> None:
    listing = Listing(SOURCE, image)
    listing.check_addresses()
    listing.check_jumps()
    listing.check_nasm(tmp_path)


# --- the assembler


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", b""),
        ("00", b"\0"),
        ("aBFf09", b"\xab\xff\x09"),
        ("4 1\n4\t2\r\n", b"AB"),
        ("41#42\n43;44\n45", b"ACE"),
        ("41 # 4", b"A"),
        ("41 #", b"A"),
        ("41 ;", b"A"),
        ("# ; # g\n; é\n41", b"A"),
        ("4# 1\n1", b"A"),
    ],
)
def test_assemble(seed: Path, run: Tool, tmp_path: Path, text: str, expected: bytes) -> None:
    (tmp_path / "in").write_text(text)
    assert run(seed, tmp_path / "in", tmp_path / "out").returncode == 0
    assert (tmp_path / "out").read_bytes() == expected


@given(
    parts=st.lists(
        st.tuples(
            st.binary(max_size=8),
            st.sampled_from(["", " ", "\n", "\t", "# c 4\n", "; 5\n", "\n\n  "]),
            st.booleans(),
        )
    )
)
@settings(max_examples=60, deadline=None)
def test_assemble_anything(
    seed: Path, run: Tool, tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[bytes, str, bool]]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    text = "".join((part.hex().upper() if upper else part.hex(" ")) + gap for part, gap, upper in parts)
    (folder / "any.hex0").write_text(text)
    assert run(seed, folder / "any.hex0", folder / "any").returncode == 0
    assert (folder / "any").read_bytes() == b"".join(part for part, _, _ in parts)


@pytest.mark.parametrize(
    "text", ["4", "41 4", "41 4 # 2", "4g", "4/", "4:", "4@", "4G", "4`", "41 x", "é", "41 -"]
)
def test_not_hex0(seed: Path, run: Tool, tmp_path: Path, text: str) -> None:
    (tmp_path / "in").write_text(text)
    assert run(seed, tmp_path / "in", tmp_path / "out").returncode == 1
    assert not (tmp_path / "out").exists()


def test_every_character(seed: Path, run: Tool, tmp_path: Path) -> None:
    """Each of the 256 is a digit, a blank, a comment, or refused."""
    for value in range(256):
        (tmp_path / "in").write_bytes(b"4" + bytes([value]))
        good = value in b"0123456789abcdefABCDEF"
        assert run(seed, tmp_path / "in", tmp_path / "out").returncode == (0 if good else 1), value
        (tmp_path / "in").write_bytes(bytes([value]))
        good = value <= 32 or value in b"#;"
        assert run(seed, tmp_path / "in", tmp_path / "out").returncode == (0 if good else 1), value


def test_files(seed: Path, run: Tool, tmp_path: Path) -> None:
    (tmp_path / "in").write_text("41")
    (tmp_path / "out").write_text("what was here before")
    assert run(seed, tmp_path / "in", tmp_path / "out").returncode == 0
    assert (tmp_path / "out").read_bytes() == b"A"
    assert run(seed, tmp_path / "in", tmp_path / "new").returncode == 0
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o755
    assert run(seed, tmp_path / "none", tmp_path / "out2").returncode == 1
    assert not (tmp_path / "out2").exists()
    assert run(seed, tmp_path, tmp_path / "out2").returncode == 1
    assert run(seed, tmp_path / "in", tmp_path / "none" / "out").returncode == 1
    assert run(seed, tmp_path / "in", tmp_path).returncode == 1


def test_disk_full(seed: Path, run: Tool, tmp_path: Path) -> None:
    (tmp_path / "in").write_text("41")
    assert run(seed, tmp_path / "in", Path("/dev/full")).returncode == 1


def test_large_file(seed: Path, run: Tool, tmp_path: Path) -> None:
    """7 MiB are too many; one byte less is read to the end."""
    room = 0x700000
    (tmp_path / "in").write_bytes(b"\n" * (room - 1 - 2) + b"41")
    assert run(seed, tmp_path / "in", tmp_path / "out").returncode == 0
    assert (tmp_path / "out").read_bytes() == b"A"
    (tmp_path / "in").write_bytes(b"\n" * (room - 2) + b"41")
    assert run(seed, tmp_path / "in", tmp_path / "out").returncode == 1


# --- the runner


@pytest.fixture(name="play")
def _play(seed: Path, run: Tool, tmp_path: Path) -> Tool:
    """Run the seed on a text as seed.kaem."""

    def function(text: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "seed.kaem").write_text(text)
        return run(seed, cwd=tmp_path)

    return function


def test_run(play: Tool) -> None:
    text = "# first\n\n   \n#: step a\n/bin/echo a  b\tc\n  /bin/echo #d # e \n"
    ran = play(text)
    assert ran.returncode == 0
    assert ran.stdout == "# first\n\n   \n#: step a\n/bin/echo a  b\tc\na b c\n  /bin/echo #d # e \n#d # e\n"


@pytest.mark.parametrize("text", ["", "\n", "# c", "/bin/true", " \t", "/bin/true\n#"])
def test_run_to_the_end(play: Tool, text: str) -> None:
    ran = play(text)
    assert (ran.returncode, ran.stdout) == (0, text)


def test_last_line_without_newline(play: Tool) -> None:
    assert play("/bin/echo a\n/bin/echo b c").stdout == "/bin/echo a\na\n/bin/echo b cb c\n"


@pytest.mark.parametrize(
    "line", ["/bin/false", "/nowhere/nothing", "/", "true", "/bin/sh ./killed", "/bin/sh ./status128"]
)
def test_stops_at_first_failure(play: Tool, tmp_path: Path, line: str) -> None:
    (tmp_path / "killed").write_text("kill -9 $$\n")
    (tmp_path / "status128").write_text("exit 128\n")
    ran = play(f"/bin/true\n{line}\n/bin/echo no\n")
    assert (ran.returncode, ran.stdout) == (1, f"/bin/true\n{line}\n")


def test_no_script(seed: Path, run: Tool, tmp_path: Path) -> None:
    assert run(seed, cwd=tmp_path).returncode == 1
    (tmp_path / "seed.kaem").write_text("/bin/true\n")
    assert run(seed, "one", cwd=tmp_path).stdout == "/bin/true\n"
    assert run(seed, "1", "2", "3", cwd=tmp_path).stdout == "/bin/true\n"


def test_environment_is_empty(play: Tool) -> None:
    assert play("/usr/bin/env\n").stdout == "/usr/bin/env\n"


def test_many_words_and_lines(play: Tool) -> None:
    words = " ".join(str(number) for number in range(5000))
    ran = play(f"/bin/echo {words}\n" + "# line\n" * 5000 + "/bin/echo end\n")
    assert ran.returncode == 0
    assert ran.stdout.splitlines()[1] == words
    assert ran.stdout.endswith("/bin/echo end\nend\n")


def test_without_standard_output(seed: Path, tmp_path: Path) -> None:
    """As on a machine without a console."""
    (tmp_path / "seed.kaem").write_text("/usr/bin/touch done\n")
    subprocess.run(["/bin/sh", "-c", f"exec {seed} >&- 2>&-"], cwd=tmp_path, check=True)
    assert (tmp_path / "done").exists()


def test_children_without_a_status(seed: Path, tmp_path: Path) -> None:
    """Where SIGCHLD is ignored, Linux keeps no exit status: that counts as a failure, not as success."""
    (tmp_path / "seed.kaem").write_text("/bin/true\n")
    command: list[str | Path] = ["env", "--ignore-signal=CHLD", seed]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_alone_as_first_process(seed: Path, tmp_path: Path) -> None:
    """In a root that has nothing else, as process 1."""
    shutil.copy(seed, tmp_path / "init")
    (tmp_path / "a.hex0").write_text(SOURCE.read_text())
    (tmp_path / "seed.kaem").write_text("#: step a\n/init /a.hex0 /b\n/b /a.hex0 /c\n#: end\n")
    command = ["unshare", "--map-root-user", "--pid", "--fork", "--kill-child"]
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        pytest.skip("needs user namespaces")
    ran = subprocess.run([*command, "chroot", tmp_path, "/init"], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, (tmp_path / "seed.kaem").read_text())
    assert (tmp_path / "c").read_bytes() == seed.read_bytes()
