# SPDX-License-Identifier: GPL-3.0-or-later
"""The distfiles: where each can be had, fetched in parallel, and kept only if the digest is the pinned one.

SHA256SUMS.sources is the authority; sources.yaml only says where to look.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import subprocess
import threading
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from lib import digest, fetch, yamlfile
from lib.errors import UserError
from lib.monitor import Monitor


@dataclass(frozen=True)
class Origin:
    """Where a file can be had."""

    debian: str | None
    """Path below pool/main/ of a Debian mirror."""
    upstream: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """Every file that is ever downloaded: its digest and its origin."""

    digests: Mapping[str, str]
    origins: Mapping[str, Origin]


def load(base: Path) -> Catalogue:
    """Read SHA256SUMS.sources and sources.yaml, and check that they speak of the same files."""
    digests = digest.read_list(base / "SHA256SUMS.sources")
    table = yamlfile.load(base / "sources.yaml", "sources.yaml")
    origins: dict[str, Origin] = {}
    for name, entry in table.tables():
        entry.only({"debian", "upstream"})
        if name not in digests:
            raise table.error(
                f"'{name}' is not in SHA256SUMS.sources", table.line_of(name), "add its digest there"
            )
        origins[name] = Origin(
            entry.text("debian") if entry.has("debian") else None,
            tuple(text for text, _ in entry.texts("upstream", optional=True)),
        )
    for name in digests:
        if name not in origins:
            raise UserError(
                f"SHA256SUMS.sources: '{name}' is not in sources.yaml", "say there where it can be had"
            )
    return Catalogue(digests, origins)


def apt_mirrors() -> list[str]:
    """The Debian mirrors that this machine's apt uses; none where there is no apt."""
    try:
        answer = subprocess.run(
            ["apt-get", "indextargets", "--format", "$(SITE)"],
            capture_output=True, text=True, check=False, timeout=30,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return []
    schemes = ("http://", "https://", "file:")
    return list(dict.fromkeys(line for line in answer.stdout.split() if line.startswith(schemes)))


def places(
    name: str, origin: Origin, mirrors: Sequence[str], debian_mirrors: Sequence[str]
) -> list[str | Path]:
    """Addresses and local paths to try for a file, in order.

    A mirror of the user's may be laid out like Debian's or hold the files side by side.
    """
    found: list[str | Path] = []
    pool = f"pool/main/{origin.debian}" if origin.debian else None
    for mirror in mirrors:
        below = [pool, name] if pool else [name]
        if "://" in mirror or mirror.startswith("file:"):
            found += [_join(mirror, path) for path in below]
        else:
            found += [Path(mirror) / path for path in reversed(below)]
    if pool:
        found += [_join(mirror, pool) for mirror in debian_mirrors]
    return [*found, *origin.upstream]


def _join(mirror: str, path: str) -> str | Path:
    """A path below a mirror's address; a local one for file: addresses."""
    if mirror.startswith("file:"):
        return Path(urllib.parse.unquote(urllib.parse.urlsplit(mirror).path)) / path
    return f"{mirror.rstrip('/')}/{urllib.parse.quote(path)}"


@dataclass
class Fetcher:
    """Fills a folder with verified distfiles."""

    catalogue: Catalogue
    folder: Path
    monitor: Monitor
    mirrors: Sequence[str] = ()
    """The user's: addresses or folders, tried first."""
    debian_mirrors: Sequence[str] | None = None
    """None: those of this machine's apt."""
    patience: fetch.Patience = field(default_factory=fetch.Patience)
    parallel: int = 4
    _cancel: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fetch(self, names: Sequence[str]) -> dict[str, Path]:
        """The path of each file, all of them verified; downloads those that are not there."""
        for mirror in self.mirrors:
            if "://" not in mirror and not mirror.startswith("file:") and not Path(mirror).is_dir():
                raise UserError(
                    f"--mirror {mirror}: no such folder", "give a folder or an address like http://..."
                )
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(
                f"cannot make the folder for sources {self.folder}: {error.strerror}",
                "give another: --distfiles DIR",
            ) from None
        missing = [name for name in names if not self._is_there(name)]
        if missing:
            with self._alone():
                self._download([name for name in missing if not self._is_there(name)])
        return {name: self.folder / name for name in names}

    def _is_there(self, name: str) -> bool:
        path = self.folder / name
        if not path.exists():
            return False
        actual = digest.of_file(path)
        if actual == self.catalogue.digests[name]:
            return True
        self.monitor.note(
            f"{path}: wrong digest, fetching it again"
            f" (expected {self.catalogue.digests[name]}, found {actual})"
        )
        path.unlink()
        return False

    def _download(self, names: Sequence[str]) -> None:
        if self.debian_mirrors is None:
            self.debian_mirrors = apt_mirrors()
        self.monitor.plan(0, "B")
        self.monitor.start("sources")
        pool = ThreadPoolExecutor(self.parallel, thread_name_prefix="fetch")
        try:
            failures = [text for text in pool.map(self._one_or_reason, names) if text]
        except BaseException:
            self._cancel.set()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
            self.monitor.close()
        if failures:
            raise UserError(
                "\n".join(failures),
                "check the network, or name a mirror or a folder that has the file: --mirror URL|DIR",
            )

    def _one_or_reason(self, name: str) -> str | None:
        """Why a file could not be had; None when it is there."""
        try:
            return self._one(name)
        except fetch.Cancelled:
            return f"{name}: stopped"
        except OSError as error:
            self._cancel.set()  # the local disk's fault: no other file will fare better
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                return f"{name}: no space left in {self.folder}; what came is kept, to go on from there"
            return f"{name}: cannot write in {self.folder}: {error.strerror}"

    def _one(self, name: str) -> str | None:
        reasons: list[str] = []
        part = self.folder / f"{name}.part"
        candidates = places(name, self.catalogue.origins[name], self.mirrors, self.debian_mirrors or ())
        lost: set[str] = set()  # servers that don't work: no use asking them for the file's other place
        for place in candidates:
            server = urllib.parse.urlsplit(place).netloc if isinstance(place, str) else ""
            if server and server in lost:
                continue
            try:
                self._from(place, name, part)
            except fetch.FetchError as error:
                if error.retry:
                    lost.add(server)
                reasons.append(f"  {place}: {error.reason}")
                self._say(f"{name}: {place}: {error.reason}")
            else:
                self._say(f"{name}: fetched from {place}")
                return None
        if not candidates:
            return f"{name}: no mirror to ask: this machine has no apt, and no --mirror was given"
        return "\n".join([f"{name}: no mirror gave it", *reasons])

    def _from(self, place: str | Path, name: str, part: Path) -> None:
        """Fetch from one place and verify; a wrong file that began elsewhere is fetched again as a whole."""
        for _ in range(2):
            if isinstance(place, Path):
                fetch.copy(place, part, self._advance)
                resumed = False
            else:
                resumed = fetch.fetch(place, part, self.patience, self._advance, self._cancel)
            actual = digest.of_file(part)
            expected = self.catalogue.digests[name]
            if actual == expected:
                part.replace(self.folder / name)
                return
            page = part.open("rb").read(512).lstrip().lower().startswith((b"<!doctype html", b"<html"))
            part.unlink()
            if not resumed:
                break
        if page:
            raise fetch.FetchError("sent a web page instead of the file", retry=False)
        raise fetch.FetchError(f"wrong digest, not kept: expected {expected}, got {actual}", retry=False)

    def _say(self, text: str) -> None:
        with self._lock:
            self.monitor.note(text)

    def _advance(self, amount: int) -> None:
        with self._lock:
            self.monitor.advance(amount)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep two runs from writing one file at once: the second waits, then finds the files there."""
        with (self.folder / ".lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self.monitor.note(f"waiting for another seedroot that downloads to {self.folder}")
                fcntl.flock(file, fcntl.LOCK_EX)
            yield
