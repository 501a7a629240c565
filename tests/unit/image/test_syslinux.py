# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.image import menu, syslinux
from lib.image.entry import Entry, Menu, MenuError

from .files import Files, kernel, patient

KERNEL = kernel()


def read(config: str, **more: bytes | str) -> Menu:
    """The menu of an isolinux.cfg beside a kernel, initial RAM disks and other files."""
    files = {f"/isolinux/{name.replace('_', '.')}": content for name, content in more.items()}
    found = menu.find(
        Files({
            "/isolinux/isolinux.cfg": config, "/isolinux/linux": KERNEL, "/boot/linux": KERNEL,
            "/isolinux/a.gz": b"", "/isolinux/b.gz": b"", **files,
        })
    )  # fmt: skip
    assert [one.path for one in found] == ["/isolinux/isolinux.cfg"]
    return found[0]


def default(config: str, **more: bytes | str) -> Entry:
    """The default entry of a menu."""
    found = read(config, **more)
    return found.entries[found.default]


GUIDE = """\
default gentoo
timeout 150
display boot.msg
prompt 1
F1 kernels.msg

label gentoo
  kernel linux
  append root=/dev/ram0 init=/linuxrc  looptype=squashfs loop=/image.squashfs  cdroot initrd=a.gz vga=791

label gentoo-nofb
  kernel linux
  append root=/dev/ram0 init=/linuxrc cdroot initrd=a.gz

label localhost
  localboot -1
  MENU HIDE
"""


def test_the_menu_of_an_old_live_disc() -> None:
    found = read(GUIDE)
    assert found.default == found.untouched == 0
    assert [entry.title for entry in found.entries] == ["gentoo", "gentoo-nofb"]
    assert found.entries[0] == Entry(
        "gentoo",
        "/isolinux/linux",
        ("/isolinux/a.gz",),
        "root=/dev/ram0 init=/linuxrc  looptype=squashfs loop=/image.squashfs  cdroot initrd=a.gz vga=791",
    )


def test_words_are_the_same_in_upper_and_lower_case_and_lines_may_end_as_in_dos() -> None:
    found = default("DEFAULT x\r\nLabel x\r\n\tKERNEL linux\r\n\tAppend a=B c\r\n\x1a")
    assert (found.kernel, found.append) == ("/isolinux/linux", "a=B c")


@pytest.mark.parametrize(
    ("lines", "append", "initrds"),
    [
        ("append initrd=a.gz,b.gz quiet", "initrd=a.gz,b.gz quiet", ("a.gz", "b.gz")),
        ("append initrd=a.gz initrd=b.gz", "initrd=a.gz initrd=b.gz", ("b.gz",)),
        ("initrd a.gz,b.gz\nappend quiet", "quiet initrd=a.gz,b.gz", ("a.gz", "b.gz")),
        ("initrd a.gz", "everywhere initrd=a.gz", ("a.gz",)),
        ("append -", "", ()),
        ("", "everywhere", ()),
        ("append quiet", "quiet", ()),
        ("append initrd=../isolinux/./a.gz", "initrd=../isolinux/./a.gz", ("a.gz",)),
        ("append initrd=/../../isolinux/a.gz", "initrd=/../../isolinux/a.gz", ("a.gz",)),
        ("append ; rm -rf / `x` $(y) 'z' \\ \"", "; rm -rf / `x` $(y) 'z' \\ \"", ()),
    ],
)
def test_initial_ram_disks_and_command_lines(lines: str, append: str, initrds: tuple[str, ...]) -> None:
    found = default(f"append everywhere\nlabel x\nlinux linux\n{lines}\n")
    assert found.append == append
    assert found.initrds == tuple(f"/isolinux/{name}" for name in initrds)


A = "label a\nlinux linux\n"
B = "label b\nlinux linux\nappend b\n"


@pytest.mark.parametrize(
    ("config", "title"),
    [
        (f"{A}{B}", "a"),
        (f"default b\n{A}{B}", "b"),
        (f"default b\ndefault a\n{B}{A}", "a"),
        (f"{A}{B}menu default\n", "b"),
        (f"ui vesamenu.c32\ndefault b\n{A}menu default\n{B}", "b"),
        (f"default a\ndefault menu.c32\n{A}{B}menu default\n", "b"),
        (f"{A}menu begin s\nmenu title S\nmenu default\n{B}menu end", "S > b"),
        (f"{A}menu begin s\nmenu start\n{B}menu end", "s > b"),
        (f"{A}menu begin s\n{B}menu end\ndefault b", "s > b"),
        (f"menu begin s\n{B}menu end\nmenu separator\n{A}append a", "a"),
        (f"default nothing\n{A}", "nothing"),
    ],
)
def test_the_default(config: str, title: str) -> None:
    assert default(config).title == title


def test_a_default_may_be_a_command_line() -> None:
    found = default("default linux initrd=a.gz quiet\nlabel other\nlinux linux\n")
    assert (found.kernel, found.initrds, found.append) == (
        "/isolinux/linux", ("/isolinux/a.gz",), "initrd=a.gz quiet",
    )  # fmt: skip
    found = default("default x more\nlabel x\nlinux linux\nappend quiet\n")
    assert found.append == "quiet more"


def test_what_a_timeout_starts() -> None:
    labels = "label a\nlinux linux\nlabel b\nlinux linux\nappend b\n"
    assert read(f"{labels}timeout 30\nontimeout b").untouched == 1
    assert read(f"{labels}ontimeout b").untouched == 0, "without a timeout it waits"
    found = read(f"{labels}timeout 30\nontimeout linux b c")
    assert (found.default, found.entries[found.untouched].append) == (0, "b c")
    assert read(f"{labels}timeout 30\nontimeout linux b").untouched == 1, "the same, said otherwise"


def test_menus_in_menus() -> None:
    found = read(
        "menu title Top\nlabel a\nmenu label ^First\nlinux linux\nmenu begin more\nmenu label ^More ...\n"
        "label back\nmenu label Back\nmenu exit\nlabel b\nlinux linux\nappend b\nmenu end\n"
        "label -\nmenu label A heading\nmenu disable\ntext help\nlabel c\nlinux linux\nendtext\n"
        "label d\nlinux linux\nappend d\n"
    )
    assert [entry.title for entry in found.entries] == ["First", "More ... > b", "d"]


def test_includes_begin_where_the_first_file_is() -> None:
    config = "include menus/one.cfg\nmenu include menus/two.cfg Two\ninclude missing.cfg\n"
    one = "include menus/deeper.cfg\n"
    found = read(config, **{"menus/one_cfg": one, "menus/deeper_cfg": A, "menus/two_cfg": B})
    assert [(entry.title, entry.problem) for entry in found.entries] == [("a", None), ("Two > b", None)]


def test_other_configurations_are_followed_once_and_show_nothing_twice() -> None:
    found = read(
        f"{A}label more\nconfig other.cfg\nlabel again\nkernel vesamenu.c32\nappend ~ third.cfg\n",
        other_cfg=f"{A}{B}label back\nconfig isolinux.cfg\n",
        third_cfg="label c\nlinux linux\nappend c\nlabel loop\nconfig third.cfg\n",
    )
    assert [entry.title for entry in found.entries] == ["a", "more > b", "again > c"]


def test_programs_that_choose_by_the_machine() -> None:
    config = (
        "default which\nlabel which\ncom32 whichsys.c32\nappend -pxe- p -sys- s -iso- cpu\n"
        "label cpu\nmenu hide\ncom32 ifcpu64.c32\nappend big -- small\n"
        "label big\nmenu hide\nlinux linux\nappend big\nlabel small\nmenu hide\nlinux linux\n"
    )
    assert default(config).append == "big"
    assert default(config.replace("append big --", "append which --")).problem is not None


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("localboot 0x80", "own disks"),
        ("kernel memdisk\nappend initrd=a.gz", "memdisk"),
        ("kernel mboot.c32\nappend xen.gz --- linux", "multiboot"),
        ("com32 chain.c32\nappend hd0 1", "program for the boot loader"),
        ("kernel hdt.c32", "program for the boot loader"),
        ("boot x.bin", "program for the boot loader"),
        ("config gone.cfg", "another menu"),
        ("linux gone", "no file /isolinux/gone"),
        ("linux linux\ninitrd gone", "no file /isolinux/gone"),
        ("linux a.gz", "not a Linux kernel"),
        ("linux ../../../boot", "no file /boot"),
        ("", "no file /isolinux/x"),
    ],
)
def test_what_cannot_be_started_says_why(lines: str, said: str) -> None:
    assert said in (default(f"label x\n{lines}\n").problem or "")


def test_a_kernel_of_the_menu_may_be_a_32_bit_one() -> None:
    found = default("label x\nlinux old\n", old=kernel(bits=32))
    assert found.problem is None
    assert "32-bit" in (found.note or "")
    assert "older" in (default("label x\nlinux old\n", old=kernel(protocol=0x0204)).note or "")


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("include isolinux.cfg\n", "levels deep"),
        ("include isolinux.cfg\n" * 5000, "levels deep|larger"),
        ("label x\n" * 1000, "more than 500 entries"),
        ("\n" * 30000, "lines"),
        ("menu begin x\n" * 1000, "levels deep"),
        ("#" * (2 << 20), "larger than 1 MiB"),
    ],
)
def test_what_has_no_end_is_refused(config: str, said: str) -> None:
    found = read(config)
    assert not found.entries
    assert any(words in (found.problem or "") for words in said.split("|")), found.problem


def test_on_fat_a_backslash_parts_names() -> None:
    config = "label x\nlinux \\boot\\linux\n"
    files: dict[str, bytes | str] = {"/syslinux.cfg": config, "/boot/linux": KERNEL}
    assert menu.find(Files(files, kind="vfat"))[0].entries[0].problem is None
    assert menu.find(Files(files, kind="ext4"))[0].entries[0].problem is not None


NAMES = st.text("abcXYZ019-_.", min_size=1, max_size=12).filter(lambda name: name.strip("."))
SPACES = "".join(map(chr, range(1, 33)))
LINES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60).filter(
    lambda line: line.strip() != "-" and "initrd=" not in line
)


@patient
@given(st.lists(st.tuples(NAMES, LINES), min_size=1, max_size=8, unique_by=lambda item: item[0]), st.data())
def test_a_menu_that_was_written_is_read_as_it_was_meant(
    labels: list[tuple[str, str]], data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(labels) - 1))
    lines = [f"default {labels[number][0]}"]
    for name, line in labels:
        lines += [f"label {name}", "  linux /boot/linux", f"  append {line}"]
    found = read("\n".join(lines))
    assert [entry.append for entry in found.entries] == [line.strip(SPACES) for _, line in labels]
    assert [entry.title for entry in found.entries] == [name for name, _ in labels]
    assert found.default == number


TRIED = """\
label a|label b|kernel linux|linux ../linux|initrd a.gz|append x initrd=b.gz|append -|menu begin m|menu end
menu label ^x|menu default|menu hide|menu separator|default a|default linux x|ontimeout b y|timeout 5
config isolinux.cfg|config other.cfg|include other.cfg|com32 menu.c32|append other.cfg|com32 ifcpu64.c32
append a -- b|text help|endtext|menu start|menu exit|localboot 0|menu title t|include isolinux.cfg x
ui menu.c32||label|append"""
WORDS = st.sampled_from(TRIED.replace("|", "\n").split("\n"))


@patient
@given(st.lists(WORDS, max_size=30), st.lists(WORDS, max_size=10))
def test_any_order_of_lines_gives_a_sound_menu(lines: list[str], others: list[str]) -> None:
    sound(read("\n".join(lines), other_cfg="\n".join(others)))


@patient
@given(st.binary(max_size=300))
def test_any_bytes_give_a_sound_menu(content: bytes) -> None:
    files = Files({"/isolinux.cfg": content})
    sound(menu.find(files)[0])


def sound(found: Menu) -> None:
    """What holds of every menu."""
    assert -1 <= found.default < len(found.entries)
    assert -1 <= found.untouched < len(found.entries)
    assert (found.default == -1) == (not found.entries)
    for entry in found.entries:
        assert entry.title.isprintable()
        assert entry.problem is not None or entry.kernel
        for path in (entry.kernel, *entry.initrds) if entry.problem is None else ():
            assert path.startswith("/")
            assert ".." not in path.split("/")


def test_a_reader_of_its_own_says_what_it_refuses() -> None:
    with pytest.raises(MenuError, match="no file"):
        syslinux.read(Files({}), "/isolinux.cfg")
