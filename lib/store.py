# SPDX-License-Identifier: GPL-3.0-or-later
"""Built packages, kept under the identity of the step that they came from.

    FOLDER/NAME/IDENTITY.tar       the package
    FOLDER/NAME/IDENTITY.sha256    its digest, for `sha256sum -c`
    FOLDER/NAME/IDENTITY.json      what it took to build it

Entries appear whole or not at all, and are verified whenever they are used.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lib import digest
from lib.errors import UserError
from lib.monitor import Monitor


@dataclass(frozen=True)
class Package:
    """A verified entry."""

    path: Path
    digest: str
    identity: str
    cost: Mapping[str, float]
    """What it took to build it (report.COSTS), as far as that is known."""


@dataclass(frozen=True)
class Store:
    """The packages below one folder."""

    folder: Path
    monitor: Monitor

    def get(self, name: str, identity: str) -> Package | None:
        """The package of a step; a spoilt entry is taken out, with a line that says so."""
        tar = self._tar(name, identity)
        try:
            expected = digest.parse_list(tar.with_suffix(".sha256").read_text(), str(tar))[tar.name]
            actual = digest.of_file(tar)
        except FileNotFoundError:
            return None
        except (OSError, KeyError, ValueError, UserError):
            expected, actual = "?", "unreadable"
        if actual == expected:
            return Package(tar, actual, identity, _cost(tar.with_suffix(".json")))
        self.monitor.note(f"{name}: its package in the store is spoilt ({tar}); it is built again")
        with contextlib.suppress(OSError):
            tar.with_suffix(".sha256").unlink(missing_ok=True)
            tar.unlink(missing_ok=True)
        return None

    def put(
        self, name: str, identity: str, package: Path, cost: Mapping[str, float] | None = None
    ) -> Package:
        """Keep a package. The digest is written first: a tar without one is no entry."""
        tar = self._tar(name, identity)
        try:
            tar.parent.mkdir(parents=True, exist_ok=True)
            with _temporary(tar.parent) as copy:
                shutil.copyfile(package, copy)
                value = digest.of_file(copy)
                with _temporary(tar.parent) as note:
                    note.write_text(digest.format_list({tar.name: value}))
                    note.replace(tar.with_suffix(".sha256"))
                with _temporary(tar.parent) as note:
                    note.write_text(json.dumps(dict(cost or {})) + "\n")
                    note.replace(tar.with_suffix(".json"))
                copy.replace(tar)
        except PermissionError as error:
            raise UserError(
                f"cannot keep the package of {name} in {tar.parent}: {error.strerror}",
                "set XDG_CACHE_HOME to a folder of yours, or use --no-store",
            ) from None
        return Package(tar, value, identity, cost or {})

    def others(self, name: str) -> list[Path]:
        """All packages of a name, newest first: for comparing."""
        found = list((self.folder / name).glob("*.tar"))
        return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)

    def _tar(self, name: str, identity: str) -> Path:
        return self.folder / name / f"{identity}.tar"


def _cost(path: Path) -> dict[str, float]:
    """What a build took; nothing where it was not recorded."""
    with contextlib.suppress(OSError, ValueError):
        content = json.loads(path.read_text())
        if isinstance(content, dict):
            return {str(key): value for key, value in content.items() if isinstance(value, int | float)}
    return {}


@contextlib.contextmanager
def _temporary(folder: Path) -> Iterator[Path]:
    """A new file that its user renames when it is whole, and that is gone if that never comes."""
    handle, name = tempfile.mkstemp(prefix=".new-", dir=folder)
    os.close(handle)
    path = Path(name)
    try:
        path.chmod(0o644)
        yield path
    finally:
        path.unlink(missing_ok=True)
