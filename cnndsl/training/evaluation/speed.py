"""How fast a network runs and how much memory it takes, on each backend in a process of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from time import perf_counter

import numpy as np

from ...backends import find_backend
from ...backends.base import Computing, Network
from ...backends.freed_memory import keep_freed_memory
from ...diagnostics import DiagnosticError
from ...ir import Graph
from ...ops.learned import Embedding
from ...recipe import Loss, Optimizer
from ...record import Record
from ..data import Images, Labels

__all__ = ["MODES", "Bench", "Speed", "measure_speed"]

MODES = ("predict", "train")

_FEWEST = 3
"""Batches that are timed, however long they take; one before them is not."""


class Bench(Record):
    """What is measured: a network, how it is trained, and in batches of which size.

    Each mode is measured for at least so many ``seconds``. ``computing`` is as for a training, but its device is that of torch.
    """

    graph: Graph
    loss: Loss
    optimizer: Optimizer
    batch: int
    seconds: float = 2.0
    computing: Computing = Computing()


class Speed(Record):
    """What one backend did in one mode, or why it refused.

    ``seconds`` is the median over ``batches``. ``memory`` are the bytes by which the process grew at its peak after the network
    was made, what the library takes for itself at its first call included; None where the system does not tell.
    """

    backend: str
    mode: str
    batches: int = 0
    seconds: float = 0.0
    memory: int | None = None
    refused: str = ""


def measure_speed(bench: Bench, backends: Iterable[str], modes: Iterable[str] = MODES) -> list[Speed]:
    """Measure each backend in each mode, one after the other, each in a fresh process."""
    found = []
    for backend in backends:
        for mode in modes:
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
                found.append(process.submit(_measure, bench, backend, mode).result())
    return found


def _measure(bench: Bench, backend: str, mode: str) -> Speed:
    """What one process measures."""
    try:
        compiler = find_backend(backend)
        if (backend, mode) == ("torch", "train"):
            keep_freed_memory()  # as `cnndsl train` does
        before = _peak()
        computing = bench.computing if backend == "torch" else Computing({**bench.computing, "device": "cpu"})
        network = compiler.compile(bench.graph, **computing)
        run = _training(bench, network) if mode == "train" else _prediction(bench, network)
        run()
    except DiagnosticError as error:
        item = error.diagnostics[0]
        return Speed(backend, mode, refused=f"{item.kind.code}: {item.message}")
    taken: list[float] = []
    while len(taken) < _FEWEST or sum(taken) < bench.seconds:
        start = perf_counter()
        run()
        taken.append(perf_counter() - start)
    after = _peak()
    memory = None if before is None or after is None else after - before
    return Speed(backend, mode, len(taken), float(np.median(taken)), memory)


def _prediction(bench: Bench, network: Network) -> Callable[[], object]:
    x = _samples(bench.graph, bench.batch)
    return lambda: network.forward(x)


def _training(bench: Bench, network: Network) -> Callable[[], object]:
    x, labels = _samples(bench.graph, bench.batch), _labels(bench.graph, bench.batch)
    trainer = network.trainer(bench.loss, bench.optimizer)
    # a rate of 0 keeps the numbers where they are: what is not finite takes another time
    return lambda: trainer.step(x, labels, learning_rate=0.0, step=0)


def _samples(graph: Graph, count: int) -> Images:
    """Random inputs: numbers around 0, or tokens that every embedding knows."""
    random, type_ = np.random.default_rng(0), graph.input.type
    if type_.dtype == "token":
        known = [node.operator.num_embeddings for node in graph.nodes if isinstance(node.operator, Embedding)]
        return random.integers(0, min(known, default=1), (count, *type_.shape))
    return random.standard_normal((count, *type_.shape), np.float32)


def _labels(graph: Graph, count: int) -> Labels:
    classes, *places = graph.output.type.shape
    return np.random.default_rng(1).integers(0, classes, (count, *places))


def _peak() -> int | None:
    """The most bytes that this process has had in memory.

    On Linux getrusage counts what the process had that started this one, too.
    """
    if sys.platform == "darwin":
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as status:
            found = next(line for line in status if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        return None
    return int(found.split()[1]) * 1024
