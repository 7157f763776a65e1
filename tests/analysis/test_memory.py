"""Memory is known before it is spent: estimates beside what torch's allocator held, and the batch that fits a limit."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cnndsl.analysis.memory import inference_memory, largest_batch, slots_of, training_memory
from cnndsl.api import load
from cnndsl.cli.main import main
from cnndsl.diagnostics import DiagnosticError
from cnndsl.recipe import Recipe
from cnndsl.recipe.datasets import Digits
from cnndsl.recipe.optimizers import SGD, Adam, RMSprop
from cnndsl.training.memory import within_memory

ROOT = Path(__file__).parents[2]
# Bytes that tests/analysis/peak.py measured with torch 2.13.0 on a CPU with AVX-512: a training step, and a prediction.
MEASURED = {
    ("lenet5", 128): (8_489_528, 3_997_672),
    ("mnist_cnn", 64): (17_932_712, 10_487_464),
    ("alexnet", 8): (765_359_400, 270_118_824),
    ("vgg11", 2): (1_700_674_368, 652_499_680),
    ("resnet18", 4): (230_862_464, 116_387_136),
    ("googlenet", 4): (257_524_580, 73_969_704),
    ("mobilenet_v2", 4): (348_261_632, 49_566_144),
    ("densenet121", 2): (330_508_896, 75_490_432),
}


def measured(spec: str, batch: int, mode: str) -> int:
    """The peak of a process of its own: what an earlier measurement has left would count."""
    command = [sys.executable, "-m", "tests.analysis.peak", spec, str(batch), mode]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1])


def estimated(name: str, batch: int) -> tuple[int, int]:
    graph = load(f"zoo:{name}").graph
    return training_memory(graph, batch, 1).total, inference_memory(graph, batch).total


@pytest.mark.parametrize(("name", "batch"), MEASURED)
def test_estimates_are_near_what_was_measured(name, batch):
    assert estimated(name, batch) == pytest.approx(MEASURED[name, batch], rel=0.2)


def test_lenet5_is_measured_now():
    found = tuple(measured("zoo:lenet5", 64, mode) for mode in ("train", "infer"))
    assert estimated("lenet5", 64) == pytest.approx(found, rel=0.2)


@pytest.mark.soak
@pytest.mark.parametrize(("name", "batch"), [*MEASURED, ("resnet50", 2), ("inception_v3", 2)])
def test_estimates_are_near_the_allocator(name, batch):
    found = tuple(measured(f"zoo:{name}", batch, mode) for mode in ("train", "infer"))
    assert estimated(name, batch) == pytest.approx(found, rel=0.2)


def test_recomputing_takes_less():
    kept, computed = (measured("zoo:resnet20", 32, mode) for mode in ("train", "recompute"))
    assert computed < 0.6 * kept


@pytest.mark.parametrize(
    ("optimizer", "slots"), [(SGD(0.1), 0), (SGD(0.1, momentum=0.9), 1), (Adam(), 2), (RMSprop(momentum=0.5), 2)]
)
def test_what_optimizers_keep(optimizer, slots):
    assert slots_of(Recipe(data=Digits(), optimizer=optimizer, epochs=1)) == slots


def test_the_largest_batch():
    assert largest_batch(1000, {1: 110, 2: 120}) == 90
    assert largest_batch(100, {1: 110, 2: 120}) == 0


def test_the_command(capsys):
    assert main(["summary", "zoo:lenet5", "--memory", "train", "--batch", "128", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["kind"], found["mode"], found["batch"]) == ("memory", "train", 128)
    assert found["bytes"]["total"] == sum(found["bytes"].values()) - found["bytes"]["total"]
    assert main(["summary", "zoo:lenet5", "--memory", "infer"]) == 0
    assert "a prediction for 1 sample" in capsys.readouterr().out


DEEP = """\
network Deep {
    input 1x8x8
    repeat 8 {
        conv 512 3x3 pad=1 bias=false
        bn
        relu
    }
    flatten
    dense 10
}
"""


@pytest.mark.parametrize("free", [2**29, 2**30, 3 * 2**30])
def test_the_batch_that_is_named_fits_by_the_estimate(free, tmp_path):
    """The worst moment of one sample is after its gradients, which the weights make large, and that of a thousand before."""
    (tmp_path / "deep.cnn").write_text(DEEP, encoding="utf-8")
    graph, trained = load(tmp_path / "deep.cnn").graph, Recipe(data=Digits(), optimizer=SGD(0.1), epochs=1)
    with pytest.raises(DiagnosticError) as refusal, within_memory(graph, trained, 1024):
        raise MemoryError(free)
    (batch,) = re.findall(r"`batch (\d+)` would fit", str(refusal.value))
    assert 100 < int(batch) < 1024
    assert training_memory(graph, int(batch), 0).total < free


WIDE = """\
network Wide {
    input 1x8x8
    conv 512 3x3 pad=1 | relu
    conv 64 3x3 pad=1 | relu
    flatten
    dense 10
}
train {
    data digits
    optimizer sgd lr=0.05
    batch 1400
    epochs 1
}
"""
LIMITED = """
import resource, sys
from cnndsl.cli.main import main
from cnndsl.diagnostics import DiagnosticError
import matplotlib.pyplot, sklearn.datasets, torch
taken = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (taken + 350 * 2**20,) * 2)
sys.exit(main(["train", "wide.cnn", "--backend", "torch", "--output", "run", *sys.argv[1:]]))
"""


@pytest.mark.soak
@pytest.mark.skipif(sys.platform != "linux", reason="limits the memory of a process as Linux does")
def test_the_batch_that_is_named_fits(tmp_path):
    (tmp_path / "wide.cnn").write_text(WIDE, encoding="utf-8")

    def trained(*options):
        command = [sys.executable, "-c", LIMITED, *options]
        # every thread would reserve addresses that it may never use
        environment = {**os.environ, "MALLOC_ARENA_MAX": "1", "OMP_NUM_THREADS": "1"}
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    refused = trained()
    assert refused.returncode == 1, refused.stderr
    (batch,) = re.findall(r"`batch (\d+)` would fit", refused.stderr)
    fitting = trained("--batch", batch)
    assert fitting.returncode == 0, fitting.stderr
