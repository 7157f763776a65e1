"""``cnndsl fmt`` as a user calls it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cnndsl.cli.main import main

UGLY = "network A{\n input 1x8x8\n}\n"
NEAT = "network A {\n    input 1x8x8\n}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ugly.cnn").write_bytes(UGLY.encode())
    (tmp_path / "neat.cnn").write_bytes(NEAT.encode())
    (tmp_path / "wrong.cnn").write_bytes(b"network A {")
    return tmp_path


def test_only_what_changes_is_written(folder: Path, capsys: pytest.CaptureFixture[str]):
    os.utime("neat.cnn", ns=(1, 1))
    assert main(["fmt", "ugly.cnn", "neat.cnn"]) == 0
    assert capsys.readouterr().out == "formatted ugly.cnn\n"
    assert (folder / "ugly.cnn").read_bytes() == NEAT.encode()
    assert (folder / "neat.cnn").stat().st_mtime_ns == 1


@pytest.mark.skipif(os.name == "nt", reason="no such permissions there")
def test_permissions_stay(folder: Path):
    (folder / "ugly.cnn").chmod(0o640)
    assert main(["fmt", "ugly.cnn"]) == 0
    assert (folder / "ugly.cnn").stat().st_mode & 0o777 == 0o640


def test_check_names_what_would_change_and_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["fmt", "--check", "neat.cnn", "ugly.cnn"]) == 1
    assert capsys.readouterr().out == "ugly.cnn\n"
    assert (folder / "ugly.cnn").read_bytes() == UGLY.encode()
    assert main(["fmt", "--check", "neat.cnn"]) == 0


def test_diff_shows_what_would_change_and_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]):
    (folder / "ugly.cnn").write_bytes(UGLY[:-1].encode())
    assert main(["fmt", "--diff", "neat.cnn", "ugly.cnn"]) == 1
    assert capsys.readouterr().out == (
        "--- ugly.cnn\n+++ ugly.cnn\n@@ -1,3 +1,3 @@\n-network A{\n- input 1x8x8\n-}\n\\ No newline at end of file\n"
        "+network A {\n+    input 1x8x8\n+}\n"
    )
    assert (folder / "ugly.cnn").read_bytes() == UGLY[:-1].encode()
    assert main(["fmt", "--diff", "neat.cnn"]) == 0


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf" + NEAT.encode(), NEAT.replace("\n", "\r\n").encode()])
def test_a_byte_order_mark_and_carriage_returns_are_changes(folder: Path, before: bytes):
    (folder / "ugly.cnn").write_bytes(before)
    assert main(["fmt", "--check", "ugly.cnn"]) == 1
    assert main(["fmt", "ugly.cnn"]) == 0
    assert (folder / "ugly.cnn").read_bytes() == NEAT.encode()


def test_what_has_errors_stays_and_the_others_are_formatted(folder: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["fmt", "wrong.cnn", "missing.cnn", "ugly.cnn"]) == 1
    printed = capsys.readouterr()
    assert printed.out == "formatted ugly.cnn\n"
    assert [printed.err.count(code) for code in ("[E01", "[E0001]")] == [1, 1]
    assert (folder / "wrong.cnn").read_bytes() == b"network A {"


def test_standard_input_goes_to_standard_output(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
):
    for arguments, code, out in ([], 0, NEAT), (["--check"], 1, f"<stdin>{os.linesep}"):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(UGLY.encode())))
        assert main(["fmt", *arguments, "-"]) == code
        assert capfdbinary.readouterr().out.decode() == out


def test_check_and_diff_exclude_each_other(folder: Path):
    assert main(["fmt", "--check", "--diff", "neat.cnn"]) == 2


def test_it_starts_without_the_compiler(folder: Path):
    program = "import sys; from cnndsl.cli.main import main; main(['fmt', '--check', 'neat.cnn']); print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "torch", "lark", "cnndsl.elaborate", "cnndsl.ops", "cnndsl.api", "difflib"} & set(modules)
