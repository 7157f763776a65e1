"""``%%cnn``, what a diagnostic shows in a notebook, and the three notebooks, run cell by cell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from cnndsl import Model, check_text

EXAMPLES = Path(__file__).parents[1] / "examples"
SPEC = "network Net {\n    input 1x8x8\n    flatten\n    dense 10\n}\n"


@pytest.fixture
def shell() -> Any:
    made = InteractiveShell()
    made.run_cell("%load_ext cnndsl")
    return made


def test_a_cell_becomes_a_model(shell: Any) -> None:
    result = shell.run_cell(f"%%cnn net\n{SPEC}")
    assert isinstance(result.result, Model)
    assert shell.user_ns["net"].graph.parameter_count == 650


def test_a_cell_without_a_name_is_called_model(shell: Any) -> None:
    shell.run_cell(f"%%cnn --input 1x4x4\n{SPEC}")
    assert shell.user_ns["model"].graph.parameter_count == 170


def test_a_wrong_cell_shows_what_is_wrong(shell: Any) -> None:
    shown = shell.run_cell(f"%%cnn net\n{SPEC.replace('flatten', 'flaten')}").result._repr_mimebundle_()
    assert "did you mean `flatten`?" in shown["text/plain"]
    assert "did you mean `flatten`?" in shown["text/html"]


@pytest.mark.parametrize(
    ("line", "said"),
    [("--inptu 1x4x4", "unrecognized arguments"), ("--input big", "`--input big`"), ("my-net", "not a name of Python")],
)
def test_a_wrong_line_is_refused_in_words(shell: Any, line: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert shell.run_cell(f"%%cnn {line}\n{SPEC}").result is None
    assert said in capsys.readouterr().err


def test_a_diagnostic_shows_itself() -> None:
    (wrong,) = check_text(SPEC.replace("dense 10", "dens <10>")).diagnostics[:1]
    shown = wrong._repr_mimebundle_()
    assert shown["text/plain"] == str(wrong)
    assert str(wrong).startswith(f"error[{wrong.kind.code}]: ")
    assert "&lt;10&gt;" in shown["text/html"]
    assert "\x1b" not in shown["text/html"]


def test_an_exception_shows_its_diagnostics(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    shell.run_cell("import cnndsl\ncnndsl.load('zoo:lenet')")
    printed = capsys.readouterr().out
    assert "no shipped network is called `lenet`" in printed
    assert "reading.py" not in printed


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path, shell: Any) -> None:
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        assert cell.get("outputs", []) == []
        if cell["cell_type"] == "code":
            shell.run_cell("".join(cell["source"])).raise_error()


def test_there_are_three_notebooks() -> None:
    assert len(list(EXAMPLES.glob("*.ipynb"))) == 3
