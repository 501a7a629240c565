# SPDX-License-Identifier: GPL-3.0-or-later
"""What a chroot and a virtual machine have in common: they run a root and pass on what it prints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lib.meter import Usage

OnLine = Callable[[str], bool]
"""Gets each console line, without its line end, as soon as it is complete (an unfinished last one when
the guest ends). Bytes that are not UTF-8 arrive as backslash escapes (`decode(errors="backslashreplace")`).
Returns True when the guest has said its last word (`#: end` or `#: fail`): the vessel then stops it."""


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    ended   on_line returned True, and the vessel stopped the guest (or gave the user its prompt, and
            the user left it). Whether the chain succeeded is for the console to say, not the vessel.
    reason  one line for the user when it did not: "the kernel panicked: ...", "nothing was printed for
            60 s", "/init ended with exit status 1".
    """

    ended: bool
    reason: str = ""


class Vessel(Protocol):
    """Runs /init of a root directory with / as its working directory.

    A vessel leaves nothing behind when run() returns or raises: no process, mount or temporary file.
    What the user can mend (no qemu, no user namespaces, a kernel file that is none) is a UserError.
    """

    @property
    def name(self) -> str:
        """For messages and the report: "chroot", "qemu"."""

    @property
    def keeps_packages(self) -> bool:
        """Whether what the guest wrote is in `root` afterwards (so that the store can keep it)."""

    @property
    def prompts_in_guest(self) -> bool:
        """Whether the prompt of an interactive run is given by the guest that built the last step."""

    @property
    def changes_kernel(self) -> bool:
        """Whether the way to a later system leads through kexec and onto a disk (`attach`)."""

    def attach(self, disk: Path | None) -> None:
        """The image of the disk that the guest is to have from now on; None for no disk."""

    def facts(self) -> dict[str, str]:
        """For the report: the kernel's file and digest, the accelerator. Asked after run()."""

    def usage(self) -> Usage | None:
        """What the guest has used since this was asked last, during run(); None where nobody can tell."""

    def strays(self) -> list[str]:
        """Programs that a step has left running; asked during run(), when a package has come."""

    def run(self, root: Path, on_line: OnLine, interactive: bool = False) -> Outcome:
        """Run until on_line returns True, the guest ends, or it is lost.

        interactive: after on_line returned True the user's terminal is connected to a prompt in the
        grown root (the guest script goes on with `/bin/kaem -i` after `#: end`).
        """
