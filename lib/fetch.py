# SPDX-License-Identifier: GPL-3.0-or-later
"""One file over HTTP(S) or from a folder: goes on where it broke, and says in one line why it could not."""

from __future__ import annotations

import contextlib
import http.client
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_CHUNK = 1 << 16


class FetchError(Exception):
    """This address did not give the file; another may."""

    def __init__(self, reason: str, retry: bool, stale: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry = retry
        """Whether the same address may do better a little later."""
        self.stale = stale
        """Whether what came earlier is of no use to it."""


class Cancelled(Exception):  # noqa: N818 - nothing is wrong
    """The user stopped the download."""


@dataclass(frozen=True)
class Patience:
    """How long to wait (seconds), and how often to try."""

    timeout: float = 30.0
    """Without a byte."""
    tries: int = 4
    """At one address, for what may pass: hangs, broken connections, 5xx."""
    pause: float = 0.5
    """Before the second try; doubled before each further one."""


def fetch(
    address: str,
    part: Path,
    patience: Patience,
    advance: Callable[[int], None],
    cancel: threading.Event,
) -> bool:
    """Bring `part` to its full length, trying several times. True if bytes of an earlier try were kept.

    advance hears how many bytes came (fewer than none when they had to be thrown away).
    OSError of the local disk passes through.
    """
    resumed = False
    for attempt in range(patience.tries):
        if attempt and cancel.wait(patience.pause * 2 ** (attempt - 1)):
            break
        try:
            return _once(address, part, patience.timeout, advance, cancel) or resumed
        except FetchError as error:
            if error.stale and part.exists():
                advance(-part.stat().st_size)
                part.unlink()
            if not error.retry or attempt == patience.tries - 1:
                raise
            resumed = True
    raise Cancelled


def copy(source: Path, part: Path, advance: Callable[[int], None]) -> None:
    """The same from a file of this machine."""
    try:
        reader = source.open("rb")
    except OSError as error:
        raise FetchError(str(error.strerror), retry=False) from None
    with reader, part.open("wb") as out:
        while chunk := reader.read(_CHUNK):
            out.write(chunk)
            advance(len(chunk))


def _once(
    address: str, part: Path, timeout: float, advance: Callable[[int], None], cancel: threading.Event
) -> bool:
    have = part.stat().st_size if part.exists() else 0
    headers = {"User-Agent": "seedroot", "Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    with _network_errors(timeout):
        response = urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=timeout)
    with response:
        resumed = response.status == 206 and _starts_at(response, have)
        if response.status == 206 and not resumed:
            raise FetchError("sent another range than was asked for", retry=True, stale=True)
        if have and not resumed:
            advance(-have)
        if response.headers.get_content_type() == "text/html":
            raise FetchError("sent a web page instead of the file", retry=False)
        length = response.headers.get("Content-Length", "")
        expected = int(length) if length.isdigit() else None
        with part.open("ab" if resumed else "wb") as out:
            came = _receive(response, out, timeout, advance, cancel)
    if expected is not None and came < expected:
        raise FetchError(f"broke off after {came} of {expected} bytes", retry=True)
    return resumed


def _receive(
    response: http.client.HTTPResponse,
    out: IO[bytes],
    timeout: float,
    advance: Callable[[int], None],
    cancel: threading.Event,
) -> int:
    """Copy what comes; a server that drips so slowly that it might as well hang counts as one that hangs."""
    came = 0
    began = time.monotonic()
    while True:
        with _network_errors(timeout):
            chunk = response.read1(_CHUNK)
        if not chunk:
            return came
        out.write(chunk)
        came += len(chunk)
        advance(len(chunk))
        if cancel.is_set():
            raise Cancelled
        waited = time.monotonic() - began
        if waited > 2 * timeout and came / waited < 1024:
            raise FetchError(f"sends less than 1 KiB/s ({came} bytes in {waited:.0f} s)", retry=False)


def _starts_at(response: http.client.HTTPResponse, offset: int) -> bool:
    return str(response.headers.get("Content-Range", "")).startswith(f"bytes {offset}-")


@contextlib.contextmanager
def _network_errors(timeout: float) -> Iterator[None]:
    """Say what the network did in few words."""
    try:
        yield
    except urllib.error.HTTPError as error:
        with error:
            if error.code == 416:
                raise FetchError("has fewer bytes than came before", retry=True, stale=True) from None
            raise FetchError(f"answered {error.code} {error.reason}", retry=error.code >= 500) from None
    except TimeoutError:
        raise FetchError(f"sent nothing for {timeout:g} s", retry=True) from None
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise FetchError(f"sent nothing for {timeout:g} s", retry=True) from None
        certificate = isinstance(error.reason, ssl.SSLCertVerificationError)
        raise FetchError(f"cannot be reached: {_words(error.reason)}", retry=not certificate) from None
    except (http.client.HTTPException, OSError) as error:
        raise FetchError(f"broke the connection: {_words(error)}", retry=True) from None
    except ValueError as error:
        raise FetchError(f"is no address: {error}", retry=False) from None


def _words(error: object) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
