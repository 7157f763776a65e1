"""Folders, and what ``[tool.cnndsl]`` of a pyproject.toml says of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnndsl.cli.main import main

NET = "network Net {\n    input 1x4x4\n    flatten\n    dense 3\n}\n"
BLOCKS = "block unit(n) {\n    conv n 3x3\n}\n"
WARNED = NET.replace("dense 3", "dense 10\n    softmax").replace("1x4x4", "1x8x8") + (
    "\ntrain {\n    data digits\n    optimizer adam\n    epochs 1\n}\n"
)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    files = {"a.cnn": NET, "sub/b.cnn": NET, "sub/blocks.cnn": BLOCKS, ".hidden/c.cnn": "?", "build/d.cnn": "?"}
    for name, text in files.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text)
    return tmp_path


def settings(text: str) -> None:
    Path("pyproject.toml").write_text(f"[tool.cnndsl]\n{text}\n")


def checked(capsys, *arguments: str) -> list[str]:
    """The files that a check names."""
    assert main(["check", *arguments]) == 0
    *files, total = capsys.readouterr().out.splitlines()
    assert total == f"{len(files)} specs: {len(files)} clean"
    return [line.partition(":")[0] for line in files]


def test_a_folder_is_all_specs_below_it(capsys) -> None:
    assert checked(capsys, ".") == ["a.cnn", "sub/b.cnn", "sub/blocks.cnn"]
    assert checked(capsys) == ["a.cnn", "sub/b.cnn", "sub/blocks.cnn"]
    assert checked(capsys, "sub", "sub/b.cnn") == ["sub/b.cnn", "sub/blocks.cnn"]


def test_a_folder_without_specs_is_an_error(capsys) -> None:
    Path("empty").mkdir()
    assert main(["check", "empty"]) == 1
    assert "`empty` has no .cnn file in it or below" in capsys.readouterr().err


def test_fmt_takes_folders(capsys) -> None:
    Path("sub/b.cnn").write_text(NET.replace("    ", "  "))
    assert main(["fmt", "--check", "."]) == 1
    assert capsys.readouterr().out == "sub/b.cnn\n"
    assert main(["fmt"]) == 0
    assert Path("sub/b.cnn").read_text() == NET


def test_the_project_says_which_specs_are_meant(capsys, monkeypatch) -> None:
    settings('include = ["sub", "a.cnn"]\nexclude = ["sub/b.cnn"]')
    assert checked(capsys) == ["sub/blocks.cnn", "a.cnn"]
    assert checked(capsys, ".", "sub/b.cnn") == ["a.cnn", "sub/blocks.cnn", "sub/b.cnn"]
    monkeypatch.chdir("sub")
    assert checked(capsys) == ["../sub/blocks.cnn", "../a.cnn"]


def test_the_project_can_be_strict() -> None:
    Path("a.cnn").write_text(WARNED)
    assert main(["check", "a.cnn"]) == 0
    settings("strict = true")
    assert main(["check", "a.cnn"]) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("exlude = []", "did you mean `exclude`?"),
        ("include = 3", "`include` must be a list of paths"),
        ("include = [3]", "`include` must be a list of paths"),
        ("strict = 1", "`strict` must be true or false"),
        ("[", "it is not TOML"),
    ],
)
def test_wrong_settings_are_an_error(text: str, said: str, capsys) -> None:
    settings(text)
    assert main(["check"]) == 1
    err = capsys.readouterr().err
    assert "error[E0013]" in err
    assert said in err


def test_other_tables_do_not_matter(capsys) -> None:
    Path("pyproject.toml").write_text('[project]\nname = "cnndsl-user"\n')
    assert len(checked(capsys)) == 3
