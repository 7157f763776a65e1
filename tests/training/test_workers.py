"""Two processes train as one does: ``torchrun`` with gloo, in float64, where only the order of sums differs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from cnndsl.backends import find_backend
from cnndsl.backends.workers import Workers
from cnndsl.cli.main import main
from cnndsl.training import Run, train_network
from tests.docs.fences import fences
from tests.training.small_networks import refused
from tests.training.workers_job import JOBS, PLAIN, RECIPE, run

ROOT = Path(__file__).parents[2]
TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """What two workers have left of every job."""
    path = tmp_path_factory.mktemp("workers")
    recipe = RECIPE.replace(epochs=2)
    whole = train_network(PLAIN, recipe, backend="torch", dtype="float64")
    np.savez(path / "whole.npz", **whole.network.state())
    stopped = Run(str(path / "one"), "", stop=Countdown(14))
    with pytest.raises(KeyboardInterrupt):
        train_network(PLAIN, recipe, backend="torch", dtype="float64", run=stopped)
    command = [*TORCHRUN, "-m", "tests.training.workers_job", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return path


class Countdown:
    """Says that it is to stop when it has been asked so often."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __call__(self) -> bool:
        self.count -= 1
        return self.count < 0


@pytest.mark.parametrize("name", [*JOBS, "resumed"])
def test_workers_have_the_same_bits(folder, name):
    first, second = (np.load(folder / f"{name}.{rank}.npz") for rank in (0, 1))
    assert first.files == second.files
    for key in first.files:
        assert first[key].tobytes() == second[key].tobytes(), key


@pytest.mark.parametrize("name", [name for name in JOBS if name != "own statistics"])
def test_two_workers_train_as_one_does(folder, name):
    expected = run(name)
    found = dict(np.load(folder / f"{name}.0.npz"))
    figures = [expected.history[-1].training_loss, expected.loss, expected.accuracy]
    np.testing.assert_allclose(found.pop("loss"), figures, rtol=0, atol=1e-10)
    for key, tensor in expected.network.state().items():
        np.testing.assert_allclose(found[key], tensor, rtol=0, atol=1e-10, err_msg=key)


def test_own_statistics_are_another_training(folder):
    found, expected = np.load(folder / "own statistics.0.npz"), run("own statistics").network.state()
    differences = [np.abs(found[key] - tensor).max() for key, tensor in expected.items()]
    assert 1e-6 < max(differences) < 1


def test_another_number_of_workers_goes_on(folder):
    found, expected = np.load(folder / "resumed.0.npz"), np.load(folder / "whole.npz")
    for key in expected.files:
        np.testing.assert_allclose(found[key], expected[key], rtol=0, atol=1e-10, err_msg=key)


def test_samples_are_divided():
    class Third(Workers):
        rank, count = 2, 3

    assert [Workers().own(7), Third().own(7), Third().own(1)] == [slice(0, 7), slice(4, 7), slice(0, 1)]


def test_numpy_trains_alone(monkeypatch):
    monkeypatch.setenv("RANK", "0")
    monkeypatch.setenv("WORLD_SIZE", "2")
    with refused("E0433") as refusal:
        find_backend("numpy").workers("cpu", "float32")
    assert "--backend torch" in refusal.text


ENDING = """\
import atexit, builtins, os, sys
from cnndsl.cli import main

class Held:
    def __del__(self):
        os.abort()  # as a thread of gloo does when the interpreter has gone

builtins.held = Held()
atexit.register(print, "registered")
main.main = lambda arguments: print("done") or print("said", file=sys.stderr) or 4
main.entry()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has another code for a process that aborts")
@pytest.mark.parametrize(("variables", "code"), [({}, -signal.SIGABRT), ({"RANK": "0", "WORLD_SIZE": "2"}, 4)])
def test_a_worker_ends_before_the_interpreter_does(variables, code):
    ended = subprocess.run(
        [sys.executable, "-c", ENDING], env=os.environ | variables, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr.startswith("said\n")) == (code, "done\nregistered\n", True)


SPEC = """\
network Small {
    input 1x8x8
    conv 4 3x3 | tanh
    flatten
    dense 10
}
train {
    data digits
    optimizer sgd lr=0.01
    batch 8
    epochs 1000
}
"""


@pytest.mark.soak
@pytest.mark.skipif(sys.platform != "linux", reason="looks for a process in /proc")
def test_a_lost_worker_ends_the_job(tmp_path):
    (tmp_path / "small.cnn").write_text(SPEC, encoding="utf-8")
    words = ["-m", "cnndsl", "train", "small.cnn", "--backend", "torch", "--output", "run"]
    command = [*TORCHRUN, "--redirects", "3", "--log-dir", "log", *words]
    job = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not (tmp_path / "run" / "model.json").exists():  # the first epoch is done
        assert job.poll() is None
        time.sleep(0.1)
    os.kill(second_worker(job.pid), signal.SIGKILL)
    assert job.wait(60) == 1
    (said,) = tmp_path.glob("log/*/attempt_0/0/stderr.log")
    assert "error[E0434]: worker 0 of 2 cannot reach the others any more" in said.read_text()


def second_worker(parent: int) -> int:
    """The process that torchrun has started as the worker of rank 1."""
    for place in Path("/proc").glob("[0-9]*"):
        try:
            is_child = f"\nPPid:\t{parent}\n" in (place / "status").read_text()
            variables = (place / "environ").read_bytes().split(b"\0")
        except OSError:
            continue  # it has ended
        if is_child and b"RANK=1" in variables:
            return int(place.name)
    raise AssertionError("there is no second worker")


@pytest.mark.parametrize(("options", "whose"), [([], "each worker"), (["--sync-bn"], "all workers")])
def test_the_log_says_whose_statistics_are_taken(tmp_path, monkeypatch, capsys, options, whose):
    (tmp_path / "small.cnn").write_text(SPEC.replace("| tanh", "| bn | relu"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RANK", "0")
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.delenv("MASTER_ADDR", raising=False)
    assert main(["train", "small.cnn", "--backend", "torch", *options]) == 1  # nobody can be reached
    assert f"the statistics of `bn` are those of {whose}" in capsys.readouterr().err


@pytest.mark.soak
def test_the_command_of_the_page_works(tmp_path):
    (command,) = (fence.text.split() for fence in fences("scaling.md") if fence.info == ("sh", "run"))
    assert command[0] == "torchrun"
    arguments = [sys.executable, "-m", "torch.distributed.run", *command[1:]]
    done = subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("accuracy") == 1
    assert (tmp_path / "runs" / "LeNet5" / "model.json").is_file()
