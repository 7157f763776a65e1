"""What ``to_torch()`` gives is an ordinary module: everything that people do with one works."""

from __future__ import annotations

import copy
import io
import linecache
import pickle
import traceback
import warnings

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

import cnndsl
from tests.source.test_zoo import SPECS, model, written_class

NAMED = ("lenet5", "resnet18", "googlenet_aux")
TEN = (
    "lenet5", "lenet5_relu", "lenet5_rbf", "mnist_cnn", "mnist_dense",
    "flowers1", "flowers2", "flowers3", "flowers4", "text_cnn",
)  # fmt: skip


def zoo(name: str) -> tuple[nn.Module, Tensor]:
    """A network of the zoo and a batch for it; large images are made small, as adaptive pooling allows."""
    made = cnndsl.load(f"zoo:{name}")
    sample = made.graph.input.type
    generator = torch.Generator().manual_seed(1)
    if sample.dtype == "token":
        return made.to_torch(), torch.randint(9, (2, *sample.shape), generator=generator)
    return made.to_torch(), torch.randn((2, *sample.shape), generator=generator)


def loss_of(outputs: Tensor | tuple[Tensor, ...]) -> Tensor:
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    return sum(functional.cross_entropy(each, torch.tensor([0, 1])) for each in outputs)  # type: ignore[return-value]


@pytest.mark.parametrize("name", NAMED)
def test_export_with_any_batch(name: str) -> None:
    module, x = zoo(name)
    module.eval()
    exported = torch.export.export(module, (x,), dynamic_shapes=({0: torch.export.Dim("batch", min=1, max=64)},))
    more = torch.cat((x, x, x))
    torch.testing.assert_close(exported.module()(more), module(more))


@pytest.mark.parametrize("name", NAMED)
def test_trace(name: str) -> None:
    module, x = zoo(name)
    module.eval()
    with warnings.catch_warnings(action="ignore"):
        traced = torch.jit.trace(module, x)
    torch.testing.assert_close(traced(x), module(x))


@pytest.mark.parametrize("name", NAMED)
def test_autocast(name: str) -> None:
    module, x = zoo(name)
    with torch.autocast("cpu", torch.bfloat16):
        loss = loss_of(module.train()(x))
    loss.backward()
    assert torch.isfinite(loss)


@pytest.mark.parametrize("name", NAMED)
def test_copies_are_independent_and_states_are_pickled(name: str) -> None:
    module, x = zoo(name)
    twin = copy.deepcopy(module.eval())
    before = module(x)
    state = pickle.loads(pickle.dumps(module.state_dict()))
    with torch.no_grad():
        for parameter in twin.parameters():
            parameter.zero_()
    assert torch.equal(module(x), before)
    twin.load_state_dict(state, strict=True)
    assert torch.equal(twin(x), before)


@pytest.mark.parametrize("name", SPECS)
def test_every_spec_runs_without_numbers(name: str) -> None:
    with torch.device("meta"):
        module = written_class(name)()
        sample = model(name).graph.input.type
        x = torch.zeros((3, *sample.shape), dtype=torch.int64 if sample.dtype == "token" else torch.float32)
        assert module.eval()(x).shape == (3, *model(name).graph.output.type.shape)


@pytest.fixture
def compiler() -> None:
    torch._dynamo.reset()


@pytest.mark.usefixtures("compiler")
def test_ten_networks_are_compiled_whole_in_one_process() -> None:
    for name in TEN:
        module, x = zoo(name)
        compiled = torch.compile(module.eval(), fullgraph=True, backend="aot_eager")
        torch.testing.assert_close(compiled(x), module(x))


@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize("name", NAMED)
def test_a_training_step_is_compiled_whole(name: str) -> None:
    module, x = zoo(name)
    module.train()

    def step(x: Tensor) -> Tensor:
        return loss_of(module(x))

    loss = torch.compile(step, fullgraph=True, backend="aot_eager")(x)
    loss.backward()
    assert all(parameter.grad is not None for parameter in module.parameters())


def test_dropout_draws_anew_at_every_call() -> None:
    module, x = zoo("text_cnn")
    module.train()
    assert not torch.equal(module(x), module(x))
    assert torch.equal(module.eval()(x), module(x))


def test_heads_come_in_training_alone() -> None:
    module, x = zoo("googlenet_aux")
    assert len(module.train()(x)) == 3
    assert isinstance(module.eval()(x), Tensor)


def test_a_traceback_shows_the_line() -> None:
    module, _ = zoo("lenet5")
    try:
        module(torch.zeros(1, 3, 32, 32))
    except RuntimeError:
        text = traceback.format_exc()
    assert "x = torch.tanh(self.c1(x))" in text
    linecache.checkcache()
    assert linecache.getlines(type(module).__init__.__code__.co_filename)


def test_the_same_source_is_executed_once() -> None:
    assert type(zoo("lenet5")[0]) is type(zoo("lenet5")[0])


def test_weights_of_the_model_come_along(tmp_path) -> None:
    trained = cnndsl.load("zoo:lenet5")
    result = trained.train(epochs=1, output=str(tmp_path))
    module, buffer = trained.to_torch(), io.BytesIO()
    torch.save(module.state_dict(), buffer)
    state = result.network.state()
    assert all((state[name] == tensor.numpy()).all() for name, tensor in module.state_dict().items())
