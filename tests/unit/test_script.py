# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from lib import manifest, script


def steps(base: Path) -> tuple[manifest.Step, ...]:
    return manifest.load(base / "sysa").steps


def test_the_whole_script(checkout: Path) -> None:
    text = script.make(steps(checkout), toolbox="tools", sources=True)
    assert text.seed == (
        "# Run by the seed: one command a line.\n"
        "\n#: step cc\n/init /sysa/x /destdir/cc/bin/cc\n"
        "\n#: step tools\n/destdir/cc/bin/cc\n"
        "\n/destdir/tools/bin/kaem /sysa.kaem\n"
    )
    lines = [line for line in text.kaem.splitlines() if line and not line.startswith("# ")]
    assert lines == [
        "PATH=/bin:/usr/bin",
        "/destdir/tools/bin/pack cc",
        "/destdir/tools/bin/pack tools",
        "cd /distfiles",
        "sha256sum -c SHA256SUMS",
        *["#: step one", "mkdir /build/one", "cd /build/one", "/bin/kaem /sysa/steps/one/build.kaem"],
        *["cd /", "pack one", "rm -r /build/one"],
        *["#: step two-1.0", "mkdir /build/two-1.0", "cd /build/two-1.0"],
        *["/bin/kaem /sysa/steps/two-1.0/build.kaem", "cd /", "pack two-1.0", "rm -r /build/two-1.0"],
        "#: end",
    ]


def test_with_the_tools_in_place_only_the_rest_is_run(checkout: Path) -> None:
    text = script.make(steps(checkout)[3:], toolbox="tools", sources=False)
    assert "#: step" not in text.seed
    assert text.seed.endswith("\n/bin/kaem /sysa.kaem\n")
    assert "distfiles" not in text.kaem
    assert "pack cc" not in text.kaem
    assert "#: step one\n" in text.kaem


def test_before_the_tools_the_seed_ends_the_script(checkout: Path) -> None:
    text = script.make(steps(checkout)[:2], toolbox="tools", sources=False)
    assert text.kaem == ""
    assert text.seed.endswith("\n#: end\n")
    assert "kaem /" not in text.seed


def test_the_tools_alone_are_packed(checkout: Path) -> None:
    text = script.make(steps(checkout)[:3], toolbox="tools", sources=False)
    assert "pack tools\n\n#: end\n" in text.kaem


def test_a_prompt_comes_after_the_end(checkout: Path) -> None:
    text = script.make((), toolbox="tools", sources=False, interactive=True)
    assert text.kaem.endswith("#: end\ncd /\nkaem -i\n")


def test_steps_without_their_tools_cannot_be_asked_for(checkout: Path) -> None:
    everything = steps(checkout)
    with pytest.raises(ValueError, match="tools come before"):
        script.make((everything[1], everything[3]), toolbox="tools", sources=False)


def test_no_path_of_the_host_is_in_it(checkout: Path) -> None:
    text = script.make(steps(checkout), toolbox="tools", sources=True)
    assert str(checkout) not in text.seed + text.kaem
