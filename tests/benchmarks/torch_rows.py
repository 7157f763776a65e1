"""The PyTorch backend beside networks written by hand: ``python -m tests.benchmarks.torch_rows [WORK ...] [--rounds 9]``.

CPU time of one thread against one, in turns, each in a process of its own, so that none finds the memory as another one
left it; ours keeps freed memory while it trains, as `cnndsl train` does. The module of
:mod:`tests.benchmarks.by_hand` as it is written is 1, and a ratio above 1 says that something takes less time: ``ratio`` is
ours, ``by_hand`` that of the same module tuned by hand, and ``onnxruntime`` that of ONNX Runtime, if it is installed. Before
anything is timed the outputs are compared, and the losses of two steps of what has no dropout.
"""

from __future__ import annotations

import argparse
import copy
import json
import multiprocessing
import subprocess
import sys
import warnings
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from tests.benchmarks.numpy_rows import ROOT, count_of, one_thread, resized, seconds

PAIRS = 9

Run = Callable[[], Any]


class Work(NamedTuple):
    """A network and what is done with it; without an ``aim`` it is to come up to ONNX Runtime."""

    spec: str
    batch: int
    at_least: float
    aim: float | None
    kind: str = "infer"
    optimizer: str = "sgd"
    shape: tuple[int, ...] = ()


WORKS = {
    "resnet50 infer b1": Work("resnet50", 1, 1.10, 1.2),
    "resnet50 infer b8": Work("resnet50", 8, 1.15, 1.3),
    "googlenet infer b1": Work("googlenet", 1, 2.0, 2.3),
    "googlenet infer b8": Work("googlenet", 8, 2.1, 2.3),
    "mobilenet_v2 infer b1": Work("mobilenet_v2", 1, 1.5, 1.7),
    "mobilenet_v2 infer b8": Work("mobilenet_v2", 8, 1.55, 1.7),
    "vgg16 infer b1": Work("vgg16", 1, 1.2, 1.3),
    "lenet5 predict b1": Work("lenet5", 1, 1.0, 1.2),
    "lenet5 module b1": Work("lenet5", 1, 1.1, 1.2, "module"),
    "resnet50 train b4": Work("resnet50", 4, 1.12, 1.23, "train"),
    "mobilenet_v2 train b4": Work("mobilenet_v2", 4, 1.25, 1.38, "train"),
    "googlenet train b4": Work("googlenet", 4, 1.45, 1.6, "train"),
    "mnist_cnn train b128": Work("mnist_cnn", 128, 1.5, 1.65, "train", "adam"),
    "resnet18 train b8 at 64x64": Work("resnet18", 8, 1.0, 1.1, "train", shape=(3, 64, 64)),
    "resnet50 compiled b1": Work("resnet50", 1, 1.4, None, "compiled"),
    "mobilenet_v2 compiled b1": Work("mobilenet_v2", 1, 1.9, None, "compiled"),
    "googlenet compiled b1": Work("googlenet", 1, 2.1, None, "compiled"),
    "vgg16 compiled b1": Work("vgg16", 1, 1.25, None, "compiled"),
    "lenet5 compiled b1": Work("lenet5", 1, 1.5, None, "compiled"),
}


def row(name: str, rounds: int) -> dict[str, Any]:
    """The ratios of one work, and the milliseconds that the module takes as it is written."""
    work = WORKS[name]
    with one_thread(), TemporaryDirectory() as folder:
        contenders = _training(work) if work.kind == "train" else _predicting(work, Path(folder))
        ratios, base = in_turns(contenders, rounds, keeps=work.kind == "train")
    aim = work.aim or ratios.get("onnxruntime")
    found = {"work": name, "ratio": ratios.pop("ratio"), "at_least": work.at_least, "aim": aim}
    return {**found, **ratios, "eager_ms": round(1e3 * base, 3)}


def in_turns(contenders: Mapping[str, Run], rounds: int, *, keeps: bool) -> tuple[dict[str, float], float]:
    """The median ratios of the others, the CPU time of ``eager`` in the same round being 1, and the seconds of that one.

    Ours ``keeps`` freed memory or does not.
    """
    processes = {name: _Contender(run, keeps=keeps and name == "ratio") for name, run in contenders.items()}
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds):
        order = list(contenders)
        for name in order if number % 2 else reversed(order):
            times[name].append(processes[name].seconds())
    base = times.pop("eager")
    ratios = {
        name: round(median(one / other for one, other in zip(base, each, strict=True)), 3)
        for name, each in times.items()
    }
    return ratios, median(base)


class _Contender:
    """A contender in a process of its own, which runs it when it is told to."""

    def __init__(self, run: Run, *, keeps: bool) -> None:
        context = multiprocessing.get_context("fork")  # what was made and compared is there already
        self._pipe, there = context.Pipe()
        context.Process(target=_serve, args=(there, run, keeps), daemon=True).start()

    def seconds(self) -> float:
        """The CPU time of one call, after one that does not count."""
        self._pipe.send(None)
        return float(self._pipe.recv())


def _serve(pipe: Any, run: Run, keeps: bool) -> None:
    from cnndsl.backends.freed_memory import keep_freed_memory

    if keeps:
        keep_freed_memory()
    count = count_of(run)
    while True:
        pipe.recv()
        pipe.send(seconds(run, count))


def _network(work: Work) -> tuple[Any, Any, Any]:
    """Our network, the module by hand with the same tensors, and a batch."""
    import numpy as np
    import torch

    from cnndsl.api import load
    from cnndsl.backends import find_backend
    from tests.benchmarks.by_hand import NETWORKS

    graph = load(f"zoo:{work.spec}").graph
    graph = resized(graph, work.shape) if work.shape else graph
    network = find_backend("torch").compile(graph, threads=1, compiled=work.kind == "compiled")
    with torch.device("meta"):
        module = NETWORKS[work.spec]()
    module.to_empty(device="cpu")
    module.load_state_dict({name: torch.from_numpy(array) for name, array in network.state().items()})
    x = np.random.default_rng(0).standard_normal((work.batch, *graph.input.type.shape), np.float32)
    return network, module, x


def _predicting(work: Work, folder: Path) -> dict[str, Run]:
    import torch

    from cnndsl.training.checkpoints.loading import run_batches
    from tests.benchmarks.by_hand import tuned

    network, module, x = _network(work)
    module.eval()
    tensor, better = torch.from_numpy(x), tuned(module)
    last = tensor.contiguous(memory_format=torch.channels_last)
    contenders: dict[str, Run] = {
        "eager": _without_gradients(torch.no_grad, module, tensor),
        "ratio": lambda: run_batches(network, x),
        "by_hand": _without_gradients(torch.inference_mode, better, last),
    }
    if work.kind == "module":
        contenders["ratio"] = _without_gradients(torch.no_grad, _module(network), tensor)
    if find_spec("onnxruntime"):
        contenders["onnxruntime"] = _in_onnxruntime(module, tensor, folder)
    expected = contenders["eager"]()
    for name, run in contenders.items():
        torch.testing.assert_close(
            torch.as_tensor(run()), expected, rtol=1e-3, atol=1e-4, msg=lambda text, n=name: f"{n}: {text}"
        )
    return contenders


def _module(network: Any) -> Any:
    """The module that ``Model.to_torch`` gives."""
    from cnndsl.backends.torch import TorchBackend
    from cnndsl.backends.torch.source import write_source

    return TorchBackend().module(network.graph, write_source(network.graph), network.state(), "float32").eval()


def _without_gradients(without: Callable[[], Any], module: Any, tensor: Any) -> Run:
    def run() -> Any:
        with without():
            return module(tensor)

    return run


def _in_onnxruntime(module: Any, tensor: Any, folder: Path) -> Run:
    import onnxruntime
    import torch

    path = str(folder / "model.onnx")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter that needs no further package is deprecated
        torch.onnx.export(module, (tensor,), path, dynamo=False)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    given = {session.get_inputs()[0].name: tensor.numpy()}
    return lambda: session.run(None, given)[0]


def _training(work: Work) -> dict[str, Run]:
    import torch

    network, module, x = _network(work)
    labels = torch.arange(work.batch) % 10
    has_dropout = any(isinstance(each, torch.nn.Dropout) for each in module.modules())  # which each draws for itself
    expected = _without_gradients(torch.no_grad, module.eval(), torch.from_numpy(x))()
    torch.testing.assert_close(torch.from_numpy(network.forward(x)), expected, rtol=1e-3, atol=1e-4)
    better = copy.deepcopy(module).to(memory_format=torch.channels_last)
    last = torch.from_numpy(x).contiguous(memory_format=torch.channels_last)
    contenders = {
        "eager": _steps(work, module, torch.from_numpy(x), labels),
        "ratio": _our_steps(work, network, x, labels.numpy()),
        "by_hand": _steps(work, better, last, labels, fused=True),
    }
    losses = {name: (run(), run()) for name, run in contenders.items()}
    for each in () if has_dropout else losses.values():
        torch.testing.assert_close(torch.tensor(each), torch.tensor(losses["eager"]), rtol=1e-3, atol=1e-4)
    return contenders


RATE = 1e-4
"""The losses of two steps are compared: with a larger rate the second one tells more of rounding than of the network."""


def _steps(work: Work, module: Any, tensor: Any, labels: Any, **options: bool) -> Run:
    import torch

    module.train()
    kinds = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}
    more: dict[str, Any] = {"momentum": 0.9} if work.optimizer == "sgd" else {}
    optimizer = kinds[work.optimizer](module.parameters(), lr=RATE, **more, **options)

    def run() -> float:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(module(tensor), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return run


def _our_steps(work: Work, network: Any, x: Any, labels: Any) -> Run:
    from cnndsl.recipe import CrossEntropy
    from cnndsl.recipe.optimizers import SGD, Adam

    optimizer = Adam() if work.optimizer == "adam" else SGD(lr=RATE, momentum=0.9)
    trainer = network.trainer(CrossEntropy(), optimizer)
    return lambda: trainer.step(x, labels, learning_rate=RATE, step=0)


def rows(names: list[str], rounds: int) -> list[dict[str, Any]]:
    """All rows, each from a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.torch_rows", "--rounds", str(rounds), "--row"]
    return [
        json.loads(subprocess.run([*command, name], cwd=ROOT, check=True, capture_output=True, text=True).stdout)
        for name in names
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("works", nargs="*", default=list(WORKS), metavar="WORK")
    parser.add_argument("--rounds", type=int, default=PAIRS)
    parser.add_argument("--row", choices=WORKS)
    options = parser.parse_args()
    unknown = [name for name in options.works if name not in WORKS]
    if unknown:
        parser.error(f"there is no work {unknown[0]!r}; there are {', '.join(WORKS)}")
    if options.row:
        print(json.dumps(row(options.row, options.rounds)))
    else:
        print(json.dumps(rows(options.works, options.rounds)))


if __name__ == "__main__":
    main()
