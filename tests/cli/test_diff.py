"""``cnndsl diff``: what it compares, exit codes, JSON, revisions of git."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from cnndsl.cli.main import main

OLD = 'use unit from "blocks.cnn"\nnetwork Net {\n    input 1x8x8\n    c: unit 4\n    flatten\n    dense 10\n}\n'
BLOCKS = "block unit(n) {\n    conv n 3x3\n}\n"
PLAIN = "network Net {\n    input 1x8x8\n    flatten\n    dense 10\n}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    Path("old.cnn").write_text(PLAIN)
    Path("new.cnn").write_text(PLAIN.replace("dense 10", "dense 20"))
    return tmp_path


def test_equal_networks_are_0(capsys) -> None:
    assert main(["diff", "old.cnn", "old.cnn"]) == 0
    assert "the networks are equal: 2 layers" in capsys.readouterr().out


def test_networks_that_differ_are_1(capsys) -> None:
    assert main(["diff", "old.cnn", "new.cnn"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:4] for line in lines if line[:1] in "-+" and "dense" in line] == [
        ["-", "1", "dense", "10"],
        ["+", "1", "dense", "20"],
    ]
    assert "parameters  650 -> 1,300 (+650, +100.0 %)" in lines


def test_json_says_the_same(capsys) -> None:
    assert main(["diff", "old.cnn", "new.cnn", "--format", "json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert (data["kind"], data["equal"], data["before"]["parameters"]) == ("diff", False, 650)
    (change,) = data["changes"]
    assert (change["change"], change["after"]["text"]) == ("changed", "dense 20")


def test_a_wrong_spec_is_an_error(capsys) -> None:
    Path("new.cnn").write_text(PLAIN.replace("dense", "dens"))
    assert main(["diff", "old.cnn", "new.cnn"]) == 1
    assert "error[E0201]" in capsys.readouterr().err


def git(*words: str) -> None:
    author = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *author, *words], check=True, capture_output=True)


@pytest.fixture
def repository(folder: Path) -> Path:
    if shutil.which("git") is None:
        pytest.skip("no git on this machine")
    (folder / "sub").mkdir()
    (folder / "sub" / "net.cnn").write_text(OLD)
    (folder / "sub" / "blocks.cnn").write_text(BLOCKS)
    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    (folder / "sub" / "blocks.cnn").write_text(BLOCKS.replace("3x3", "5x5"))
    return folder


def test_a_revision_is_read_with_what_it_uses(repository: Path, capsys, monkeypatch) -> None:
    assert main(["diff", "HEAD:sub/net.cnn", "sub/net.cnn"]) == 1
    assert "conv 4 5x5" in capsys.readouterr().out
    monkeypatch.chdir(repository / "sub")
    assert main(["diff", "HEAD:net.cnn", "HEAD:./net.cnn"]) == 0
    assert main(["summary", "HEAD:net.cnn"]) == 0


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("HEAD:sub/no.cnn", "git has no file `no.cnn` in this folder at `HEAD`"),
        ("HEAD~7:sub/net.cnn", "not a valid object name: HEAD~7"),
        ("-x:sub/net.cnn", "a revision does not begin with `-`"),
        ("HEAD:nowhere/net.cnn", "git does not run here"),
    ],
)
def test_what_git_does_not_have_is_told(path: str, said: str, repository: Path, capsys) -> None:
    assert main(["summary", "--", path]) == 1
    err = capsys.readouterr().err
    assert "error[E0001]" in err
    assert said in err
