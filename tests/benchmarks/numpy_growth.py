"""How the NumPy backend grows with the batch, the depth and the threads: ``python -m tests.benchmarks.numpy_growth``.

Seconds are CPU time of one thread, the least of several runs; those of threads are of the clock, as that is what threads are
for: five runs of each number in turns, the quietest of each. The ceiling says what two cores can give on this machine: two
processes that do the same side by side, which share nothing, against one.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from time import perf_counter
from typing import Any

from tests.benchmarks.numpy_rows import WORKS, Work, graph_of, one_thread, ours_forward, ours_training, seconds

BATCHES = (1, 4, 16, 64, 256)
DEPTHS = (4, 8, 16, 32)
RUNS = 5
STEPS = 20
"""How often a process does a step beside others."""

GROWING = {
    "lenet5 infer": Work("lenet5", 1, 0, 0),
    "mnist_cnn infer": Work("mnist_cnn", 1, 0, 0),
    "mnist_cnn train": Work("mnist_cnn", 1, 0, 0, True),
    "flowers4 train": Work("flowers4", 1, 0, 0, True),
    "resnet18 infer at 64x64": Work("resnet18", 1, 0, 0, shape=(3, 64, 64)),
}


def step_of(work: Work, graph: Any, threads: int = 1) -> Callable[[], object]:
    import numpy as np

    random = np.random.default_rng(0)
    x = random.standard_normal((work.batch, *graph.input.type.shape), np.float32)
    if not work.training:
        return ours_forward(graph, x, threads)
    return ours_training(work, graph, x, random.integers(0, graph.output.type.shape[0], work.batch), threads)


def least(step: Callable[[], object], clock: Callable[[], float] | None = None) -> float:
    """Seconds of the quietest of several runs, after one that does not count."""
    step()
    if clock is None:
        count = max(1, int(0.05 / max(seconds(step, 1), 1e-5)))
        return min(seconds(step, count) for _ in range(RUNS))
    found = []
    for _ in range(RUNS):
        start = clock()
        step()
        found.append(clock() - start)
    return min(found)


def with_batch() -> dict[str, dict[int, float]]:
    """Milliseconds for each sample, by the size of the batch."""
    found: dict[str, dict[int, float]] = {}
    for name, work in GROWING.items():
        graph = graph_of(work)
        found[name] = {
            batch: round(1e3 * least(step_of(work._replace(batch=batch), graph)) / batch, 4) for batch in BATCHES
        }
    return found


def with_depth() -> dict[str, dict[int, float]]:
    """Milliseconds for each layer, by their number: convolutions of 64 channels on 28x28, batches of 8."""
    from cnndsl.api import check_text

    found: dict[str, dict[int, float]] = {}
    for name, training in (("infer", False), ("train", True)):
        work = Work("", 8, 0, 0, training)
        found[name] = {}
        for depth in DEPTHS:
            layers = f"repeat {depth} {{ conv 64 3x3 pad=1 | relu }}\n global_avgpool | flatten | dense 10"
            step = step_of(work, check_text(f"network N {{ input 3x28x28\n {layers} }}").require_graph())
            found[name][depth] = round(1e3 * least(step) / depth, 3)
    return found


def with_threads(names: list[str]) -> dict[str, dict[str, float]]:
    """Milliseconds on the clock with one thread and with two."""
    found = {}
    for name in names:
        graph = graph_of(WORKS[name])
        one, two = (min(times) for times in zip(*(_turn(WORKS[name], graph) for _ in range(RUNS)), strict=True))
        found[name] = {"one": round(1e3 * one, 2), "two": round(1e3 * two, 2), "ratio": round(one / two, 2)}
    return found


def ceiling(names: list[str]) -> dict[str, dict[str, float]]:
    """Milliseconds on the clock of one process, and of two at once; the ratio is what two threads could reach."""
    found = {}
    for name in names:
        one, two = (min(_at_once(name, count) for _ in range(RUNS)) for count in (1, 2))
        found[name] = {"one": round(1e3 * one, 2), "two": round(1e3 * two, 2), "ratio": round(2 * one / two, 2)}
    return found


def _at_once(name: str, count: int) -> float:
    """Seconds of a step in the slowest of some processes that begin together."""
    context = multiprocessing.get_context("spawn")
    start, times = context.Barrier(count), context.SimpleQueue()
    processes = [context.Process(target=_alone, args=(name, start, times)) for _ in range(count)]
    for each in processes:
        each.start()
    slowest = max(times.get() for _ in processes)
    for each in processes:
        each.join()
    return slowest


def _alone(name: str, start: Barrier, times: multiprocessing.SimpleQueue[float]) -> None:
    with one_thread():
        step = step_of(WORKS[name], graph_of(WORKS[name]))
        step()
        start.wait()
        begin = perf_counter()
        for _ in range(STEPS):
            step()
        times.put((perf_counter() - begin) / STEPS)


def _turn(work: Work, graph: Any) -> list[float]:
    return [least(step_of(work, graph, threads), perf_counter) for threads in (1, 2)]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("what", nargs="*", default=["batch", "depth", "threads", "ceiling"])
    parser.add_argument(
        "--works", nargs="*", default=["mnist_cnn train b128", "flowers4 train b64", "googlenet infer b1"]
    )
    options = parser.parse_args()
    measures: dict[str, Callable[[], object]] = {
        "batch": with_batch,
        "depth": with_depth,
        "threads": lambda: with_threads(options.works),
        "ceiling": lambda: ceiling(options.works),
    }
    with one_thread():
        for name in options.what:
            print(json.dumps({name: measures[name]()}), flush=True)


if __name__ == "__main__":
    main()
