"""The event files are records as TensorBoard reads them, with the figures of the history."""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnndsl.cli.main import main
from tests.training.small_networks import refused

SPEC = """\
network Line {
    input 1x8x8
    flatten
    output: dense 10
}
train {
    data digits
    optimizer adam lr=1e-2
    epochs 2
}
"""


def scalars(path: Path) -> Iterator[tuple[int, str, float]]:
    """Step, name and value of each scalar of an event file, whose framing is a length, a sum, the event and a sum."""
    from tensorboardX.proto.event_pb2 import Event

    content = path.read_bytes()
    place = 0
    while place < len(content):
        (length,) = struct.unpack_from("<Q", content, place)
        event = Event.FromString(content[place + 12 : place + 12 + length])
        yield from ((event.step, value.tag, value.simple_value) for value in event.summary.value)
        place += 16 + length


def test_the_figures_of_each_epoch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tensorboardX")
    monkeypatch.chdir(tmp_path)
    Path("line.cnn").write_text(SPEC)
    assert main(["train", "line.cnn", "--quiet", "--output", "run", "--tensorboard"]) == 0
    (path,) = Path("run/tensorboard").iterdir()
    found = {(step, name): value for step, name, value in scalars(path)}
    lines = [json.loads(line) for line in Path("run/history.jsonl").read_text().splitlines()]
    assert len(lines) == 2
    for line in lines:
        for name in ("loss", "accuracy", "training_loss", "learning_rate", "samples_per_second"):
            assert found[line["epoch"], name] == pytest.approx(line[name], rel=1e-6)


def test_without_the_package_it_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cnndsl.training.run.tensorboard import EventFiles

    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    with refused("E0006") as refusal:
        EventFiles(str(tmp_path), lambda event: None)
    assert "cnndsl[tensorboard]" in refusal.text
