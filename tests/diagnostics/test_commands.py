"""What a command says where the mistake is in no spec: files that are missing or damaged, folders in the way, no packages.

Each golden holds the command, all that it prints, and its exit code. A student reads these without other help.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import cnndsl
from cnndsl.cli.main import main

from .situations import SITUATIONS, Situation

GOLDENS = Path(__file__).parent / "commands"

WITHOUT = """
import sys
from importlib.abc import MetaPathFinder

class Absent(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] == {package!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Absent())
from cnndsl.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture(autouse=True)
def _in_a_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("CNNDSL_DATA_DIR", raising=False)


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda item: item.name)
def test_a_mistake_is_said_once_and_in_these_words(situation: Situation, golden, capfd) -> None:
    situation.prepare()
    capfd.readouterr()
    if situation.without:
        code, printed = _run_without(situation)
    else:
        code = main(shlex.split(situation.command))
        printed = "".join(capfd.readouterr())
    assert re.findall(r"^error\[(\w+)\]", printed, re.MULTILINE) == [situation.code]
    assert code == 1
    shown = f"$ cnndsl {situation.command}\n{printed}exit code {code}\n"
    golden(str(GOLDENS / f"{situation.name}.txt"), shown.replace(os.sep, "/"))


def test_no_golden_is_left_over() -> None:
    assert {path.stem for path in GOLDENS.glob("*.txt")} == {item.name for item in SITUATIONS} | {"E0005_no_program"}


def test_without_a_program_that_draws(bare_python: Callable[..., subprocess.CompletedProcess[str]], golden) -> None:
    Path("net.cnn").write_text("network Net {\n    input 1x8x8\n    conv 4 3x3\n}\n")
    arguments = ["diagram", "net.cnn", "-o", "net.svg"]
    done = bare_python(["-m", "cnndsl.cli.main", *arguments], Path.cwd())
    shown = f"$ cnndsl {' '.join(arguments)}\n{done.stdout}{done.stderr}exit code {done.returncode}\n"
    golden(str(GOLDENS / "E0005_no_program.txt"), shown)
    assert not Path("net.svg").exists()


def _run_without(situation: Situation) -> tuple[int, str]:
    """Exit code and output of a process that cannot import a package."""
    command = [sys.executable, "-c", WITHOUT.format(package=situation.without), *shlex.split(situation.command)]
    environment = {**os.environ, "PYTHONPATH": str(Path(cnndsl.__file__).parents[1])}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout + done.stderr
