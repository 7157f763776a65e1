"""The frame of the command line: help, exit codes, completion, explanations."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from cnndsl.analysis.codes import all_kinds
from cnndsl.cli.main import COMMANDS, main


@pytest.mark.parametrize("command", COMMANDS)
def test_help_opens_with_examples(command: str, capsys) -> None:
    assert main([command, "--help"]) == 0
    assert f"examples:\n  cnndsl {command}" in capsys.readouterr().out


def test_usage_errors_are_2_and_suggest(capsys) -> None:
    assert main([]) == 2
    assert main(["chekc"]) == 2
    assert "did you mean `check`?" in capsys.readouterr().err
    assert main(["summary"]) == 2
    assert main(["explain", "E0000"]) == 2


def test_help_of_a_command(capsys) -> None:
    assert main(["help", "check"]) == 0
    asked = capsys.readouterr().out
    assert main(["check", "--help"]) == 0
    assert capsys.readouterr().out == asked
    assert main(["help", "chekc"]) == 2
    assert main(["help"]) == 0


def test_it_runs_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "cnndsl", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("cnndsl ")


def test_version(capsys) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("cnndsl ")


def test_explain(capsys) -> None:
    assert main(["explain", "e0301"]) == 0
    assert capsys.readouterr().out.startswith("# E0301: a window is larger than the padded input\n\nA window of")
    assert main(["explain", "e0301", "--format", "markdown"]) == 0
    assert "```cnn failing" in capsys.readouterr().out
    assert main(["explain", "--list", "--format", "json"]) == 0
    codes = [kind["code"] for kind in json.loads(capsys.readouterr().out)["kinds"]]
    assert codes == sorted(codes)
    assert "W0501" in codes


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_a_script_of_its_shell(shell: str, capsys, tmp_path) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(command in script for command in COMMANDS)
    if shutil.which(shell) is None:
        return
    path = tmp_path / "script"
    path.write_text(script)
    subprocess.run([shell, "-n", str(path)], check=True)


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("su", ["summary"]),
        ("summary zoo : leN", []),
        ("summary zoo : lenet5_r", ["lenet5_rbf", "lenet5_relu"]),
        ("summary zoo:lenet5_rb", ["zoo:lenet5_rbf"]),
        ("explain E030", [code for code in all_kinds() if code.startswith("E030")]),
        ("layers bottl", ["bottleneck"]),
        ("check --format s", ["sarif"]),
        ("summary --dep", ["--depth"]),
    ],
)
def test_bash_completes(words: str, completed: list[str], capsys, tmp_path) -> None:
    if shutil.which("bash") is None:
        pytest.skip("no bash on this machine")
    main(["completion", "bash"])
    path = tmp_path / "script"
    path.write_text(capsys.readouterr().out)
    number = len(words.split())
    ask = f"source {path}; COMP_WORDS=(cnndsl {words}); COMP_CWORD={number}; _cnndsl; echo ${{COMPREPLY[@]}}"
    done = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.split() == completed


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f'{sys.executable} -m cnndsl.cli.main explain --list | head -1; exit "${{PIPESTATUS[0]}}"'
    if shutil.which("bash") is None:
        pytest.skip("no bash on this machine")
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr


def test_the_zoo_as_json(capsys) -> None:
    assert main(["zoo", "--format", "json"]) == 0
    networks = {item["name"]: item for item in json.loads(capsys.readouterr().out)["networks"]}
    assert networks["lenet5"] == {
        "name": "lenet5",
        "file": "lenet5.cnn",
        "title": "LeNet-5, LeCun et al. 1998, figure 2",
        "settings": {},
        "input": [1, 32, 32],
        "output": [10],
        "data": "digits",
        "parameters": 61706,
        "macs": 416520,
    }
    assert len(networks) >= 45
