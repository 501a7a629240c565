# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.image import menu
from lib.image.entry import Entry, Menu

from .files import Files, kernel, patient
from .test_syslinux import sound

KERNEL = kernel()


def read(entries: dict[str, bytes | str], loader: str = "") -> Menu:
    """The menu of some files in /loader/entries."""
    files = {f"/loader/entries/{name}": content for name, content in entries.items()}
    found = menu.find(
        Files(
            {"/loader/loader.conf": loader, "/linux": KERNEL, "/a.gz": b"", "/b.gz": b"", **files},
            kind="vfat",
        )
    )
    assert [one.kind for one in found] == ["bls"]
    return found[0]


def test_an_entry() -> None:
    found = read({
        "a.conf": "# comment\r\ntitle Debian\r\nversion\t6.1\r\n"
        "linux /linux\r\ninitrd /a.gz\r\ninitrd b.gz\r\n"
        "options root=/dev/sda1  $x\r\noptions quiet\r\narchitecture x64\r\n",
        "not-one.txt": "title x\n",
    })  # fmt: skip
    assert found.entries == (Entry("Debian (6.1)", "/linux", ("/a.gz", "/b.gz"), "root=/dev/sda1  $x quiet"),)


def test_the_order_and_the_default() -> None:
    entries: dict[str, bytes | str] = {
        "a-6.9.conf": "title a\nlinux /linux\nversion 6.9\n",
        "a-6.10.conf": "title a\nlinux /linux\nversion 6.10\n",
        "z+3-1.conf": "title z\nlinux /linux\nsort-key z\n",
        "y.conf": "title y\nlinux /linux\nsort-key a\n",
    }
    found = read(entries)
    assert [entry.title for entry in found.entries] == ["y", "z", "a (6.10)", "a (6.9)"]
    for pattern, number in (
        ("", 0),
        ("z.conf", 1),
        ("a-*", 2),
        ("A-6.9.conf", 3),
        ("nothing", 0),
        ("@saved", 0),
    ):
        assert read(entries, f"timeout 3\ndefault {pattern}\n").default == number


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("efi /EFI/x.efi", "EFI program"),
        ("uki /x.efi", "EFI program"),
        ("linux /linux\narchitecture aa64", "another kind of processor"),
        ("title x", "names no kernel"),
        ("linux /gone", "no file /gone"),
        ("linux /../../a.gz", "/a.gz is not"),
    ],
)
def test_what_cannot_be_started_says_why(lines: str, said: str) -> None:
    assert said in (read({"x.conf": lines}).entries[0].problem or "")


def test_too_much_is_refused() -> None:
    assert "500 entries" in (read({f"{number}.conf": "" for number in range(501)}).problem or "")
    assert "larger than" in (read({f"{number}.conf": b"#" * (1 << 19) for number in range(5)}).problem or "")


LINES = st.one_of(
    st.binary(max_size=100),
    st.lists(st.sampled_from(
        ["title a", "version 1.2", "sort-key x", "linux /linux", "linux", "initrd /a.gz", "options $x ${y"]
    )).map("\n".join),
)  # fmt: skip


@patient
@given(st.dictionaries(st.sampled_from(["a.conf", "a+1.conf", ".conf", "1.10.conf"]), LINES, min_size=1))
def test_any_files_give_a_sound_menu(entries: dict[str, bytes | str]) -> None:
    sound(read(entries, "default *"))
