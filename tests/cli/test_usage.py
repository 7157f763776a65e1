"""A wrong command line is told in two lines: what is wrong, and what was meant where that is known."""

from __future__ import annotations

import pytest

from cnndsl.cli import command_layers
from cnndsl.cli.main import main


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("train net.cnn --epoch 3", "no option `--epoch`; did you mean `--epochs`?"),
        ("train net.cnn --dataset=mnist", "no option `--dataset`; it is said in the spec, as in `train {"),
        (
            "train net.cnn --lr 0.1",
            "no option `--lr`; it is said in the spec, as in `train { optimizer adam lr=1e-3 }`",
        ),
        ("zoo --verbose", "no option `--verbose`; there are --format"),
        ("zoo lenet5", "`lenet5` is one argument too many"),
        ("train net.cnn --epochs 0", "expected a whole number from 1 to 999999999, found '0'"),
        ("eval net.cnn", "the following arguments are required: --checkpoint"),
        ("train net.cnn --backend pytorch", "invalid choice"),
    ],
)
def test_what_is_wrong_in_two_lines(command: str, said: str, capsys) -> None:
    name, *arguments = command.split()
    assert main([name, *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    first, second = printed.err.splitlines()
    assert first.startswith(f"cnndsl {name}: ")
    assert said in first
    assert second == f"`cnndsl {name} --help` shows its arguments"


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (MemoryError(), 1),
        (ImportError("_backend_agg.so: failed to map segment from shared object"), 1),
        (RuntimeError("can't start new thread"), 1),
        (OSError(12, "Cannot allocate memory"), 1),
        (ImportError("cannot import name"), 3),
    ],
    ids=str,
)
def test_a_lack_of_memory_is_no_bug(failure: Exception, code: int, monkeypatch, capsys) -> None:
    def run(arguments: object) -> int:
        raise failure

    monkeypatch.setattr(command_layers, "run", run)
    assert main(["layers"]) == code
    assert ("error[E0435]: there is not enough memory for this command" in capsys.readouterr().err) == (code == 1)
