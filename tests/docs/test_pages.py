"""The pages that lead through something work, each in an empty folder: their files are written, their commands and their
Python run in order, and they print what is shown.

``pytest --update-goldens`` writes what the commands print into the pages.
"""

from __future__ import annotations

import re
import shlex

import pytest

from cnndsl.cli.main import main

from .fences import DOCS, Fence, fences

TUTORIAL = DOCS / "tutorial.md"
PAGES = [
    "index.md",
    "tutorial.md",
    "scaling.md",
    *sorted(f"how-to/{path.name}" for path in (DOCS / "how-to").glob("*.md")),
]


def run(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command of the page prints."""
    program, *arguments = shlex.split(command.removeprefix("$ "))
    assert program == "cnndsl"
    code = main(arguments)
    printed = capsys.readouterr()
    assert code in (0, 1), printed.err
    return "".join(f"{line.rstrip()}\n" for line in (printed.err + printed.out).splitlines())


@pytest.mark.parametrize("page", PAGES)
def test_what_is_shown_is_what_happens(page: str, tmp_path, monkeypatch, capsys, request) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    printed: list[tuple[Fence, str]] = []
    for fence in fences(page):
        if fence.option("file"):
            (tmp_path / fence.option("file")).write_text(fence.text, encoding="utf-8")
        elif fence.language == "python":
            exec(compile(fence.text, f"{page}:{fence.line}", "exec"), {"__name__": "__main__"})
            capsys.readouterr()
        elif fence.language == "console":
            commands = [line for line in fence.text.splitlines() if line.startswith("$ ")]
            printed.append((fence, "".join(f"{command}\n{run(command, capsys)}" for command in commands)))
    if request.config.getoption("--update-goldens"):
        write(page, [(fence, text) for fence, text in printed if not _is_same(fence, text)])
        return
    for fence, text in printed:
        assert _is_same(fence, text), f"{page}:{fence.line} prints\n{text}"


def _is_same(fence: Fence, text: str) -> bool:
    """Whether this is what the page shows; the figures of training differ from machine to machine, what they are does not."""
    return first_words(text) == first_words(fence.text) if "run" in fence.info else text == fence.text


def test_the_picture_is_fresh(tmp_path, monkeypatch, golden) -> None:
    """The tutorial draws the network of its second file; its picture is the one that is shown."""
    monkeypatch.chdir(tmp_path)
    text = [fence.text for fence in fences(TUTORIAL.name) if fence.option("file") == "lenet.cnn"][1]
    (tmp_path / "lenet.cnn").write_text(text, encoding="utf-8")
    assert main(["explain-shape", "lenet.cnn", "4", "-o", "conv.svg"]) == 0
    golden(str(DOCS / "images" / "explain-shape.svg"), (tmp_path / "conv.svg").read_text(encoding="utf-8"))


def first_words(text: str) -> list[str]:
    """What each line begins with, but for epochs and numbers."""
    found = [re.split(r"[\s,]+", line.strip())[0] for line in text.splitlines() if line]
    return [word for word in found if word != "epoch" and not word.isdigit()]


def write(page: str, printed: list[tuple[Fence, str]]) -> None:
    """Put what was printed into the page, from the end, so that the places before it stay."""
    path = DOCS / page
    text = path.read_text(encoding="utf-8")
    for fence, found in reversed(printed):
        text = text[: fence.start] + found + text[fence.start + len(fence.text) :]
    path.write_text(text, encoding="utf-8")
