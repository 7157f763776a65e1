"""The commands ``train``, ``eval`` and ``predict`` as a user calls them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from cnndsl.cli.main import main
from tests.support.signals import signals_heard
from tests.training.small_networks import LINE


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "line.cnn").write_text(LINE)
    return "line.cnn"


def test_train_eval_predict(spec: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One way through all three: the numbers of training are those of evaluation, and the predictions are right."""
    assert main(["train", spec, "--format", "json", "--set", "hidden=32", "--seed", "5"]) == 0
    output, progress = capsys.readouterr()
    trained = json.loads(output)
    assert output.count("\n") == 1
    assert progress.count("\n") == 3
    assert trained["accuracy"] > 0.9
    assert trained["checkpoint"] == os.path.join("runs", "Line")
    assert (trained["schema"], trained["seed"], trained["epochs"], trained["parameters"]) == (1, 5, 3, 2410)
    assert Path(trained["curve"]).read_bytes().startswith(b"\x89PNG")

    both = [spec, "--set", "hidden=32", "--checkpoint", trained["checkpoint"], "--format", "json"]
    assert main(["eval", *both, "--backend", "torch"]) == 0
    evaluated = json.loads(capsys.readouterr().out)
    assert evaluated["accuracy"] == trained["accuracy"]
    assert np.sum(evaluated["confusion"]) == evaluated["samples"] == 359

    digits = load_digits()
    np.save("digits.npy", np.round(digits.images * (255 / 16)).astype(np.uint8))
    assert main(["predict", *both, "digits.npy"]) == 0
    told = [item["class"] for item in json.loads(capsys.readouterr().out)["predictions"]]
    assert np.mean(np.array(told) == digits.target.astype(str)) > 0.9


def test_text_for_people(spec: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", spec, "--epochs", "1", "--quiet", "--output", "here"]) == 0
    output, progress = capsys.readouterr()
    assert progress == ""
    assert "% of the held-out samples" in output
    assert main(["eval", spec, "--checkpoint", "here/model.safetensors"]) == 0
    assert "% of 359 samples" in capsys.readouterr().out
    np.save("one.npy", load_digits().images[0].astype(np.uint8) * 15)
    assert main(["predict", spec, "one.npy", "--checkpoint", "here"]) == 0
    assert capsys.readouterr().out.startswith("one.npy  ")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["train", "--epochs", "0"], 2, "from 1 to"),
        (["train", "--seed", "-1"], 2, "expected"),
        (["train", "--backend", "numpy", "--device", "cuda"], 1, "E0432"),
        (["eval", "--checkpoint", "nothing"], 1, "E0001"),
        (["predict", "x.png", "--checkpoint", "nothing"], 1, "E0001"),
    ],
)
def test_mistakes(spec: str, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str) -> None:
    command, *rest = arguments
    assert main([command, spec, *rest]) == code
    output, problems = capsys.readouterr()
    assert said in problems
    assert output == ""
    assert not Path("runs").exists()


def _interrupted(process: subprocess.Popen[str], number: signal.Signals) -> tuple[str, str]:
    """What a process printed that was interrupted; again if Python lost the first, as it does where a finalizer runs."""
    for _ in range(2):
        process.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=60)
    process.send_signal(number)
    return process.communicate(timeout=60)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals for one process")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_keeps_the_last_epoch(spec: str, name: str) -> None:
    command = [sys.executable, "-m", "cnndsl.cli.main", "train", spec, "--epochs", "100000"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with signals_heard():
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True)
    with process:
        assert process.stderr is not None
        for _ in range(3):
            process.stderr.readline()
        time.sleep(0.05)
        output, problems = _interrupted(process, signal.Signals[name])
    assert (process.returncode, output) == (130, "")
    assert "Traceback" not in problems
    assert json.loads(Path("runs/Line/model.json").read_text())["epoch"] >= 3
    assert main(["eval", spec, "--checkpoint", "runs/Line"]) == 0


def test_exact_predictions_are_others_and_those_of_more_threads_the_same(
    spec: str, capsys: pytest.CaptureFixture[str]
) -> None:
    layers = "conv 64 1x1 | relu | conv 64 3x3 pad=1 | maxpool 2x2 | flatten"
    Path(spec).write_text(LINE.replace("flatten", layers).replace("lr=1e-2", "lr=1e-3"))
    assert main(["train", spec, "--epochs", "1", "--exact", "--threads", "2", "--quiet"]) == 0
    np.save("some.npy", load_digits().images[:48].astype(np.uint8) * 15)
    told = []
    for more in ([], ["--threads", "2"], ["--exact"], ["--exact", "--threads", "3"]):
        capsys.readouterr()
        assert main(["predict", spec, "some.npy", "--checkpoint", "runs/Line", "--format", "json", *more]) == 0
        told.append(json.loads(capsys.readouterr().out)["predictions"][0]["probabilities"])
    assert told[0] == told[1] != told[2] == told[3]
    np.testing.assert_allclose(told[0], told[2], rtol=0, atol=1e-4)
