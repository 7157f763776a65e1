"""Benchmarks, on demand only: ``python tests/benchmarks/run.py NAME [--format json]``.

Each is a function that returns a row of figures per contender. They run in turns, each in a process of its own, and what
counts is the median ratio of CPU time to that of the base (ratio 1). To add one, write a function and list it below.
"""

from __future__ import annotations

import argparse
import compileall
import importlib.util
import json
import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from measure import ONE_THREAD, ROOT, compare, in_turns

import cnndsl

HERE = Path(__file__).resolve().parent

Rows = dict[str, dict[str, float]]

NNEF = "import nnef, sys; nnef.infer_shapes(nnef.parse_file(sys.argv[1]))"


PREDICT = """
import sys, numpy, cnndsl
model = cnndsl.load("zoo:lenet5")
model.restore(sys.argv[1])
model.predict(numpy.zeros((1, 1, 32, 32), numpy.float32))
"""

READ = "import sys, numpy; numpy.fromfile(sys.argv[1] + '/model.safetensors', numpy.uint8)"


def compiled_command() -> Path:
    """The command, its modules compiled as pip compiles those of the others; in a checkout that is left to the first run."""
    compileall.compile_dir(Path(cnndsl.__file__).parent, quiet=1)
    return Path(sysconfig.get_path("scripts"), "cnndsl")


def check(rounds: int = 15) -> Rows:
    """Cold ``cnndsl check specs/lenet5.cnn``, beside importing lark and beside nnef reading the same network."""
    command = compiled_command()
    contenders = {
        "import lark": [sys.executable, "-c", "import lark"],
        "cnndsl check": [str(command), "check", "specs/lenet5.cnn"],
        "python": [sys.executable, "-c", "pass"],
    }
    if importlib.util.find_spec("nnef"):
        contenders["nnef"] = [sys.executable, "-c", NNEF, str(HERE / "lenet5.nnef")]
    return compare(in_turns(contenders, rounds), base="import lark")


def resnet152(rounds: int = 5) -> Rows:
    """Cold ``cnndsl check`` and ``summary`` of ResNet-152, beside torchinfo on torchvision's where both are installed."""
    command = str(compiled_command())
    contenders = {name: [command, name, "zoo:resnet152"] for name in ("check", "summary")}
    if importlib.util.find_spec("torchinfo") and importlib.util.find_spec("torchvision"):
        contenders["torchinfo"] = [sys.executable, str(HERE / "torchinfo_resnet152.py")]
    return compare(in_turns(contenders, rounds), base="check")


def cold_predict(rounds: int = 25) -> Rows:
    """The first prediction of LeNet-5 with a checkpoint, in a new process, beside importing NumPy and reading the file."""
    command = compiled_command()
    with tempfile.TemporaryDirectory() as folder:
        train = [command, "train", "zoo:lenet5", "--epochs", "1", "--quiet", "--output", folder, "--force"]
        subprocess.run(train, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        contenders = {
            "import numpy": [sys.executable, "-c", READ, folder],
            "first prediction": [sys.executable, "-c", PREDICT, folder],
            "python": [sys.executable, "-c", "pass"],
        }
        return compare(in_turns(contenders, rounds), base="import numpy")


def mnist_epoch(rounds: int = 3, steps: int = 30) -> Rows:
    """Seconds of one epoch of the MNIST CNN, 469 batches of 128, per backend with one thread; evaluation left out.

    Two trainings of different length are measured; their difference holds no imports and no warming up.
    """
    lengths = {"short": steps // 3, "long": steps // 3 + steps}
    contenders = {
        f"{backend}, {length}": [sys.executable, "-m", "tests.benchmarks.train_steps", backend, str(count)]
        for backend in ("torch", "numpy")
        for length, count in lengths.items()
    }
    rows = compare(in_turns(contenders, rounds), base="torch, long")
    epochs = {
        backend: (rows[f"{backend}, long"]["cpu_seconds"] - rows[f"{backend}, short"]["cpu_seconds"]) / steps * 469
        for backend in ("torch", "numpy")
    }
    return {
        backend: {
            "epoch_seconds": seconds,
            "peak_mib": rows[f"{backend}, long"]["peak_mib"],
            "ratio": seconds / epochs["torch"],
        }
        for backend, seconds in epochs.items()
    }


def mistakes(**options: Any) -> Rows:
    """How well mistakes are found, explained and repaired; ``options`` are those of the command line that were given."""
    from mistakes import Options, measure_mistakes  # these import the checker; this process is to stay small

    return measure_mistakes(Options(**options))


def numpy(works: list[str]) -> list[dict[str, Any]]:
    """The NumPy backend beside eager PyTorch: a row per work, ``ratio`` above 1 where NumPy takes less CPU time."""
    return _rows("numpy_rows", works)


def torch(works: list[str]) -> list[dict[str, Any]]:
    """The PyTorch backend beside the module written by hand, that one tuned by hand, and ONNX Runtime if it is installed."""
    return _rows("torch_rows", works)


def _rows(module: str, works: list[str]) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", *works]
    found = subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.PIPE, env={**os.environ, **ONE_THREAD})
    if found.returncode:
        sys.exit(found.returncode)
    rows: list[dict[str, Any]] = json.loads(found.stdout)
    return rows


BENCHMARKS: dict[str, Callable[..., Any]] = {
    function.__name__: function for function in (check, cold_predict, resnet152, mnist_epoch, mistakes, numpy, torch)
}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("name", choices=BENCHMARKS)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument(
        "--work", action="append", default=[], dest="works", help="one row of numpy or torch; again for more"
    )
    of_mistakes = parser.add_argument_group("options of mistakes", argument_default=argparse.SUPPRESS)
    of_mistakes.add_argument("--seed", type=int, help="another seed than the one that is reported")
    of_mistakes.add_argument("--count", type=int, help="how many random mistakes of each part")
    of_mistakes.add_argument("--only", choices=("typos", "slips", "people", "speed"), help="one part")
    of_mistakes.add_argument("--baseline", metavar="PYTHON", help="a Python with another checker, for `--only speed`")
    of_mistakes.add_argument("--list", action="store_true", dest="listed", help="each case and what became of it")
    options = vars(parser.parse_args())
    name, format_, works = options.pop("name"), options.pop("format"), options.pop("works")
    if (options and name != "mistakes") or (works and name not in ("numpy", "torch")):
        parser.error(f"`{name}` takes no such option")
    if name in ("numpy", "torch"):
        options["works"] = works
    try:
        rows = BENCHMARKS[name](**options)
    except RuntimeError as error:
        sys.exit(str(error))
    if isinstance(rows, list):
        rows = rows if format_ == "json" else {each.pop("work"): each for each in rows}
    if format_ == "json":
        print(json.dumps({"schema": 1, "benchmark": name, "rows": rows}))
        return
    width = max(map(len, rows))
    for row, figures in rows.items():
        print(f"{row:{width}}", "  ".join(f"{key} {value:g}" for key, value in figures.items() if value is not None))


if __name__ == "__main__":
    main()
