"""The NumPy backend beside eager PyTorch: ``python -m tests.benchmarks.numpy_rows [WORK ...] [--rounds 9]``.

CPU time of one thread against one, in turns in one process; a ratio above 1 says that NumPy is faster. Each row is run in a
process of its own, so that no network inherits another's caches. Beside it are torch with its channels last and, where it is
installed, ONNX Runtime, both against eager PyTorch too; and how many of the floating-point operations of a plain
convolution NumPy does per second, as a share of what a large matrix product does. Memory is the growth of the peak above a
process that has already run a small network.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]

Step = Callable[[], object]


class Work(NamedTuple):
    """A network and what is done with it; ``at_least`` and ``aim`` are ratios of torch's CPU time to ours."""

    spec: str
    batch: int
    at_least: float
    aim: float
    training: bool = False
    optimizer: str = "adam"
    shape: tuple[int, ...] = ()


WORKS = {
    "vgg16 infer b1": Work("vgg16", 1, 1.2, 1.6),
    "vgg16 infer b8": Work("vgg16", 8, 1.2, 1.6),
    "resnet50 infer b1": Work("resnet50", 1, 0.9, 1.2),
    "resnet50 infer b8": Work("resnet50", 8, 0.9, 1.2),
    "googlenet infer b1": Work("googlenet", 1, 1.3, 2.0),
    "googlenet infer b8": Work("googlenet", 8, 1.3, 2.0),
    "mobilenet_v2 infer b1": Work("mobilenet_v2", 1, 0.6, 1.0),
    "mobilenet_v2 infer b8": Work("mobilenet_v2", 8, 0.6, 1.0),
    "lenet5 infer b1": Work("lenet5", 1, 1.5, 3.0),
    "mnist_cnn infer b128": Work("mnist_cnn", 128, 1.4, 1.9),
    "mnist_cnn train b128": Work("mnist_cnn", 128, 0.9, 1.2, True),
    "lenet5 train b128": Work("lenet5", 128, 0.8, 1.0, True),
    "flowers3 train b10": Work("flowers3", 10, 1.0, 1.5, True),
    "flowers3 train b64": Work("flowers3", 64, 1.0, 1.5, True),
    "flowers4 train b10": Work("flowers4", 10, 1.0, 1.5, True),
    "flowers4 train b64": Work("flowers4", 64, 1.0, 1.5, True),
    "resnet18 train b8 at 64x64": Work("resnet18", 8, 0.75, 0.9, True, "sgd", (3, 64, 64)),
}

MEMORY = {"at_least": 2.0, "aim": 4.0}

PAIRS = 9
SLICE = 0.2
"""Seconds of CPU time that one measurement takes at least."""


def row(name: str, rounds: int) -> dict[str, Any]:
    """The ratio of one work, and those of the others."""
    work = WORKS[name]
    graph = graph_of(work)
    ours, eager, others = contenders(work, graph)
    with one_thread():
        peak_ = sgemm_peak()
        ratio, milliseconds = in_turns(ours, eager, rounds)
        beside = {other: in_turns(make(), eager, max(3, rounds // 3))[0] for other, make in others.items()}
    figures = {"work": name, "ratio": ratio, "at_least": work.at_least, "aim": work.aim, "torch_ms": milliseconds}
    operations = 2 * work.batch * sum(node.macs for node in graph.nodes) * (3 if work.training else 1)
    share = operations / (milliseconds / ratio * 1e-3) / peak_
    return {**figures, **beside, "numpy_ms": round(milliseconds / ratio, 3), "sgemm_share": round(share, 3)}


def sgemm_peak() -> float:
    """Floating-point operations per second of CPU time of a product of 2048 x 2048 numbers: the best of five."""
    import numpy as np

    x = np.random.default_rng(0).standard_normal((2048, 2048), np.float32)
    y = np.empty_like(x)
    return float(2 * 2048**3 / min(seconds(lambda: np.matmul(x, x, out=y), 1) for _ in range(5)))


def in_turns(ours: Callable[[], object], theirs: Callable[[], object], rounds: int) -> tuple[float, float]:
    """The median of their CPU time over ours, and of theirs in milliseconds."""
    counts = [count_of(ours), count_of(theirs)]
    pairs = []
    for number in range(rounds):
        order = (0, 1) if number % 2 else (1, 0)
        times = {place: seconds((ours, theirs)[place], counts[place]) for place in order}
        pairs.append((times[1] / times[0], times[1] * 1e3))
    return round(median(ratio for ratio, _ in pairs), 3), round(median(each for _, each in pairs), 3)


def count_of(function: Callable[[], object]) -> int:
    """How often a function is called in a measurement, after two calls that warm it up."""
    function()
    return max(1, int(SLICE / max(seconds(function, 1), 1e-5)))


def seconds(function: Callable[[], object], count: int) -> float:
    """CPU seconds of one call."""
    start = process_time()
    for _ in range(count):
        function()
    return (process_time() - start) / count


def one_thread() -> Any:
    """torch and BLAS held to one thread."""
    import torch
    from threadpoolctl import threadpool_limits

    torch.set_num_threads(1)
    return threadpool_limits(1)


def graph_of(work: Work) -> Any:
    from cnndsl.api import load

    graph = load(f"zoo:{work.spec}").graph
    return resized(graph, work.shape) if work.shape else graph


def resized(graph: Any, shape: tuple[int, ...]) -> Any:
    """The same layers for an input of another size, whatever the contracts of the spec say of theirs."""
    from cnndsl.ir import Graph, Node, Value
    from cnndsl.ops import TensorType

    values = {graph.input: Value(TensorType(shape))}
    nodes = []
    for node in graph.nodes:
        inputs = tuple(values[value] for value in node.inputs)
        types = node.operator.outputs(*(value.type for value in inputs))
        values.update(zip(node.outputs, map(Value, types), strict=True))
        outputs = tuple(values[value] for value in node.outputs)
        nodes.append(Node(node.path, node.operator, inputs, outputs, node.span, node.attribute_spans, node.block))
    return Graph(graph.name, values[graph.input], tuple(nodes), values[graph.output])


def contenders(work: Work, graph: Any) -> tuple[Step, Step, dict[str, Callable[[], Step]]]:
    """One step of ours, of torch, and by name what makes one of others: they take memory, so they come afterwards."""
    import copy

    import numpy as np
    import torch

    from tests.benchmarks.eager import Eager

    random = np.random.default_rng(0)
    x = random.standard_normal((work.batch, *graph.input.type.shape), np.float32)
    labels = random.integers(0, graph.output.type.shape[0], work.batch)
    module, tensor = Eager(graph), torch.from_numpy(x)
    module.train(work.training)
    last = tensor.contiguous(memory_format=torch.channels_last)

    def module_last() -> Any:
        return copy.deepcopy(module).to(memory_format=torch.channels_last)

    if work.training:
        classes = torch.from_numpy(labels)
        return (
            ours_training(work, graph, x, labels),
            torch_training(work, module, tensor, classes),
            {"channels_last": lambda: torch_training(work, module_last(), last, classes)},
        )
    others: dict[str, Callable[[], Step]] = {"channels_last": lambda: torch_forward(module_last(), last)}
    if find_spec("onnxruntime") is not None:
        others["onnxruntime"] = lambda: runtime_forward(module, tensor, x)
    return ours_forward(graph, x), torch_forward(module, tensor), others


def runtime_forward(module: Any, tensor: Any, x: Any) -> Callable[[], object]:
    """ONNX Runtime on what torch exports, with one thread that does not spin."""
    import onnxruntime
    import torch

    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = str(Path(folder, "model.onnx"))
        torch.onnx.export(module, (tensor,), path, dynamo=False)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda: session.run(None, {name: x})


def ours_forward(graph: Any, x: Any, threads: int = 1) -> Callable[[], object]:
    from cnndsl.backends import find_backend

    network = find_backend("numpy").compile(graph, threads=threads)
    return lambda: network.forward(x)


def ours_training(work: Work, graph: Any, x: Any, labels: Any, threads: int = 1) -> Callable[[], object]:
    from cnndsl.backends import find_backend
    from cnndsl.recipe import CrossEntropy
    from cnndsl.recipe.optimizers import SGD, Adam

    optimizer = Adam() if work.optimizer == "adam" else SGD(lr=1e-3)
    trainer = find_backend("numpy").compile(graph, threads=threads).trainer(CrossEntropy(), optimizer)
    return lambda: trainer.step(x, labels, learning_rate=1e-3, step=0)


def torch_forward(module: Any, tensor: Any) -> Callable[[], object]:
    import torch

    def run() -> object:
        with torch.no_grad():
            return module(tensor)

    return run


def torch_training(work: Work, module: Any, tensor: Any, labels: Any) -> Callable[[], object]:
    import torch

    kinds = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}
    optimizer = kinds[work.optimizer](module.parameters(), lr=1e-3)

    def run() -> object:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(module(tensor), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return run


def peak(name: str, ours: bool) -> float:
    """MiB that three steps add to the peak of this process, after it has taken those of a small network."""
    _step(WORKS["lenet5 train b128"]._replace(batch=2), ours)()
    step = _step(WORKS[name], ours)
    before = _resident("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")
    for _ in range(3):
        step()
    return (_resident("VmHWM") - before) / 1024


def _step(work: Work, ours: bool) -> Callable[[], object]:
    found = contenders(work, graph_of(work))
    return found[0] if ours else found[1]


def _resident(field: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(field)).split()[1])


def memory_row(name: str) -> dict[str, Any]:
    peaks = [float(_in_process("--peak", name, *(["--ours"] if ours else []))) for ours in (True, False)]
    figures = {"work": f"peak memory of {name}", "ratio": round(peaks[1] / peaks[0], 3), **MEMORY}
    return {**figures, "numpy_mib": round(peaks[0], 1), "torch_mib": round(peaks[1], 1)}


def rows(names: list[str], rounds: int) -> list[dict[str, Any]]:
    """All rows: the times first, then the memory of what trains."""
    found = [json.loads(_in_process("--row", name, "--rounds", str(rounds))) for name in names]
    return found + [memory_row(name) for name in names if WORKS[name].training]


def _in_process(*arguments: str) -> str:
    command = [sys.executable, "-m", "tests.benchmarks.numpy_rows", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("works", nargs="*", default=list(WORKS))
    parser.add_argument("--rounds", type=int, default=PAIRS)
    parser.add_argument("--row")
    parser.add_argument("--peak")
    parser.add_argument("--ours", action="store_true")
    options = parser.parse_args()
    unknown = [name for name in options.works if name not in WORKS]
    if unknown:
        parser.error(f"there is no work {unknown[0]!r}; there are {', '.join(WORKS)}")
    if options.row:
        print(json.dumps(row(options.row, options.rounds)))
    elif options.peak:
        print(peak(options.peak, options.ours))
    else:
        print(json.dumps(rows(options.works, options.rounds)))


if __name__ == "__main__":
    main()
