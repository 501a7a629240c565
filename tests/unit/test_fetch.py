# SPDX-License-Identifier: GPL-3.0-or-later
"""One download; test_sources.py has the choice among mirrors and the verification."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from lib import fetch
from lib.fetch import FetchError, Patience
from tests.unit import servers

CONTENT = bytes(range(256)) * 3000
QUICK = Patience(timeout=0.5, tries=3, pause=0.01)


def bring(address: str, part: Path, patience: Patience = QUICK) -> tuple[bool, int]:
    """Whether it was resumed, and the sum of what advance() heard."""
    heard = [0]
    resumed = fetch.fetch(address, part, patience, heard.append, threading.Event())
    return resumed, sum(heard)


def test_a_file_comes_whole(tmp_path: Path) -> None:
    with servers.serving(servers.good, CONTENT) as (url, _):
        assert bring(f"{url}/f", tmp_path / "p") == (False, len(CONTENT))
    assert (tmp_path / "p").read_bytes() == CONTENT


def test_a_broken_one_goes_on_where_it_broke(tmp_path: Path) -> None:
    with servers.serving(servers.truncating, CONTENT) as (url, seen):
        assert bring(f"{url}/f", tmp_path / "p", Patience(0.5, 100, 0)) == (True, len(CONTENT))
    assert (tmp_path / "p").read_bytes() == CONTENT
    assert seen[1][1] == f"bytes={len(CONTENT) // 3 + 1}-"


def test_a_server_without_ranges_begins_anew(tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(b"old bytes")
    with servers.serving(servers.without_range, CONTENT) as (url, _):
        assert bring(f"{url}/f", tmp_path / "p") == (False, len(CONTENT) - 9)
    assert (tmp_path / "p").read_bytes() == CONTENT


def test_a_part_longer_than_the_file_is_thrown_away(tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(CONTENT * 2)
    with servers.serving(servers.good, CONTENT) as (url, _):
        bring(f"{url}/f", tmp_path / "p")
    assert (tmp_path / "p").read_bytes() == CONTENT


def test_a_wrong_range_is_not_appended(tmp_path: Path) -> None:
    def from_elsewhere(request: servers.Handler) -> None:
        if request.offset():
            request.headers.replace_header("Range", "bytes=7-")
        servers.good(request)

    (tmp_path / "p").write_bytes(CONTENT[:1000])
    with servers.serving(from_elsewhere, CONTENT) as (url, _):
        bring(f"{url}/f", tmp_path / "p")
    assert (tmp_path / "p").read_bytes() == CONTENT


def test_what_may_pass_is_tried_again_and_what_will_not_is_not(tmp_path: Path) -> None:
    for mirror, tries in ((servers.failing, 3), (servers.not_found, 1), (servers.web_page, 1)):
        with servers.serving(mirror, CONTENT) as (url, seen), pytest.raises(FetchError):
            bring(f"{url}/f", tmp_path / "p")
        assert len(seen) == tries


def test_a_server_that_recovers_is_forgiven(tmp_path: Path) -> None:
    answers = iter([servers.failing, servers.nonsense, servers.good])

    def recover(request: servers.Handler) -> None:
        next(answers)(request)

    with servers.serving(recover, CONTENT) as (url, _):
        bring(f"{url}/f", tmp_path / "p")
    assert (tmp_path / "p").read_bytes() == CONTENT


def test_a_dripping_server_is_given_up(tmp_path: Path) -> None:
    def drip(request: servers.Handler) -> None:
        request.start(200, len(CONTENT))
        try:
            for _ in range(100):
                request.wfile.write(b"x")
                request.wfile.flush()
                threading.Event().wait(0.02)
        except OSError:
            pass

    with servers.serving(drip, CONTENT) as (url, _), pytest.raises(FetchError, match="less than 1 KiB/s"):
        bring(f"{url}/f", tmp_path / "p", Patience(0.2, 1, 0))


def test_it_can_be_stopped(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    with servers.serving(servers.good, CONTENT) as (url, _), pytest.raises(fetch.Cancelled):
        fetch.fetch(f"{url}/f", tmp_path / "p", QUICK, lambda _amount: None, stop)


@pytest.mark.parametrize("address", ["nonsense", "http://[", "ftp2://x/y", "http://127.0.0.1:notaport/"])
def test_what_is_no_address_is_said(tmp_path: Path, address: str) -> None:
    with pytest.raises(FetchError):
        bring(address, tmp_path / "p", Patience(0.5, 1, 0))


def test_a_local_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="No such file"):
        fetch.copy(tmp_path / "none", tmp_path / "p", lambda _amount: None)
