# SPDX-License-Identifier: GPL-3.0-or-later
"""kaem: the language, its failures, and that Debian's kaem does the same with the same script."""

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stage0 import toolbox

SHOW = "import sys; print(sys.argv[1:])"


@pytest.fixture
def show(tmp_path: Path) -> Path:
    """A folder with the program `show`, which prints its arguments."""
    program = tmp_path / "bin" / "show"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\n{SHOW}\n")
    program.chmod(0o755)
    return program.parent


def script(folder: Path, text: str, *, path: str = "/usr/bin:/bin", **env: str) -> tuple[int, list[str], str]:
    """Run a script. Returns the status, what it printed without the commands themselves, and stderr."""
    (folder / "t.kaem").write_text(text)
    done = toolbox.run("kaem", "t.kaem", cwd=folder, env={"PATH": path, **env})
    lines = done.stdout.decode().splitlines()
    return done.returncode, [line for line in lines if not line.startswith(" +> ")], done.stderr.decode()


def test_each_command_is_shown_before_it_runs(tmp_path: Path) -> None:
    (tmp_path / "t.kaem").write_text('X="a b"\necho ${X} "" "c#"\n')
    done = toolbox.run("kaem", "t.kaem", cwd=tmp_path)
    assert done.stdout.decode() == " +> X=a b\n +> echo a b  c#\na b  c#\n"


def test_words(tmp_path: Path, show: Path) -> None:
    text = r"""
    # a comment, and a blank line before it
show one  two	three   # and this
show a\ b "c d" \"e\" "f\"g" "h\\i" -D"j k" \# "l # m"
show one \
  two \
	three
show "" end"""
    status, lines, _ = script(tmp_path, text, path=f"{show}:/usr/bin:/bin")
    assert status == 0
    assert [eval(line) for line in lines] == [
        ["one", "two", "three"],
        ["a b", "c d", '"e"', 'f"g', "h\\i", "-Dj k", "#", "l # m"],
        ["one", "two", "three"],
        ["", "end"],
    ]


def test_newline_in_a_word(tmp_path: Path) -> None:
    assert script(tmp_path, 'echo "a\\nb"\n')[1] == ["b", "a", "b"]


def test_variables(tmp_path: Path) -> None:
    text = (
        'A=1\nB="${A} 2"\nB=${B}3\necho ${A}${B} "${A}x" [${NONE}] ${FROM}\n'
        'sh -c "echo \\$B"\nA=4\necho ${A} A=5\n'
    )
    assert script(tmp_path, text, FROM="outside") == (
        0,
        ["11 23 1x [] outside", "1 23", "4 A=5"],
        "",
    )


def test_cd_and_relative_programs(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d/here").write_text("#!/bin/sh\npwd\n")
    (tmp_path / "d/here").chmod(0o755)
    assert script(tmp_path, "d/here\ncd d\n./here\n")[1] == [str(tmp_path), str(tmp_path / "d")]


def test_script_without_its_last_newline(tmp_path: Path) -> None:
    assert script(tmp_path, "echo a\necho b")[1] == ["a", "b"]


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("false x", "command 'false x' failed with exit status 1"),
        ('sh -c "exit 42"', "command 'sh -c exit 42' failed with exit status 42"),
        ('sh -c "kill -9 \\$\\$"', "command 'sh -c kill -9 $$' killed by signal 9"),
        ("nosuch a b", "command 'nosuch a b' not found"),
        ("./nosuch", "command './nosuch' not found"),
        ("cd nowhere", "command 'cd nowhere' failed: not a directory"),
        ('echo "a', "a string without its closing '\"'"),
        ('echo "a"b', "a string that is not followed by a blank"),
        ("echo a;", "a ';' outside of a string"),
        ("echo $A", "a '$' that is not of the form ${NAME}"),
        ("echo ${A", "a '$' that is not of the form ${NAME}"),
        ("echo ${}", "a '$' that is not of the form ${NAME}"),
        ("echo ${A:-b}", "a '$' that is not of the form ${NAME}"),
        ("echo ${A\n}", "a '$' that is not of the form ${NAME}"),
        ("A=1 true", "NAME=VALUE is followed by something"),
        ("echo \0", "a character with the code 0"),
        ("true" + " x" * 5000, "too many words"),
    ],
)
def test_stops_at_the_first_failure(tmp_path: Path, command: str, message: str) -> None:
    text = f"#: step one\necho \\\n before\n#: step two-2\n{command}\necho after\n"
    status, lines, stderr = script(tmp_path, text)
    expected = f"t.kaem:5: {message}"
    assert status == 1
    assert lines == ["#: step one", "before", "#: step two-2", "", f"#: fail two-2 {expected}"]
    assert stderr == f"{expected}\n"


def test_no_fail_line_without_a_step(tmp_path: Path) -> None:
    assert script(tmp_path, "#: end\nfalse\n")[:2] == (1, ["#: end"])


def test_a_step_may_be_echoed(tmp_path: Path) -> None:
    lines = script(tmp_path, 'echo "#: step s"\nfalse\n')[1]
    assert lines[-1].startswith("#: fail s ")


def test_a_file_that_cannot_run(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"\x7fELF nonsense")
    (tmp_path / "x").chmod(0o755)
    status, _, stderr = script(tmp_path, "./x\n")
    assert status == 1
    assert stderr == "kaem: ./x: Exec format error\nt.kaem:1: command './x' failed with exit status 1\n"


def test_missing_script(tmp_path: Path) -> None:
    assert "nosuch.kaem: No such file" in toolbox.fails("kaem", "nosuch.kaem", cwd=tmp_path)


def test_interactive(tmp_path: Path) -> None:
    commands = b'echo a\nfalse\necho "x\n#: step s\nnosuch\nX=b\necho ${X}\n'
    done = toolbox.run("kaem", "-i", cwd=tmp_path, stdin=commands, env={"PATH": "/usr/bin:/bin"})
    assert done.returncode == 0
    text = done.stdout.decode()
    assert text.startswith("kaem>  +> echo a\na\nkaem> ")
    assert text.endswith(" +> echo b\nb\nkaem> ")
    assert "#: step s\n" in text
    assert "#: fail" not in text
    assert done.stderr.decode().splitlines() == [
        "stdin:2: command 'false' failed with exit status 1",
        "stdin:3: a string without its closing '\"'",
        "stdin:5: command 'nosuch' not found",
    ]


# ---- Debian's kaem ----

word = st.text(st.sampled_from("ab:/.-=+'~*?,"), min_size=1, max_size=6)
quoted = (
    st.lists(
        st.sampled_from(["x", " ", "  ", "#", '\\"', "\\\\", "\\n", "${A}", "${B}"]), min_size=1, max_size=6
    )
    .map("".join)
    .filter(str.strip)
    .map(lambda text: f'"{text}"')
)
argument = st.one_of(word, quoted, st.sampled_from(["${A}", "p${A}q", "\\#", "\\\\", "a\\ b"]))
command = st.lists(argument, max_size=5).map(lambda words: " ".join(["show", *words]))
noise = st.sampled_from(["", "# comment", "   # comment", "  show indented", "show a \\\n b", "show t # c"])
assignment = st.sampled_from(["A=1", 'A="1 2"', "B=${A}z", 'B="${A} ${B}"', "cd ."])
scripts = st.lists(st.one_of(command, noise, assignment), max_size=8)


@pytest.mark.skipif(not shutil.which("kaem"), reason="Debian's mescc-tools is not installed")
@settings(max_examples=60, deadline=None)
@given(lines=scripts, failure=st.sampled_from(["", "false", "nosuch"]))
def test_debians_kaem_does_the_same(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], failure: str
) -> None:
    folder = tmp_path_factory.mktemp("kaem")
    show = folder / "show"
    show.write_text(
        f'#!/bin/sh\nfor a; do printf "<%s>" "$a"; done >> {shlex.quote(str(folder))}/seen\necho >> seen\n'
    )
    show.chmod(0o755)
    (folder / "t.kaem").write_text("\n".join([*lines, failure, "show end", ""]))
    env = {"PATH": f"{folder}:/usr/bin:/bin", "A": "a1", "B": "b 2"}
    results = []
    for kaem in ([str(toolbox.folder() / "kaem")], ["kaem", "--verbose", "--strict", "--file"]):
        done = subprocess.run(
            [*kaem, "t.kaem"],
            cwd=folder,
            env={**toolbox.SANITIZER_ENV, **env},
            capture_output=True,
            timeout=60,
            check=False,
        )
        seen = folder / "seen"
        results.append((done.returncode, seen.read_text() if seen.exists() else ""))
        seen.unlink(missing_ok=True)
    assert results[0] == results[1]
