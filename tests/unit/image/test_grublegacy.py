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


def read(config: str | bytes, **more: bytes | str) -> Menu:
    """The menu of a menu.lst beside a kernel and initial RAM disks."""
    files = {f"/boot/grub/{name}": content for name, content in more.items()}
    found = menu.find(
        Files(
            {"/boot/grub/menu.lst": config, "/boot/linux": KERNEL, "/boot/a.gz": b"", "/b.gz": b"", **files}
        )
    )
    assert [one.kind for one in found] == ["grub-legacy"]
    return found[0]


def test_a_menu() -> None:
    found = read(
        "# comment\ntimeout=5\ndefault=1\ncolor cyan/blue\n\n"
        "title\tOne (on /dev/sda1)\nroot (hd0,0)\n"
        "kernel --no-mem-option (hd0,0)/boot/linux root=/dev/sda1  ro a=b\ninitrd=/boot/a.gz /b.gz\nboot\n"
        "title Two\nuuid 1234\nkernel /boot/../boot/linux \\\n  quiet\nsavedefault\n"
    )
    assert found.entries == (
        Entry("One (on /dev/sda1)", "/boot/linux", ("/boot/a.gz", "/b.gz"), "root=/dev/sda1  ro a=b"),
        Entry("Two", "/boot/linux", (), "quiet"),
    )
    assert found.default == found.untouched == 1


ONE = "title a\nkernel /boot/linux\n"


@pytest.mark.parametrize(
    ("config", "saved", "default"),
    [
        (ONE * 3, "", 0),
        ("default 2\n" + ONE * 3, "", 2),
        ("default 3\n" + ONE * 3, "", 0),
        ("default saved\n" + ONE * 3, "1\n#\n#\n", 1),
        ("default saved\n" + ONE * 3, "x", 0),
        ("default saved\n" + ONE * 3, "", 0),
        ("default 1\n", "", -1),
    ],
)
def test_the_default(config: str, saved: str, default: int) -> None:
    assert read(config, **({"default": saved} if saved else {})).default == default


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("chainloader +1", "another boot loader"),
        ("kernel /xen.gz\nmodule /boot/linux", "multiboot"),
        ("kernel", "names no kernel"),
        ("root (hd0,0)", "loads no kernel"),
        ("kernel linux", "not a path"),
        ("kernel (nd)/boot/linux", "network"),
        ("kernel /gone", "no file /gone"),
        ("kernel /boot/linux\ninitrd gone", "not a path"),
        ("configfile /other", "another menu"),
    ],
)
def test_what_cannot_be_started_says_why(lines: str, said: str) -> None:
    assert said in (read(f"title x\n{lines}\n").entries[0].problem or "")


def test_too_much_is_refused() -> None:
    assert "500 entries" in (read("title x\n" * 501).problem or "")
    assert "lines" in (read("\n" * 30000).problem or "")


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40).map(
    lambda words: "".join(words.split("\\")).strip()
)


@patient
@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=6))
def test_a_menu_that_was_written_is_read_as_it_was_meant(entries: list[tuple[str, str]]) -> None:
    found = read("".join(f"title x{title}\nkernel /boot/linux {line}\n" for title, line in entries))
    assert [entry.append for entry in found.entries] == [line for _, line in entries]


@patient
@given(st.one_of(st.binary(max_size=200), st.lists(st.sampled_from(
    ["title a", "title", "kernel /boot/linux x", "kernel", "initrd /b.gz", "initrd", "default 1",
     "default saved", "module /x", "chainloader +1", "\\", "=", "kernel /../../boot/linux"]
)).map("\n".join)))  # fmt: skip
def test_any_lines_give_a_sound_menu(config: bytes | str) -> None:
    sound(read(config))
