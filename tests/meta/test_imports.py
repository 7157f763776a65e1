"""What starts fast imports nothing heavy, and modules import only from the layers below them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cnndsl.api import load

ROOT = Path(__file__).parents[2]
HEAVY = ("numpy", "torch", "onnx", "rich", "lark", "matplotlib", "sklearn", "safetensors", "dataclasses", "pathlib")

_RUN = """
import sys
from cnndsl.cli.main import main
code = main(sys.argv[1:])
heavy = {heavy!r}
print("heavy:", *[name for name in heavy if name in sys.modules])
sys.exit(code)
"""


@pytest.mark.parametrize(
    ("arguments", "light"),
    [
        (("check", "zoo:lenet5"), ()),
        (("check", "zoo:lenet5", "--format", "json"), ()),
        (("summary", "zoo:lenet5", "--explain"), ()),
        (("diagram", "zoo:lenet5", "-o", "{folder}/x.dot"), ("pathlib",)),  # the package graphviz imports it
        (("explain-shape", "zoo:lenet5", "c3", "-o", "{folder}/x.svg"), ()),
        (("explain-shape", "zoo:lenet5", "c3", "--receptive-field"), ()),
        (("new", "{folder}/new.cnn"), ()),
        (("train", "--help"), ()),
    ],
)
def test_a_cold_command_imports_nothing_heavy(arguments: tuple[str, ...], light: tuple[str, ...], tmp_path) -> None:
    words = [word.format(folder=tmp_path) for word in arguments]
    heavy = [name for name in HEAVY if name not in light]
    command = [sys.executable, "-c", _RUN.format(heavy=heavy), *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "heavy:"


_PREDICT = """
import sys
import numpy
import cnndsl
model = cnndsl.load("specs/lenet5.cnn")
model.restore(sys.argv[1])
assert model.predict(numpy.zeros((1, 1, 32, 32), "f4")).shape == (1, 10)
print(*sys.modules)
"""


def test_a_prediction_imports_nothing_that_only_training_needs(tmp_path) -> None:
    """The first one takes little longer than ``import numpy`` does."""
    x, labels = np.zeros((10, 1, 32, 32), np.uint8), np.arange(10)
    load("zoo:lenet5").train(data=((x, labels), (x, labels)), epochs=1, output=tmp_path)
    command = [sys.executable, "-c", _PREDICT, str(tmp_path)]
    loaded = set(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split())
    unused = {"training.loop", "training.data.readers", "analysis", "backends.numpy.plan.training", "explain", "recipe"}
    text = {"syntax", "elaborate", "problems"}
    mistakes = {"diagnostics.model", "diagnostics.kinds.files", "diagnostics.suggest", "diagnostics.text"}
    others = {
        "ops.sight.seen",
        "backends.numpy.kernels.base",
        "backends.numpy.plan.team",
        "training.checkpoints.saving",
    }
    assert not {f"cnndsl.{name}" for name in unused | text | mistakes | others} & loaded
    assert not {"numpy.random", "concurrent.futures", "difflib", "email", "zipfile", "logging"} & loaded
    assert not {"dataclasses", "_hashlib", "numpy.typing", "threading", "threadpoolctl"} & loaded
    assert not {"cnndsl.ops.resize", "cnndsl.training.data", "cnndsl.training.history"} & loaded


def test_modules_import_only_downward() -> None:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
