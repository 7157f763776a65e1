"""The tutorial works: its files are written, its commands run in order, and they print what it shows.

``pytest --update-goldens`` writes what the commands print into the page.
"""

from __future__ import annotations

import shlex

import pytest

from cnndsl.cli.main import main

from .fences import DOCS, Fence, fences

PAGE = DOCS / "tutorial.md"


def run(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command of the page prints."""
    program, *arguments = shlex.split(command.removeprefix("$ "))
    assert program == "cnndsl"
    code = main(arguments)
    printed = capsys.readouterr()
    assert code in (0, 1), printed.err
    return "\n".join(line.rstrip() for line in (printed.out + printed.err).splitlines())


def test_the_commands_print_what_is_shown(tmp_path, monkeypatch, capsys, request) -> None:
    monkeypatch.chdir(tmp_path)
    printed: list[tuple[Fence, str]] = []
    for fence in fences(PAGE.name):
        if fence.option("file"):
            (tmp_path / fence.option("file")).write_text(fence.text, encoding="utf-8")
        if fence.language == "console":
            commands = [line for line in fence.text.splitlines() if line.startswith("$ ")]
            printed.append((fence, "".join(f"{command}\n{run(command, capsys)}\n" for command in commands)))
    if request.config.getoption("--update-goldens"):
        write([(fence, text) for fence, text in printed if "run" not in fence.info])
        return
    for fence, text in printed:
        if "run" in fence.info:  # the figures of training differ from machine to machine, what they are does not
            assert first_words(text) == first_words(fence.text)
        else:
            assert text == fence.text


def test_the_picture_is_fresh(tmp_path, monkeypatch, golden) -> None:
    """The page draws the network of its second file; its picture is the one that is shown."""
    monkeypatch.chdir(tmp_path)
    text = [fence.text for fence in fences(PAGE.name) if fence.option("file") == "lenet.cnn"][1]
    (tmp_path / "lenet.cnn").write_text(text, encoding="utf-8")
    assert main(["explain-shape", "lenet.cnn", "4", "-o", "conv.svg"]) == 0
    golden(str(DOCS / "images" / "explain-shape.svg"), (tmp_path / "conv.svg").read_text(encoding="utf-8"))


def first_words(text: str) -> list[str]:
    return [line.split()[0] for line in text.splitlines() if not line.startswith("epoch")]


def write(printed: list[tuple[Fence, str]]) -> None:
    """Put what was printed into the page, from the end, so that the places before it stay."""
    page = PAGE.read_text(encoding="utf-8")
    for fence, text in reversed(printed):
        page = page[: fence.start] + text + page[fence.start + len(fence.text) :]
    PAGE.write_text(page, encoding="utf-8")
