# SPDX-License-Identifier: GPL-3.0-or-later
"""Mirrors on this machine, good ones and bad ones."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    """One request; a mirror is a function that answers it."""

    protocol_version = "HTTP/1.1"
    content: bytes
    answer: Callable[[Handler], None]
    seen: list[tuple[str, str | None]]

    def do_GET(self) -> None:
        self.seen.append((self.path, self.headers.get("Range")))
        type(self).answer(self)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    def offset(self) -> int:
        """Where the client wants to go on."""
        wanted = self.headers.get("Range")
        return int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0

    def start(self, status: int, length: int, kind: str = "application/octet-stream") -> None:
        """Status line and headers."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        self.send_header("Connection", "close")
        if status == 206:
            total = len(self.content)
            self.send_header("Content-Range", f"bytes {self.offset()}-{total - 1}/{total}")
        self.end_headers()
        self.close_connection = True


def good(request: Handler) -> None:
    """Gives the file, from the middle if asked."""
    offset = request.offset()
    if offset >= len(request.content):
        request.start(416, 0)
        return
    request.start(206 if offset else 200, len(request.content) - offset)
    request.wfile.write(request.content[offset:])


def without_range(request: Handler) -> None:
    """Always gives the whole file."""
    request.start(200, len(request.content))
    request.wfile.write(request.content)


def not_found(request: Handler) -> None:
    """404 with a page."""
    request.start(404, 4, "text/html")
    request.wfile.write(b"gone")


def web_page(request: Handler) -> None:
    """A portal's page instead of the file."""
    request.start(200, 20, "text/html; charset=utf-8")
    request.wfile.write(b"<html>log in</html>\n")


def disguised_page(request: Handler) -> None:
    """The same, called a file."""
    request.start(200, 20)
    request.wfile.write(b"<HTML>log in</HTML>\n")


def hanging(request: Handler) -> None:
    """Says nothing."""
    time.sleep(1)


def hanging_later(request: Handler) -> None:
    """Gives half of the file, then nothing."""
    request.start(200, len(request.content))
    request.wfile.write(request.content[: len(request.content) // 2])
    request.wfile.flush()
    time.sleep(1)


def truncating(request: Handler) -> None:
    """Announces everything, gives a third of what is left, and hangs up."""
    left = request.content[request.offset() :]
    request.start(206 if request.offset() else 200, len(left))
    request.wfile.write(left[: len(left) // 3 + 1])


def flipping(request: Handler) -> None:
    """One bit is wrong."""
    request.start(200, len(request.content))
    request.wfile.write(request.content[:-1] + bytes([request.content[-1] ^ 1]))


def failing(request: Handler) -> None:
    """Is out of order."""
    request.start(503, 0)


def nonsense(request: Handler) -> None:
    """Does not speak HTTP."""
    request.wfile.write(b"\x00\x01\x02 hello\r\n\r\n")
    request.close_connection = True


@contextlib.contextmanager
def serving(
    answer: Callable[[Handler], None], content: bytes
) -> Iterator[tuple[str, list[tuple[str, str | None]]]]:
    """A mirror while the block runs: its address and the (path, range) of the requests that came."""
    seen: list[tuple[str, str | None]] = []
    kind = type("Mirror", (Handler,), {"content": content, "answer": staticmethod(answer), "seen": seen})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
