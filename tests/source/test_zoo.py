"""The source of every spec that ships: formatted as ruff does it, free of cnndsl, and the same network to the last bit."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import cnndsl
from cnndsl.backends.numpy import NumpyBackend
from tests.source.reference import run

ROOT = Path(__file__).parents[2]
SPECS = sorted(path.stem for path in (ROOT / "specs").glob("*.cnn"))
SMALL = [
    "efficientnet", "flowers1", "flowers2", "flowers3", "flowers4", "inception_module", "lenet5", "lenet5_rbf", "lenet5_relu",
    "mnist_cnn", "mnist_dense", "mobilenet_v2", "regnet", "resnet_cifar", "shufflenet_v2", "squeezenet", "text_cnn",
]  # fmt: skip
"""Specs of less than a billion multiply-accumulates and 10 million parameters, and not of hundreds of layers."""
BARE = """
import importlib.util, sys
sys.modules["cnndsl"] = None
for path in sys.argv[1:]:
    spec = importlib.util.spec_from_file_location("model", path)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
"""


@cache
def model(name: str) -> cnndsl.Model:
    found = cnndsl.load(str(ROOT / "specs" / f"{name}.cnn"))
    free = any(not isinstance(extent, int) for extent in found.checked.graph.input.type.shape)
    return cnndsl.load(str(ROOT / "specs" / f"{name}.cnn"), input_shape=(3, 64, 64)) if free else found


@cache
def written(folder: Path) -> dict[str, Path]:
    """The files of all specs."""
    files = {name: folder / f"{name}.py" for name in SPECS}
    for name, path in files.items():
        path.write_text(model(name).torch_source(), encoding="utf-8")
    return files


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return written(tmp_path_factory.getbasetemp())


def written_class(name: str) -> type[nn.Module]:
    """The class that the text of a spec's file makes; no weights are drawn, as those of VGG take a minute."""
    found: dict[str, type[nn.Module]] = {"__name__": name}  # type: ignore[dict-item]
    exec(compile(model(name).torch_source(), f"{name}.py", "exec"), found)
    return found[model(name).graph.name]


def batch(name: str, count: int = 1) -> torch.Tensor:
    sample = model(name).graph.input.type
    generator = torch.Generator().manual_seed(3)
    if sample.dtype == "token":
        return torch.randint(2, (count, *sample.shape), generator=generator)
    return torch.randn((count, *sample.shape), generator=generator, dtype=torch.float64)


def test_ruff_has_nothing_to_change(files: dict[str, Path]) -> None:
    paths = [str(path) for path in files.values()]
    for command in (["format", "--check"], ["check"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", *paths]
        done = subprocess.run(ruff, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_the_files_need_torch_alone(files: dict[str, Path]) -> None:
    paths = [str(path) for path in files.values()]
    assert all(
        "cnndsl" not in line for path in files.values() for line in path.read_text().splitlines() if "import" in line
    )
    done = subprocess.run([sys.executable, "-c", BARE, *paths], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", SPECS)
def test_names_and_shapes_are_those_of_the_graph(name: str) -> None:
    graph = model(name).graph
    with torch.device("meta"):
        made = written_class(name)()
    found = {key: tuple(tensor.shape) for key, tensor in made.state_dict().items()}
    assert found == {key: spec.shape for key, spec in {**graph.parameters, **graph.buffers}.items()}


@pytest.mark.parametrize("name", SMALL)
def test_outputs_and_gradients_are_those_of_the_graph(name: str) -> None:
    _compare(name)


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted({*SPECS} - {*SMALL}))
def test_outputs_and_gradients_of_large_networks_are_those_of_the_graph(name: str) -> None:
    _compare(name)


def _compare(name: str) -> None:
    """Outputs are equal; gradients nearly so, as sums of several uses of a value are added up in another order."""
    module, x = model(name).to_torch(dtype="float64").eval(), batch(name)
    state = {key: tensor.detach().clone() for key, tensor in module.state_dict().items()}
    for key, _ in module.named_parameters():
        state[key].requires_grad_()
    output, expected = module(x), run(model(name).graph, state, x)
    assert torch.equal(output, expected)
    output.sum().backward()
    expected.sum().backward()
    for key, parameter in module.named_parameters():
        torch.testing.assert_close(parameter.grad, state[key].grad, rtol=1e-9, atol=1e-12, msg=key)


@pytest.mark.parametrize("name", ["lenet5", "flowers3", "text_cnn", "inception_module"])
def test_outputs_are_those_of_numpy(name: str) -> None:
    graph = model(name).graph
    found = model(name).to_torch(dtype="float64").eval()(batch(name)).detach().numpy()
    expected = NumpyBackend().compile(graph, dtype="float64").forward(batch(name).numpy())
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
