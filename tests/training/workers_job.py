"""What every worker of test_workers.py runs: ``torchrun --nproc-per-node 2 -m tests.training.workers_job DIR``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from cnndsl.backends.base import Options
from cnndsl.backends.torch.devices import Device
from cnndsl.backends.workers import end_process
from cnndsl.ops.activation import Relu, Tanh
from cnndsl.ops.dropout import Dropout
from cnndsl.ops.linear import Dense, Flatten
from cnndsl.ops.normalization import BatchNorm
from cnndsl.recipe import Clip, CrossEntropy, Recipe
from cnndsl.recipe.datasets import Digits
from cnndsl.recipe.optimizers import SGD
from cnndsl.training import Run, TrainingResult, train_network
from tests.support.networks import chain, conv

SHAPE = (1, 8, 8)
PLAIN = chain("Plain", SHAPE, [conv(4, 3), Tanh(), Flatten(), Dense(10)])
NORMAL = chain("Normal", SHAPE, [conv(4, 3), BatchNorm(), Relu(), Flatten(), Dense(10)])
NOISY = chain("Noisy", SHAPE, [conv(4, 3), Tanh(), Dropout(0.2), Flatten(), Dense(16), Tanh(), Dense(10)])
# 1,437 samples: the last batch has 29, which two workers cannot share evenly
RECIPE = Recipe(data=Digits(), optimizer=SGD(lr=0.05, momentum=0.9), epochs=1, batch=128)
WEIGHTED = RECIPE.replace(
    loss=CrossEntropy(weight=tuple(np.linspace(0.5, 2, 10).tolist())), accumulate=3, clip=Clip(norm=0.5), ema=0.9
)

JOBS: dict[str, tuple[Any, Recipe, Options]] = {
    "plain": (PLAIN, RECIPE, Options()),
    "weighted, in parts, with dropout": (NOISY, WEIGHTED, Options(recompute=True)),
    "statistics of all": (NORMAL, RECIPE, Options(sync_bn=True, recompute=True)),
    "own statistics": (NORMAL, RECIPE, Options()),
}
HELD = ("weighted, in parts, with dropout", "statistics of all")
"""The jobs whose samples stay on the device of each worker."""


def run(name: str, **further: Any) -> TrainingResult:
    graph, recipe, options = JOBS[name]
    return train_network(graph, recipe, backend="torch", dtype="float64", options=options, **further)


def main(folder: Path) -> None:
    rank = 0
    for name in JOBS:
        with patch.object(Device, "room", 2**30 if name in HELD else 0):  # as a GPU has it
            result = run(name)
        rank = result.network.workers.rank
        figures = {"loss": np.array([result.history[-1].training_loss, result.loss, result.accuracy])}
        np.savez(folder / f"{name}.{rank}.npz", **result.network.state(), **figures)
    # what one worker has left another number of them goes on with; it is only there for the first one
    output = str(folder / "one") if rank == 0 else str(folder / "nowhere")
    graph, recipe, _ = JOBS["plain"]
    resumed = Run(output, "", resume=True)
    result = train_network(graph, recipe.replace(epochs=2), backend="torch", dtype="float64", run=resumed)
    np.savez(folder / f"resumed.{rank}.npz", **result.network.state())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    end_process(0)  # as the command does
