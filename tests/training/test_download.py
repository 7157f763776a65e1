"""Downloading MNIST from a server on this machine: whole, resumed, cut off, and something else than what is published."""

from __future__ import annotations

import gzip
import os
import threading
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from cnndsl.cli.main import main
from cnndsl.training.data import download as module
from cnndsl.training.data.download import FILES, File, download
from cnndsl.training.data.idx import read_idx
from tests.training.small_networks import refused
from tests.training.test_idx import idx

DATA = Path(os.environ.get("CNNDSL_TEST_DATA", "nowhere")) / "mnist"


class Server(ThreadingHTTPServer):
    """Serves ``files`` by name; of each answer it sends at most ``most`` bytes, and it may know no ranges."""

    files: dict[str, bytes]
    most: int | None = None
    ranges = True
    asked: list[str]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        content = self.server.files.get(self.path.rpartition("/")[2])
        begin = self.headers.get("Range", "")
        self.server.asked.append(f"{self.path} {begin}".strip())
        if content is None:
            self.send_error(404)
            return
        start = int(begin.removeprefix("bytes=").removesuffix("-")) if begin and self.server.ranges else 0
        if start >= len(content):
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        self.wfile.write(content[start:][: self.server.most])

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server with four small files in place of the published ones, with their sums."""
    contents = [idx(np.arange(6, dtype=np.uint8).reshape(6, 1, 1) + place) for place in range(4)]
    with Server(("127.0.0.1", 0), Handler) as found:
        pairs = list(zip(FILES, contents, strict=True))
        found.files = {file.name: gzip.compress(content) for file, content in pairs}
        found.asked = []
        known = tuple(File(file.name, len(content), sha256(content).hexdigest()) for file, content in pairs)
        monkeypatch.setattr(module, "FILES", known)
        monkeypatch.setenv("no_proxy", "*")
        threading.Thread(target=found.serve_forever, daemon=True).start()
        yield found
        found.shutdown()


def address(server: Server) -> str:
    return f"http://127.0.0.1:{server.server_port}/mnist/"


def test_all_files_come_and_are_not_asked_for_again(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["download", "mnist", "--data-dir", str(tmp_path / "data"), "--from", address(server)]
    assert main(command) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'data'}\n"
    assert {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir()} == server.files
    assert len(server.asked) == 4
    assert main(command) == 0
    assert len(server.asked) == 4
    assert read_idx(str(tmp_path / "data" / FILES[0].name), None, "images").ravel().tolist() == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("ranges", [True, False])
def test_what_is_cut_off_is_gone_on_with(server: Server, tmp_path: Path, ranges: bool) -> None:
    server.most, server.ranges = 20, ranges
    with refused("E0411") as refusal:
        download(str(tmp_path), (address(server),))
    assert "20 of" in refusal.text
    part = tmp_path / f"{FILES[0].name}.part"
    assert part.read_bytes() == server.files[FILES[0].name][:20]
    server.most = None
    download(str(tmp_path), (address(server),))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == server.files
    assert server.asked[1].endswith("bytes=20-")


def test_another_content_is_refused_and_removed(server: Server, tmp_path: Path) -> None:
    server.files[FILES[1].name] = gzip.compress(b"something else")
    with refused("E0412") as refusal:
        download(str(tmp_path), (address(server),))
    assert FILES[1].name in refusal.text
    assert [path.name for path in tmp_path.iterdir()] == [FILES[0].name]


def test_a_part_of_something_else_is_not_kept(server: Server, tmp_path: Path) -> None:
    """What was begun is not what the server goes on with: the first try removes it, the next one brings the file."""
    (tmp_path / f"{FILES[0].name}.part").write_bytes(b"x" * 10)
    with refused("E0412"):
        download(str(tmp_path), (address(server),))
    download(str(tmp_path), (address(server),))
    assert (tmp_path / FILES[0].name).read_bytes() == server.files[FILES[0].name]


def test_a_whole_part_is_put_in_its_place(server: Server, tmp_path: Path) -> None:
    (tmp_path / f"{FILES[0].name}.part").write_bytes(server.files[FILES[0].name])
    download(str(tmp_path), (address(server),))
    assert (tmp_path / FILES[0].name).read_bytes() == server.files[FILES[0].name]


def test_a_bomb_is_not_unpacked(server: Server, tmp_path: Path) -> None:
    server.files[FILES[0].name] = gzip.compress(bytes(10**7))
    with refused("E0411") as refusal:
        download(str(tmp_path), (address(server),))
    assert "more than the file has" in refusal.text


def test_a_second_place_is_asked_where_the_first_fails(server: Server, tmp_path: Path) -> None:
    download(str(tmp_path), ("http://127.0.0.1:1/", address(server)))
    assert len(list(tmp_path.iterdir())) == 4


def test_no_server_and_no_file(server: Server, tmp_path: Path) -> None:
    server.files.clear()
    with refused("E0411") as refusal:
        download(str(tmp_path), (address(server),))
    assert "404" in refusal.text
    with refused("E0411"):
        download(str(tmp_path), ("http://127.0.0.1:1/",))


@pytest.mark.parametrize("url", ["file:///etc", "mnist", "ftp://127.0.0.1/", "https://"])
def test_other_addresses_are_refused(url: str, tmp_path: Path) -> None:
    with refused("E0001"):
        download(str(tmp_path / "new"), (url,))
    assert not (tmp_path / "new").exists()


def test_a_folder_that_cannot_be_made(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with refused("E0003"):
        download(str(tmp_path / "file" / "data"), (address(server),))


@pytest.mark.skipif(not DATA.is_dir(), reason="needs the files of MNIST: set CNNDSL_TEST_DATA")
def test_the_sums_are_those_of_the_published_files() -> None:
    assert all(module._is_right(str(DATA / file.name), file) for file in FILES)
    assert not module._is_right(str(DATA / FILES[0].name), FILES[2])
