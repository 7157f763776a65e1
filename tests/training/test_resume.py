"""A training that is killed, stopped or moved goes on as if nothing had happened."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from cnndsl.recipe.datasets import Digits
from cnndsl.recipe.schedules import Cosine
from cnndsl.training import EpochResult, Run, load_network, read_record, train_network
from cnndsl.training.checkpoints.places import RECORD, TENSORS, TRAINER
from tests.support.signals import signals_heard
from tests.training.killed_runs import sums
from tests.training.small_networks import quick, refused, tiny

ROOT = Path(__file__).parents[2]
KILLS = 2
MANY_KILLS = 200
EPOCHS = 4000


def killed_and_resumed(folder: Path, backend: str, count: int) -> None:
    """In a process of its own, which imports once what its children need, and computes in one thread, so that it can fork."""
    command = [sys.executable, "-m", "tests.training.killed_runs", backend, str(folder), str(count)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["kills"] >= found["runs"] == count
    assert found["different"] == 0


@pytest.mark.parametrize("backend", ["numpy", "torch"])
@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGKILL")
def test_a_killed_training_ends_with_the_same_bytes(tmp_path: Path, backend: str) -> None:
    killed_and_resumed(tmp_path, backend, KILLS)


@pytest.mark.soak
@pytest.mark.parametrize("backend", ["numpy", "torch"])
@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGKILL")
def test_two_hundred_killed_trainings(tmp_path: Path, backend: str) -> None:
    killed_and_resumed(tmp_path, backend, MANY_KILLS)


SPEC = """\
network Small {
    input 1x8x8
    flatten
    dense 10
}
train {
    data digits
    optimizer adam lr=1e-2
    batch 64
    epochs 4000
}
"""


def command(spec: Path, output: Path) -> list[str]:
    return [
        *(sys.executable, "-c", "from cnndsl.cli.main import entry; entry()", "train", str(spec)),
        *("--output", str(output), "--resume", "--quiet"),
    ]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_after_the_step_and_loses_nothing(tmp_path: Path, number: signal.Signals) -> None:
    spec = tmp_path / "small.cnn"
    spec.write_text(SPEC, encoding="utf-8")
    with signals_heard():
        process = subprocess.Popen(command(spec, tmp_path / "run"), stderr=subprocess.PIPE, text=True)
    while not (tmp_path / "run" / RECORD).exists():
        time.sleep(0.02)
    process.send_signal(number)
    _, error = process.communicate(timeout=90)
    assert process.returncode == 130
    assert "--resume" in error
    assert 0 < read_record(str(tmp_path / "run")).epoch < EPOCHS


def test_a_stop_within_an_epoch_changes_nothing(tmp_path: Path) -> None:
    steps = iter(range(1000))
    recipe = quick(epochs=3, schedule=Cosine())
    whole = train_network(tiny(), recipe, run=Run(str(tmp_path / "whole")))
    with pytest.raises(KeyboardInterrupt):
        train_network(tiny(), recipe, run=Run(str(tmp_path / "run"), stop=lambda: next(steps) == 30))
    record = read_record(str(tmp_path / "run"))
    assert (record.epoch, record.position["batch"]) == (1, 6)
    resumed = train_network(tiny(), recipe, run=Run(str(tmp_path / "run"), resume=True))
    assert sums(tmp_path / "run") == sums(tmp_path / "whole")
    assert [result.row() for result in resumed.history] == [result.row() for result in whole.history]


def test_a_training_that_is_at_its_end_stays_there(tmp_path: Path) -> None:
    train_network(tiny(), quick(), run=Run(str(tmp_path)))
    before = sums(tmp_path)
    result = train_network(tiny(), quick(), run=Run(str(tmp_path), resume=True))
    assert sums(tmp_path) == before
    assert result.history[-1].epoch == 2


def test_where_nothing_is_to_be_resumed_it_begins(tmp_path: Path) -> None:
    assert len(train_network(tiny(), quick(), run=Run(str(tmp_path), resume=True)).history) == 2


def test_other_settings_are_refused_with_what_differs(tmp_path: Path) -> None:
    train_network(tiny(), quick(), run=Run(str(tmp_path)))
    with refused("E0422") as refusal:
        train_network(tiny(), quick(batch=32, epochs=3), run=Run(str(tmp_path), resume=True))
    assert "- batch 64" in refusal.text
    assert "+ batch 32" in refusal.text
    with refused("E0422"):
        train_network(tiny(hidden=9), quick(), run=Run(str(tmp_path), resume=True))
    longer = train_network(tiny(), quick(epochs=3), run=Run(str(tmp_path), resume=True, force=True))
    assert [result.epoch for result in longer.history] == [1, 2, 3]


@pytest.mark.parametrize("moved", [0, 1, 2])
def test_dying_between_the_moves_loses_nothing(tmp_path: Path, moved: int) -> None:
    """All is staged, and so many files are in their places."""
    train_network(tiny(), quick(epochs=3), run=Run(str(tmp_path / "whole")))
    for epochs, name in ((1, "old"), (2, "new")):
        stop = iter([False] * (23 * epochs) + [True] * 1000)
        with pytest.raises(KeyboardInterrupt):
            train_network(tiny(), quick(epochs=3), run=Run(str(tmp_path / name), stop=lambda each=stop: next(each)))
    for place, name in enumerate((TENSORS, TRAINER, RECORD)):
        content = (tmp_path / "new" / name).read_bytes()
        (tmp_path / "old" / (name if place < moved else name + ".new")).write_bytes(content)
    train_network(tiny(), quick(epochs=3), run=Run(str(tmp_path / "old"), resume=True))
    assert sums(tmp_path / "old") == sums(tmp_path / "whole")


@pytest.mark.parametrize("name", [TENSORS, TRAINER])
def test_a_damaged_file_is_refused_and_left_alone(tmp_path: Path, name: str) -> None:
    train_network(tiny(), quick(epochs=1), run=Run(str(tmp_path)))
    content = bytearray((tmp_path / name).read_bytes())
    content[-3] ^= 4
    (tmp_path / name).write_bytes(content)
    with refused("E0421"):
        train_network(tiny(), quick(epochs=1), run=Run(str(tmp_path), resume=True))
    assert (tmp_path / name).read_bytes() == content


# What a validation part chooses


def test_the_best_epoch_is_kept_and_the_test_data_is_seen_once(tmp_path: Path) -> None:
    recipe = quick(epochs=6, validation=0.2, optimizer=quick().optimizer.replace(lr=0.1))
    result = train_network(tiny(), recipe, run=Run(str(tmp_path)))
    best = min(result.history, key=lambda each: each.loss)
    assert read_record(str(tmp_path / "best")).epoch == best.epoch
    kept = load_network(tiny(), str(tmp_path / "best")).state()
    assert all(np.array_equal(kept[name], array) for name, array in result.network.state().items())
    assert read_record(str(tmp_path)).epoch == 6


def test_early_stopping_waits_for_a_lower_loss(tmp_path: Path) -> None:
    recipe = quick(epochs=40, validation=0.2, early_stopping=2, optimizer=quick().optimizer.replace(lr=0.3))
    history = train_network(tiny(), recipe, run=Run(str(tmp_path))).history
    best = min(history, key=lambda each: each.loss).epoch
    assert len(history) == best + 2 < 40


def test_the_history_is_a_line_for_each_epoch(tmp_path: Path) -> None:
    events: list[object] = []
    train_network(tiny(), quick(), run=Run(str(tmp_path), report=events.append))
    lines = [json.loads(line) for line in (tmp_path / "history.jsonl").read_text().splitlines()]
    results = [event for event in events if isinstance(event, EpochResult)]
    assert [line["loss"] for line in lines] == [result.loss for result in results]
    assert all(line["samples_per_second"] > 0 for line in lines)
    assert Digits.training_samples == results[0].samples
