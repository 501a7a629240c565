# SPDX-License-Identifier: GPL-3.0-or-later
"""The guest script: from the steps to two plain texts.

/seed.kaem is for the seed's runner, which knows no variables and starts programs by their whole path. Its
last line starts kaem with /sysa.kaem, or in later systems /sysc.kaem. Both echo comments that begin with the
protocol's prefix, so that a protocol line is simply a comment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lib.console import PREFIX
from lib.manifest import Step

ENVIRONMENT = {"PATH": "/bin:/usr/bin"}
"""All that recipes find in theirs."""
ENVIRONMENT_LATER = {"PATH": "/usr/bin:/usr/sbin:/bin:/sbin"}
"""The same in later systems, where what they build takes the place of what they began with."""
_INTERPRETERS = {"kaem": "/bin/kaem", "sh": "/bin/sh -x"}
"""A shell says each command before it is executed, as kaem does of itself for the one that fails."""


@dataclass(frozen=True)
class Script:
    """The texts of /seed.kaem and /<system>.kaem. The second is empty when the seed alone runs the steps."""

    seed: str
    kaem: str
    system: str = "sysa"


def make(
    steps: Sequence[Step],
    *,
    toolbox: str,
    sources: bool,
    interactive: bool = False,
    system: str = "sysa",
    leave: bool = False,
) -> Script:
    """The script that builds these steps of a system in this order.

    toolbox      the last step of the seed, which installs kaem and pack. If the steps begin after it, it is
                 in place already; if they end before it, nothing is packed.
    sources      /distfiles is to be verified first
    interactive  end with a prompt
    leave        instead of an end, go over to the next system by kexec
    """
    by_seed = [step for step in steps if step.runner == "seed"]
    by_kaem = [step for step in steps if step.runner in _INTERPRETERS]
    complete = not by_seed or by_seed[-1].name == toolbox
    if by_kaem and not complete:
        raise ValueError("the tools come before the steps that need them")
    lines = ["# Run by the seed: one command a line."]
    for step in by_seed:
        lines += ["", f"{PREFIX}step {step.name}", *_commands(step)]
    if not complete:
        return Script(_text([*lines, "", f"{PREFIX}end"]), "", system)
    home = f"/destdir/{toolbox}/bin" if by_seed else "/bin"
    lines += ["", f"{home}/kaem /{system}.kaem"]
    environment = ENVIRONMENT if system == "sysa" else ENVIRONMENT_LATER
    return Script(
        _text(lines), _text(_kaem(by_seed, by_kaem, home, sources, interactive, environment, leave)), system
    )


def _kaem(
    by_seed: Sequence[Step],
    by_kaem: Sequence[Step],
    home: str,
    sources: bool,
    interactive: bool,
    environment: Mapping[str, str],
    leave: bool,
) -> list[str]:
    lines = ["# Run by kaem.", *(f"{name}={value}" for name, value in environment.items())]
    if by_seed:
        lines += ["", "# What the seed built becomes packages, and moves from /destdir/NAME to /."]
        lines += [f"{home}/pack {step.name}" for step in by_seed]
    if sources:
        lines += [
            "",
            "# The sources once more, by a program of the chain.",
            "cd /distfiles",
            "sha256sum -c SHA256SUMS",
        ]
    for step in by_kaem:
        lines += [
            "",
            f"{PREFIX}step {step.name}",
            f"mkdir /build/{step.name}",
            f"cd /build/{step.name}",
            f"{_INTERPRETERS[step.runner]} /{step.system}/{step.place}/{step.recipe.name}",
            "cd /",
            f"pack {step.name}",
            f"rm -r /build/{step.name}",
        ]
    if leave:
        return [*lines, "", "# To our own kernel, and sysb.", "sh /sysa/leave.sh"]
    lines += ["", f"{PREFIX}end"]
    if interactive:
        lines += ["cd /", "kaem -i"]
    return lines


def _commands(step: Step) -> list[str]:
    """The lines of a recipe for the seed, without its licence."""
    lines = step.recipe.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("# SPDX-")]


def _text(lines: Sequence[str]) -> str:
    return "\n".join(lines) + "\n"
