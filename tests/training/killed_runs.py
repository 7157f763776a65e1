"""Trainings that are killed at random moments and resumed, each a child of a process that has imported all it needs.

``python -m tests.training.killed_runs BACKEND FOLDER COUNT`` prints how many runs were killed, how often, and how many
ended with other bytes than the run that was never killed.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
import time
from pathlib import Path

import numpy as np

from cnndsl.cli.main import main
from cnndsl.training.checkpoints.places import RECORD, TENSORS, TRAINER

__all__ = ["sums"]

SPEC = """\
network Small {
    input 1x8x8
    conv 4 3x3 | bn | relu
    dropout 0.2
    flatten
    dense 10
}
train {
    data arrays "digits.npz"
    optimizer adam lr=1e-2
    schedule cosine
    augment crop=1 rotation=5
    ema 0.9
    batch 20
    epochs 4
}
"""
SAMPLES = 200


def sums(folder: Path) -> dict[str, str]:
    """What a run leaves behind, but for the history, which tells the time."""
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (RECORD, TENSORS, TRAINER)}


def start(spec: Path, output: Path, backend: str) -> int:
    """Begin or resume a training in a child, and return the child's number."""
    child = os.fork()
    if child:
        return child
    code = 3
    try:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        options = ["--output", str(output), "--backend", backend, "--threads", "1", "--resume", "--quiet"]
        code = main(["train", str(spec), *options])
    finally:
        os._exit(code)


def is_killed(child: int, seconds: float) -> bool:
    """Let a training run so long and kill it; whether it was still running then."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            assert os.waitstatus_to_exitcode(status) == 0
            return False
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def measure(backend: str, folder: Path, count: int) -> dict[str, float]:
    """Kill so many trainings, each at least once, resume each until it ends, and compare what they leave behind."""
    from cnndsl.backends import find_backend

    find_backend(backend)
    spec, chance = write(folder), random.Random(backend)
    began = time.monotonic()
    assert not is_killed(start(spec, folder / "whole", backend), 600)
    longest, expected = time.monotonic() - began, sums(folder / "whole")
    killed = kills = different = 0
    while killed < count:
        output, before, within, start_of_run = folder / "run", kills, longest, time.monotonic()
        while is_killed(start(spec, output, backend), chance.uniform(0, within)):
            kills, within = kills + 1, 2 * within
        if kills == before:  # the machine is faster than it was
            longest = time.monotonic() - start_of_run
        killed += kills > before
        different += sums(output) != expected
        for path in sorted(output.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
    return {"runs": killed, "kills": kills, "different": different, "seconds": time.monotonic() - began}


def write(folder: Path) -> Path:
    """The spec and its data: a part of the digits, so that a training takes a moment."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    images = digits.images[:SAMPLES, None].astype(np.float32)
    np.savez(folder / "digits.npz", x=images, y=digits.target[:SAMPLES])
    (folder / "small.cnn").write_text(SPEC, encoding="utf-8")
    return folder / "small.cnn"


if __name__ == "__main__":
    import cnndsl.training.entry  # noqa: F401  imported once, before the children are there

    sys.modules["matplotlib"] = None  # type: ignore[assignment]  # a curve takes longer to draw than these trainings
    print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))))
