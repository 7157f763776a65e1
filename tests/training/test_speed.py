"""How fast a network is: what ``cnndsl bench`` prints, and that what it times is what it says."""

from __future__ import annotations

import json
import sys

import pytest

from cnndsl.cli.main import main
from cnndsl.recipe.losses import CrossEntropy
from cnndsl.recipe.optimizers import Adam
from cnndsl.training.evaluation.speed import Bench, measure_speed
from tests.training.small_networks import tiny


def test_both_modes_are_measured(capsys: pytest.CaptureFixture[str]) -> None:
    """The speed is that of the median batch, and no process ends without one."""
    assert (
        main(["bench", "zoo:lenet5", "--backend", "numpy", "--batch", "8", "--seconds", "0", "--format", "json"]) == 0
    )
    found = json.loads(capsys.readouterr().out)
    assert (found["kind"], found["network"], found["batch"]) == ("benchmark", "LeNet5", 8)
    assert [row["mode"] for row in found["rows"]] == ["predict", "train"]
    for row in found["rows"]:
        assert row["batches"] >= 3
        assert row["images_per_second"] * row["seconds_per_batch"] == pytest.approx(8)
        assert sys.platform != "linux" or row["memory"] > 0


def test_a_backend_that_cannot_is_said_and_the_others_are_measured(capsys: pytest.CaptureFixture[str]) -> None:
    given = ["bench", "zoo:lenet5", "--only", "predict", "--seconds", "0", "--device", "cuda:99"]
    assert main(given) == 0
    output, problems = capsys.readouterr()
    assert "numpy    predict" in output
    assert "torch" not in output
    assert problems.startswith("note: torch cannot predict: E0432")
    assert main([*given, "--backend", "torch"]) == 1


def test_a_step_takes_more_memory_than_a_prediction() -> None:
    """A layer of 4 million weights: its gradient and the two means of Adam are three times as much again."""
    graph = tiny(hidden=2**16)
    predict, train = measure_speed(Bench(graph, CrossEntropy(), Adam(lr=1e-3), 2, 0.0), ["numpy"])
    if predict.memory is not None and train.memory is not None:
        assert train.memory - predict.memory > 2 * 4 * graph.parameter_count


@pytest.mark.parametrize("seconds", ["-1", "nan", "x", "1e9"])
def test_a_time_has_bounds(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "zoo:lenet5", "--seconds", seconds]) == 2
    assert "from 0 to 3600" in capsys.readouterr().err
