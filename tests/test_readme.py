"""The README says what is true: its spec, its error and its picture are those of the code, and its Python runs."""

from __future__ import annotations

import re
from pathlib import Path

import cnndsl
from cnndsl.cli.main import COMMANDS
from cnndsl.diagnostics.text import render
from cnndsl.reports.engine import render as draw

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
WRONG = ROOT / "examples" / "wrong.cnn"


def fenced(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_spec_is_the_shipped_one() -> None:
    assert fenced("cnn") == [(ROOT / "specs" / "lenet5.cnn").read_text(encoding="utf-8")]


def test_the_error_is_what_check_prints() -> None:
    checked = cnndsl.check_text(WRONG.read_text(encoding="utf-8"), "examples/wrong.cnn")
    printed = "\n".join(render(item) for item in checked.diagnostics)
    assert fenced("text") == [printed]


def test_the_picture_is_fresh(golden) -> None:
    picture = draw(cnndsl.load("zoo:lenet5").diagram().source, "svg").decode()
    golden(str(ROOT / "docs" / "images" / "lenet5.svg"), picture)


def test_the_python_runs(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (code,) = fenced("python")
    exec(compile(code.replace("epochs=3", "epochs=1"), "README.md", "exec"), {})
    assert (tmp_path / "runs" / "lenet5" / "model.safetensors").is_file()


def test_every_command_is_in_the_table() -> None:
    assert all(f"`cnndsl {name}" in README for name in COMMANDS)
