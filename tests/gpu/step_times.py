"""Milliseconds of a training step in bf16 beside a loop that is tuned by hand: ``python -m tests.gpu.step_times``.

Both train the module of the same spec on the same batch, which is on the device. The loop by hand has what a person would do:
channels last, autocast, a fused optimizer, cuDNN's search for the fastest algorithm, and no reading of the loss.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from statistics import median
from time import perf_counter

import numpy as np
import torch
from torch.nn.functional import cross_entropy

import cnndsl
from cnndsl.backends import find_backend
from cnndsl.backends.base import Options, TrainerOptions
from cnndsl.recipe import CrossEntropy
from cnndsl.recipe.optimizers import SGD
from cnndsl.recipe.precision import BF16

BATCH, WARM, STEPS, ROUNDS = 64, 5, 10, 5


def ours(name: str, x: np.ndarray, labels: np.ndarray) -> Callable[[], object]:
    graph = cnndsl.load(f"zoo:{name}").graph
    network = find_backend("torch").compile(graph, device="cuda", options=Options(tf32=True, deterministic=False))
    trainer = network.trainer(CrossEntropy(), SGD(0.1, momentum=0.9), TrainerOptions(precision=BF16()))
    return lambda: trainer.step(x, labels, learning_rate=0.0, step=0)


def by_hand(name: str, x: np.ndarray, labels: np.ndarray) -> Callable[[], object]:
    module = cnndsl.load(f"zoo:{name}").to_torch().cuda().to(memory_format=torch.channels_last).train()
    optimizer = torch.optim.SGD(module.parameters(), lr=0.0, momentum=0.9, fused=True)
    inputs = torch.from_numpy(x).pin_memory()
    targets = torch.from_numpy(labels).pin_memory()

    def step() -> object:
        torch.backends.cudnn.benchmark = True
        given = inputs.to("cuda", non_blocking=True).to(memory_format=torch.channels_last)
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cuda", torch.bfloat16):
            loss = cross_entropy(module(given), targets.to("cuda", non_blocking=True))
        loss.backward()
        optimizer.step()
        return loss.detach()

    return step


def milliseconds(step: Callable[[], object]) -> float:
    torch.cuda.synchronize()
    start = perf_counter()
    for _ in range(STEPS):
        step()
    torch.cuda.synchronize()
    return 1000 * (perf_counter() - start) / STEPS


def main() -> None:
    rows = []
    for name in ("resnet50", "mobilenet_v2"):
        x = np.random.default_rng(1).normal(size=(BATCH, 3, 224, 224)).astype(np.float32)
        labels = np.arange(BATCH) % 1000
        steps = {"ours": ours(name, x, labels), "by_hand": by_hand(name, x, labels)}
        for step in steps.values():
            for _ in range(WARM):
                step()
        found = [{key: milliseconds(step) for key, step in steps.items()} for _ in range(ROUNDS)]
        times = {key: median(each[key] for each in found) for key in steps}
        ratio = median(each["by_hand"] / each["ours"] for each in found)
        rows.append({"work": f"{name}, step in bf16 at batch {BATCH}", **times, "ratio": ratio, "at_least": 0.95})
    print(json.dumps({"card": torch.cuda.get_device_name(0), "torch": torch.__version__, "rows": rows}, indent=1))


if __name__ == "__main__":
    main()
