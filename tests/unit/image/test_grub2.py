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


def read(config: str | bytes, path: str = "/boot/grub/grub.cfg", **more: bytes | str) -> Menu:
    """The menu of a grub.cfg beside a kernel, initial RAM disks and other files (x_y is /boot/grub/x.y)."""
    files = {f"/boot/grub/{name.replace('_', '.')}": content for name, content in more.items()}
    found = menu.find(
        Files({path: config, "/linux": KERNEL, "/a.gz": b"", "/b.gz": b"", "/boot/linux": KERNEL, **files})
    )
    return next(one for one in found if one.path == path)


def default(config: str, **more: bytes | str) -> Entry:
    """The default entry of a menu."""
    found = read(config, "/boot/grub/grub.cfg", **more)
    assert found.entries, found.problem
    return found.entries[found.default]


def entry(title: str, append: str = "") -> str:
    """A menu entry with a command line."""
    return f"menuentry '{title}' {{\n  linux /linux {append}\n}}\n"


def test_a_menu_of_a_disc() -> None:
    found = read(
        """
        set default="0"
        if loadfont $prefix/font.pf2 ; then
          set gfxmode=800x600
          insmod gfxterm # on the screen
        fi
        menuentry 'Install' --class debian --hotkey=i {
            set background_color=black
            linux    /linux vga=788 --- quiet
            initrd   /a.gz /b.gz
        }
        submenu --hotkey=a 'More ...' {
            menuentry "Rescue" --id rescue { linux /boot/linux; initrd /a.gz; }
        }
        """
    )
    assert found.problem is None
    assert found.entries == (
        Entry("Install", "/linux", ("/a.gz", "/b.gz"), "vga=788 --- quiet"),
        Entry("More ... > Rescue", "/boot/linux", ("/a.gz",), ""),
    )


@pytest.mark.parametrize(
    ("value", "title"),
    [
        ("", "a"),
        ("1", "b"),
        ("b", "b"),
        ("two", "b"),
        ("s>c", "s > c"),
        ("2>1", "s > d"),
        ("s>inner>e>>f", "s > inner > e>f"),
        ("2", "s > c"),
        ("7", "a"),
        ("nothing", "a"),
        ("g>>h", "g>h"),
        ("0x1", "a"),
        ("3", "g>h"),
    ],
)
def test_the_default(value: str, title: str) -> None:
    inner = f"submenu inner {{\n{entry('x')}\n{entry('e>f', 'f')}\n}}\n"
    config = (
        f"set default='{value}'\n{entry('a')}menuentry b --id two {{ linux /linux b\n }}\n"
        f"submenu s {{\n{entry('c')}{entry('d')}{inner}}}\n{entry('g>h')}"
    )
    assert default(config).title == title


def test_a_default_that_is_kept_in_the_environment_block() -> None:
    config = f'load_env\nset default="${{saved_entry}}"\n{entry("a")}{entry("b")}'
    assert default(config, grubenv="# GRUB Environment Block\nsaved_entry=b\n#######").title == "b"
    assert default(config, grubenv="# GRUB Environment Block\nsaved_entry=\\b\nnext=\\\\\n####").title == "b"
    assert default(config).title == "a"


@pytest.mark.parametrize(
    ("line", "append"),
    [
        ("a b  c", "a b c"),
        ("'a b' c", '"a b" c'),
        ('"a\\"b"', 'a\\"b'),
        ("a\\ b", '"a b"'),
        ("it\\'s", "it\\'s"),
        ("$x", "1 2"),
        ("${x}3", "1 23"),
        ('"$x"', '"1 2"'),
        ("'$x'", "$x"),
        ("\\$x", "$x"),
        ("$nothing a", "a"),
        ('"$nothing" a', " a"),
        ("a\"b\"'c'd", "abcd"),
        ("a\\\n b", "a b"),
        ("a # b", "a"),
        ("a#b", "a#b"),
        ("a;echo b", "a"),
        ("`rm -rf /`", "`rm -rf /`"),
        ("'$(x) & | > <'", '"$(x) & | > <"'),
        ("ümlaut=ß", "ümlaut=ß"),
    ],
)
def test_words(line: str, append: str) -> None:
    assert default(f"set x='1 2'\n{entry('a', line)}").append == append


HOLDING = """\
true|! false|[ a = a ]|[ x$feature_menuentry_id = xy ]|test -e /linux|[ -f /linux ]|[ a == a ]|! [ -s /a.gz ]
[ -s (hd0,msdos1)/linux ]|[ ! -e /nothing ]|[ -d /boot ]|[ ! -f /boot ]|[ -z "$nothing" ]|! [ a -a '' ]|[ a ]
[ -n a -a b != c ]|[ a = b -o a = a ]|[ ( a = b ) -o ( 1 -lt 0x10 ) ]|[ 3 -ge 3 ]|[ a '<' b ]|cpuid -l
[ ! "$grub_platform" = efi ]|loadfont unicode|search --file /linux --set=root|search -n -u 1234-abcd --set=x
search --label LABEL --set|[ 2 -eq 2 -a ! 2 -gt 3 ]|! keystatus --shift|[ 1 -le 1 -a 1 -ne 2 ]
[ b '>=' b -a a '<=' b -a b '>' a ]|! search --file /nothing|! [ -e (hd0)/nothing ]"""


@pytest.mark.parametrize("condition", HOLDING.replace("|", "\n").split("\n"))
def test_conditions_that_hold(condition: str) -> None:
    config = f"if {condition}; then\nset default=1\nelse\nset default=0\nfi\n{entry('a')}{entry('b')}"
    assert default(config).title == "b"


def test_branches_loops_and_functions() -> None:
    found = default(
        """
        function add { line="$line $1"; if [ "$1" = 3 ]; then return; fi; line="$line."; }
        for i in 1 2 3; do add $i; done
        set n=x
        while [ $n != xxxx ]; do set n=x$n; if [ $n = xxx ]; then break; fi; done
        until [ $n = xxxxx ]; do set n=x$n; continue; done
        if false; then set m=1; elif [ $n = xxxxx ]; then set m=2; else set m=3; fi
        for f in /*.gz; do set f=$f; done
        eval "set e=$m"
        menuentry a "more" { linux /linux $line $n $m $f $e $2 $#; }
        """
    )
    assert found.append == "1 . 2 . 3 xxxxx 2 /b.gz 2 more 2".replace(" .", ".")


def test_an_entry_sees_the_variables_as_they_are_in_the_end_and_a_menu_those_that_are_exported() -> None:
    found = read(
        "set a=1; set b=2; export b\n"
        "menuentry x { linux /linux $a $b; }\nsubmenu s { menuentry y { linux /linux $a $b; } }\nset a=3\n"
    )
    assert [one.append for one in found.entries] == ["3 2", "2"]


def test_other_files() -> None:
    found = read(
        f"source $prefix/one.cfg\n. ($root)/boot/grub/two.cfg\nsource /missing.cfg\n{entry('c')}"
        "menuentry more { configfile /boot/grub/three.cfg; }\n",
        one_cfg=entry("a"), two_cfg=f"{entry('b')}return\n{entry('not this')}",
        three_cfg=f"{entry('d')}{entry('e')}menuentry back {{ configfile /boot/grub/grub.cfg; }}",
    )  # fmt: skip
    assert [one.title for one in found.entries] == ["a", "b", "c", "more > d", "more > e"]
    config = "search --set=root --file /linux\nset prefix=($root)/boot/grub\nconfigfile $prefix/three.cfg\n"
    found = read(config, "/EFI/BOOT/grub.cfg", three_cfg=f"set default=1\n{entry('d')}{entry('e')}")
    assert (found.entries[found.default].title, len(found.entries)) == ("e", 2)


def test_a_menu_on_another_file_system() -> None:
    config = "search.fs_uuid 5555-5555 root\nset prefix=($root)'/boot/grub'\nconfigfile $prefix/grub.cfg\n"
    found = read(config, "/EFI/debian/grub.cfg")
    assert not found.entries
    assert "another file system (5555-5555)" in (found.problem or "")
    assert "another file system" in (default(f"search --fs-uuid 5 --set=root\n{entry('a')}").problem or "")


@pytest.mark.parametrize("uuid", ["1234-ABCD", "1234-abcd"])
def test_the_variables_that_discs_ask_for(uuid: str) -> None:
    found = default(
        f"search --no-floppy --set=root --fs-uuid {uuid}\nprobe --set uuid --fs-uuid $root\n"
        "probe -l $root --set=label\n" + entry("a", "root=UUID=$uuid label=$label")
    )
    assert found.append == "root=UUID=1234-ABCD label=LABEL"
    assert found.problem is None


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("chainloader +1", "another boot loader"),
        ("multiboot2 /xen.gz\nmodule2 /linux", "multiboot"),
        ("linux /gone", "no file /gone"),
        ("linux", "names no kernel"),
        ("linux linux", "is not a path"),
        ("linux (tftp,10.0.0.1)/linux", "network"),
        ("loopback loop /x.iso\nlinux (loop)/linux", "an image in a file, /x.iso"),
        ("linux /linux findiso=${iso_path}", "$iso_path"),
        ("linux /linux\ninitrd newc:init:/a.gz", "newc"),
        ("linux /linux\ninitrd /gone", "no file /gone"),
        ("linux16 /a.gz", "not a Linux kernel"),
        ("configfile /gone.cfg", "not there"),
        ("reboot", "anew"),
        ("echo x", "no kernel"),
        ("linux /../../../a.gz", "/a.gz is not a Linux kernel"),
        ("linux /linux 'a\0b'", "nothing"),
    ],
)
def test_what_cannot_be_started_says_why(body: str, said: str) -> None:
    found = default(f"menuentry x {{\n{body}\n}}\n")
    assert said in (found.problem or "nothing")


def test_a_variable_that_nothing_sets_is_noted() -> None:
    found = default(entry("a", "quiet $extra"))
    assert (found.problem, found.append) == (None, "quiet")
    assert "$extra" in (found.note or "")


def test_grub_goes_on_after_a_line_that_it_does_not_understand() -> None:
    wrong = "menuentry x {\n  if a\n}\n"
    found = read(f"linux $ x\n{entry('a')}fi\n}}\nmenuentry {{ }}\n{entry('b')}{wrong}{entry('c')}")
    assert [one.title for one in found.entries] == ["a", "b", "c"]
    assert "/boot/grub/grub.cfg, line 1: " in (found.problem or "")


def test_entries_of_the_boot_loader_specification() -> None:
    files: dict[str, bytes | str] = {
        "/boot/grub2/grub.cfg": "load_env\nset default=${saved_entry}\nblscfg\n",
        "/boot/grub2/grubenv": "# GRUB Environment Block\nsaved_entry=old\nkernelopts=root=/dev/x ro\n",
        "/loader/entries/new.conf": "title New\nversion 6.10\nlinux /linux\n"
        "initrd /a.gz $tuned\noptions $kernelopts q",
        "/loader/entries/old.conf": "title Old\nversion 6.9\nlinux /linux\noptions $kernelopts",
        "/linux": KERNEL, "/a.gz": b"",
    }  # fmt: skip
    found = menu.find(Files(files))
    assert [one.kind for one in found] == ["grub2", "bls"]
    assert found[0].entries[0] == Entry("New (6.10)", "/linux", ("/a.gz",), "root=/dev/x ro q")
    assert found[0].default == 1


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("while true; do echo x; done", "come to an end"),
        ("while ; do ; done", "come to an end"),
        ("function f { f; }\nf", "deep"),
        ("set a=xxxxxxxx\n" + "set a=$a$a$a$a$a$a$a$a\n" * 20, "too long"),
        ("for a in 1 2 3 4 5 6 7 8; do\n" * 8 + "echo\n" + "done\n" * 8, "come to an end"),
        ("if true; then\n" * 100 + "echo\n" + "fi\n" * 100, "deep"),
        ("submenu x {\n" * 30 + "}\n" * 30, "no entries"),
        ("function f { submenu x { f; } }\nf", "deep"),
        ("function f { menuentry x { f; } }\nf", "deep"),
        ("source /boot/grub/grub.cfg\nconfigfile /boot/grub/grub.cfg", "no entries"),
        ("for a in 1 2 3 4; do source $prefix/big.cfg; done", "larger than"),
        ("menuentry x { true; }\n" * 600, "more than 500"),
        ("'", "without another"),
        ("set x=1\n" * 50001, "words"),
        ("a b\n" * 30000, "come to an end"),
        ("set a='" + "x " * 8000 + "'\nwhile true; do test $a; done", "come to an end"),
        ("set b=" + "x" * 10000 + "\nwhile true; do set a=$b; done", "come to an end"),
    ],
)
def test_what_has_no_end_is_refused(config: str, said: str) -> None:
    found = read(config, big_cfg="#" * (1 << 19))
    assert not found.entries
    assert said in (found.problem or "")


QUOTED = st.text(st.characters(codec="utf-8", exclude_characters="'\0\r\n"), max_size=30)


@patient
@given(
    st.lists(st.tuples(QUOTED.filter(str.strip), st.lists(QUOTED, max_size=5)), min_size=1, max_size=6),
    st.data(),
)
def test_a_menu_that_was_written_is_read_as_it_was_meant(
    entries: list[tuple[str, list[str]]], data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(entries) - 1))
    lines = [f"set default={number}"]
    for title, words in entries:
        quoted = " ".join(f"'{word}'" for word in words)
        lines += [f"menuentry '{title}' {{", f"  linux /linux {quoted}", "}"]
    found = read("\n".join(lines))
    kept = [(title, words) for title, words in entries if not title.startswith("--")]
    assert len(found.entries) == len(kept)
    for one, (_, words) in zip(found.entries, kept, strict=True):
        assert unquoted(one.append) == (words or [""])
    titles = [title for title, _ in entries]
    if kept == entries:
        assert found.default == (titles.index(str(number)) if str(number) in titles else number)


def unquoted(line: str) -> list[str]:
    """What GRUB has put together, taken apart again: words with spaces are in quotes, the rest is escaped."""
    words: list[str] = []
    at, inside = 0, False
    current: str | None = None
    while at < len(line):
        if line[at] == "\\":
            current = (current or "") + line[at + 1]
            at += 1
        elif line[at] == '"':
            inside = not inside
            current = current or ""
        elif line[at] == " " and not inside:
            words.append(current or "")
            current = None
        else:
            current = (current or "") + line[at]
        at += 1
    return [*words, current or ""]


TRIED = """\
menuentry 'a' {|}|submenu "b" {|linux /linux $x "$y" 'z'|initrd /a.gz|set x=1|set x="$x$x y"|set default=1>b
if [ $x = 1 ]; then|else|elif true; then|fi|for i in a $x b; do|done|while true; do|function f {|f a b|f
source /boot/grub/other.cfg|configfile /boot/grub/grub.cfg|configfile $prefix/other.cfg|'|"|\\|${|$|$1|blscfg
search --set=root --file /linux|search --fs-uuid 1 --set=root|probe --set=u -u $root|load_env|return
break|export x|unset x|loopback l /a|linux (l)/linux|chainloader +1|test -e|[ ( ]|eval "f; $x"
# x|{ } ; ;;| & && < >|"""
WORDS = st.sampled_from(TRIED.replace("|", "\n").split("\n"))


@patient
@given(st.lists(WORDS, max_size=30), st.lists(WORDS, max_size=10))
def test_any_order_of_lines_gives_a_sound_menu(lines: list[str], others: list[str]) -> None:
    sound(read("\n".join(lines), other_cfg="\n".join(others)))


@patient
@given(st.one_of(st.binary(max_size=300), st.text("'\"\\${}ab;\n #|&<>", max_size=200)))
def test_any_bytes_give_a_sound_menu(content: bytes | str) -> None:
    sound(read(content))
