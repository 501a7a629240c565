# SPDX-License-Identifier: GPL-3.0-or-later
"""Sources from good mirrors and bad ones; test_fetch.py has the single download."""

from __future__ import annotations

import errno
import hashlib
import multiprocessing
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from lib import fetch, sources
from lib.errors import UserError
from lib.monitor import Silent
from lib.sources import Catalogue, Fetcher, Origin
from tests.unit import servers
from tests.unit.conftest import names_in

CONTENT = bytes(range(256)) * 3000
DIGEST = hashlib.sha256(CONTENT).hexdigest()
QUICK = fetch.Patience(timeout=0.5, tries=3, pause=0.01)
CATALOGUE = Catalogue({"f.tar": DIGEST}, {"f.tar": Origin("f/f.tar", ())})


def fetcher(folder: Path, mirrors: list[str], catalogue: Catalogue = CATALOGUE) -> Fetcher:
    return Fetcher(catalogue, folder, Silent(), mirrors, debian_mirrors=[], patience=QUICK)


def notes(fetching: Fetcher) -> str:
    assert isinstance(fetching.monitor, Silent)
    return "\n".join(fetching.monitor.notes)


@pytest.mark.parametrize(
    ("mirror", "reason"),
    [
        (servers.not_found, "answered 404"),
        (servers.web_page, "sent a web page instead of the file"),
        (servers.disguised_page, "sent a web page instead of the file"),
        (servers.hanging, "sent nothing for 0.5 s"),
        (servers.hanging_later, "sent nothing for 0.5 s"),
        (servers.truncating, "broke off after"),
        (servers.flipping, f"wrong digest, not kept: expected {DIGEST}, got "),
        (servers.failing, "answered 503"),
        (servers.nonsense, "broke the connection"),
    ],
)
def test_a_bad_mirror_gets_one_line_and_the_next_is_asked(
    tmp_path: Path, mirror: Callable[[servers.Handler], None], reason: str
) -> None:
    with servers.serving(mirror, CONTENT) as (bad, _), servers.serving(servers.good, CONTENT) as (good, _):
        fetching = fetcher(tmp_path, [bad, good])
        paths = fetching.fetch(["f.tar"])
    assert paths["f.tar"].read_bytes() == CONTENT
    line = notes(fetching).splitlines()[0]
    assert line.startswith(f"f.tar: {bad}/")
    assert reason in line
    assert f"fetched from {good}/pool/main/f/f.tar" in notes(fetching)
    assert names_in(tmp_path) == [".lock", "f.tar"]


@pytest.mark.parametrize("mirror", [servers.not_found, servers.web_page, servers.flipping, servers.hanging])
def test_with_bad_mirrors_only_nothing_is_kept_and_all_are_named(
    tmp_path: Path, mirror: Callable[[servers.Handler], None]
) -> None:
    with (
        servers.serving(mirror, CONTENT) as (bad, _),
        pytest.raises(UserError, match=r"^f\.tar: no mirror gave it") as caught,
    ):
        fetcher(tmp_path, [bad]).fetch(["f.tar"])
    assert f"  {bad}/pool/main/f/f.tar: " in caught.value.message
    assert "--mirror" in caught.value.hint
    assert names_in(tmp_path) == [".lock"]


def test_a_mirror_may_hold_the_files_side_by_side(tmp_path: Path) -> None:
    def flat(request: servers.Handler) -> None:
        (servers.good if request.path == "/f.tar" else servers.not_found)(request)

    with servers.serving(flat, CONTENT) as (url, seen):
        fetcher(tmp_path, [url]).fetch(["f.tar"])
    assert [path for path, _ in seen] == ["/pool/main/f/f.tar", "/f.tar"]


@pytest.mark.parametrize("below", ["f.tar", "pool/main/f/f.tar"])
def test_a_mirror_may_be_a_folder(tmp_path: Path, below: str) -> None:
    file = tmp_path / "mirror" / below
    file.parent.mkdir(parents=True)
    file.write_bytes(CONTENT)
    for number, mirror in enumerate([str(tmp_path / "mirror"), f"file://{tmp_path}/mirror"]):
        paths = fetcher(tmp_path / str(number), [mirror]).fetch(["f.tar"])
        assert paths["f.tar"].read_bytes() == CONTENT
    assert file.read_bytes() == CONTENT


def test_a_mirror_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such folder"):
        fetcher(tmp_path, [str(tmp_path / "none")]).fetch(["f.tar"])


def test_without_a_network_the_reason_is_said(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(UserError, match="cannot be reached: Connection refused"):
        fetcher(tmp_path, [f"http://127.0.0.1:{port}"]).fetch(["f.tar"])


def test_without_any_mirror(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no mirror to ask"):
        fetcher(tmp_path, []).fetch(["f.tar"])


def test_what_is_there_and_right_is_not_fetched(tmp_path: Path) -> None:
    (tmp_path / "f.tar").write_bytes(CONTENT)
    with servers.serving(servers.good, CONTENT) as (url, seen):
        fetcher(tmp_path, [url]).fetch(["f.tar"])
    assert seen == []


def test_what_is_there_and_wrong_is_fetched_again_with_a_line(tmp_path: Path) -> None:
    (tmp_path / "f.tar").write_bytes(CONTENT[:-1])
    with servers.serving(servers.good, CONTENT) as (url, _):
        fetching = fetcher(tmp_path, [url])
        fetching.fetch(["f.tar"])
    assert "wrong digest" in notes(fetching)
    assert (tmp_path / "f.tar").read_bytes() == CONTENT


def test_a_broken_download_of_an_earlier_run_goes_on(tmp_path: Path) -> None:
    (tmp_path / "f.tar.part").write_bytes(CONTENT[:1000])
    with servers.serving(servers.good, CONTENT) as (url, seen):
        fetcher(tmp_path, [url]).fetch(["f.tar"])
    assert [wanted for _, wanted in seen] == ["bytes=1000-"]
    assert (tmp_path / "f.tar").read_bytes() == CONTENT


def test_a_spoilt_beginning_does_not_condemn_a_good_mirror(tmp_path: Path) -> None:
    (tmp_path / "f.tar.part").write_bytes(b"x" * 1000)
    with servers.serving(servers.good, CONTENT) as (url, seen):
        fetcher(tmp_path, [url]).fetch(["f.tar"])
    assert [wanted for _, wanted in seen] == ["bytes=1000-", None]


def test_several_files_come_in_parallel(tmp_path: Path) -> None:
    names = [f"{number}.tar" for number in range(6)]
    catalogue = Catalogue(dict.fromkeys(names, DIGEST), {name: Origin(None, ()) for name in names})
    with servers.serving(servers.good, CONTENT) as (url, _):
        paths = fetcher(tmp_path, [url], catalogue).fetch(names)
    assert {path.read_bytes() for path in paths.values()} == {CONTENT}


def test_no_space_left_is_said_and_no_other_mirror_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(fetch, "_receive", full)
    with (
        servers.serving(servers.good, CONTENT) as (url, seen),
        pytest.raises(UserError, match="no space left in"),
    ):
        fetcher(tmp_path, [url, url]).fetch(["f.tar"])
    assert len(seen) == 1


def test_a_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot make the folder"):
        fetcher(tmp_path / "file", []).fetch(["f.tar"])


def _fetch_in_child(folder: Path, url: str) -> None:
    fetcher(folder, [url]).fetch(["f.tar"])


def test_two_runs_at_once_fetch_a_file_once(tmp_path: Path) -> None:
    with servers.serving(servers.good, CONTENT) as (url, seen):
        context = multiprocessing.get_context("fork")
        runs = [context.Process(target=_fetch_in_child, args=(tmp_path, url)) for _ in range(3)]
        for run in runs:
            run.start()
        for run in runs:
            run.join()
    assert [run.exitcode for run in runs] == [0, 0, 0]
    assert len(seen) == 1


def test_the_order_of_places() -> None:
    origin = Origin("f/f+1.tar", ("http://up/f.tar",))
    assert sources.places("f.tar", origin, ["http://mine/", "/dir"], ["http://debian"]) == [
        "http://mine/pool/main/f/f%2B1.tar",
        "http://mine/f.tar",
        Path("/dir/f.tar"),
        Path("/dir/pool/main/f/f+1.tar"),
        "http://debian/pool/main/f/f%2B1.tar",
        "http://up/f.tar",
    ]


def test_apt_tells_its_mirrors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "apt-get"
    program.write_text("#!/bin/sh\necho http://a/debian; echo cdrom:x; echo file:/b; echo http://a/debian\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert sources.apt_mirrors() == ["http://a/debian", "file:/b"]
    monkeypatch.setenv("PATH", str(tmp_path / "none"))
    assert sources.apt_mirrors() == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("two.tar: x\n", r"^sources\.yaml:1: expected fields"),
        ("two.tar:\n  debain: x\n", r"^sources\.yaml:2: unknown field 'debain'"),
        ("three.tar:\n  debian: x\n", r"^sources\.yaml:1: 'three\.tar' is not in SHA256SUMS\.sources"),
        ("{}\n", r"^SHA256SUMS\.sources: 'two\.tar' is not in sources\.yaml"),
    ],
)
def test_mistakes_in_the_lists_are_named(checkout: Path, text: str, expected: str) -> None:
    (checkout / "sources.yaml").write_text(text)
    with pytest.raises(UserError, match=expected):
        sources.load(checkout)
