# SPDX-License-Identifier: GPL-3.0-or-later
"""SHA-256 of files, and lists of them in the format of `sha256sum -c`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from lib.errors import UserError

_LINE = re.compile(r"(?P<digest>[0-9a-f]{64}) [ *](?P<name>[^/\0]+)")


def of_bytes(data: bytes) -> str:
    """Digest of some bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def of_file(path: Path) -> str:
    """Digest of a file's content, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def parse_list(text: str, where: str) -> dict[str, str]:
    """Name -> digest. `where` is the list's path, for messages."""
    digests: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if not match:
            raise UserError(
                f"{where}:{number}: not a line of the form DIGEST  NAME",
                "64 hexadecimal digits, two blanks and a file name without folders, as sha256sum prints it",
            )
        if match["name"] in digests:
            raise UserError(f"{where}:{number}: {match['name']} is listed twice", "keep the right one")
        digests[match["name"]] = match["digest"]
    return digests


def format_list(digests: Mapping[str, str]) -> str:
    """The inverse of parse_list: one line each, in the order given."""
    return "".join(f"{digest}  {name}\n" for name, digest in digests.items())


def read_list(path: Path) -> dict[str, str]:
    """The list in a file; an absent file is an empty list."""
    try:
        return parse_list(path.read_text(encoding="utf-8"), path.name)
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise UserError(f"{path.name}: not text: {error}", "restore it with git checkout") from None
