"""Operators with several inputs or outputs, and graphs that branch, on every backend against torch by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from cnndsl.backends import BACKENDS, find_backend
from cnndsl.ir import Graph, Head
from cnndsl.ir.verify import verify
from cnndsl.ops import Operator, OperatorError, Sample, TensorType
from cnndsl.ops.activation import Relu, Tanh
from cnndsl.ops.convolution import Conv
from cnndsl.ops.linear import Dense, Flatten
from cnndsl.ops.merge import Add, Concat, Mul, Split
from cnndsl.ops.normalization import BatchNorm
from cnndsl.ops.pooling import GlobalAvgPool
from cnndsl.recipe import CrossEntropy
from cnndsl.recipe.optimizers import Adam
from tests.support.graphs import graph_of
from tests.support.samples import JOINED_SAMPLES, check_use

CLOSE = {"rtol": 0, "atol": 1e-12}
SHAPE = (4, 3, 5)


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def joined(operator: Operator, *channels: int) -> Graph:
    """Convolutions of one image, joined; the image itself comes last."""
    convs = [(str(place), Conv(count, (1, 1)), "x") for place, count in enumerate(channels)]
    return graph_of(SHAPE, *convs, ("join", operator, *map(str, range(len(channels))), "x"))


Join = Callable[..., Tensor]
JOINS: list[tuple[Operator, tuple[int, ...], Join]] = [
    (Add(), (4,), lambda a, x: a + x),
    (Add(), (4, 4), lambda a, b, x: a + b + x),
    (Mul(), (4,), lambda a, x: a * x),
    (Mul(), (1, 4), lambda a, b, x: a * b * x),
    (Concat(), (2, 5), lambda a, b, x: torch.cat((a, b, x), 1)),
    (Concat(axis=2), (4,), lambda a, x: torch.cat((a, x), 3)),
]


@pytest.mark.parametrize(("operator", "channels", "join"), JOINS, ids=[f"{o.name}{c}" for o, c, _ in JOINS])
def test_joins_are_those_of_torch(backend: str, operator: Operator, channels: tuple[int, ...], join: Join) -> None:
    graph = joined(operator, *channels)
    network = find_backend(backend).compile(graph, dtype="float64", seed=1)
    tensors = {name: torch.tensor(array, requires_grad=True) for name, array in network.state().items()}
    rng = np.random.default_rng(0)
    x = torch.tensor(rng.normal(size=(2, *SHAPE)), requires_grad=True)
    branches = [F.conv2d(x, tensors[f"{place}.weight"], tensors[f"{place}.bias"]) for place in range(len(channels))]
    expected = join(*branches, x)
    gradient = rng.normal(size=expected.shape)
    expected.backward(torch.tensor(gradient))
    y, by_input, by_parameter = network.differentiate(x.detach().numpy(), gradient)
    assert y.shape[1:] == graph.output.type.shape
    np.testing.assert_allclose(y, expected.detach().numpy(), **CLOSE)
    np.testing.assert_allclose(by_input, x.grad.numpy(), **CLOSE)
    for name, tensor in tensors.items():
        np.testing.assert_allclose(by_parameter[name], tensor.grad.numpy(), **CLOSE)


def test_a_product_broadcasts_like_the_gate_of_squeeze_and_excite(backend: str) -> None:
    graph = graph_of(SHAPE, ("pool", GlobalAvgPool(), "x"), ("scaled", Mul(), "pool", "x"))
    network = find_backend(backend).compile(graph, dtype="float64")
    x = torch.tensor(np.random.default_rng(0).normal(size=(2, *SHAPE)), requires_grad=True)
    expected = x * x.mean((2, 3), keepdim=True)
    expected.backward(torch.ones_like(expected))
    y, by_input, _ = network.differentiate(x.detach().numpy(), np.ones(expected.shape))
    np.testing.assert_allclose(y, expected.detach().numpy(), **CLOSE)
    np.testing.assert_allclose(by_input, x.grad.numpy(), **CLOSE)


def test_the_gradient_of_a_value_used_several_times_adds_up(backend: str) -> None:
    graph = graph_of((3,), ("a", Tanh(), "x"), ("b", Add(), "a", "a"), ("c", Mul(), "b", "a"))
    x = np.array([[-1.0, 0.5, 2.0]])
    y, by_input, _ = find_backend(backend).compile(graph, dtype="float64").differentiate(x, np.ones_like(x))
    np.testing.assert_allclose(y, 2 * np.tanh(x) ** 2, **CLOSE)
    np.testing.assert_allclose(by_input, 4 * np.tanh(x) * (1 - np.tanh(x) ** 2), **CLOSE)


def test_a_part_that_is_not_used_has_no_gradient(backend: str) -> None:
    graph = graph_of((6, 2, 2), ("parts", Split(3), "x"), ("out", Tanh(), "parts.1"))
    x = np.random.default_rng(0).normal(size=(2, 6, 2, 2))
    y, by_input, _ = find_backend(backend).compile(graph, dtype="float64").differentiate(x, np.ones((2, 2, 2, 2)))
    expected = np.zeros_like(x)
    expected[:, 2:4] = 1 - np.tanh(x[:, 2:4]) ** 2
    np.testing.assert_allclose(y, np.tanh(x[:, 2:4]), **CLOSE)
    np.testing.assert_allclose(by_input, expected, **CLOSE)


def test_parts_joined_again_are_the_whole(backend: str) -> None:
    graph = graph_of((6,), ("parts", Split(2), "x"), ("whole", Concat(), "parts.1", "parts.0"))
    x = np.arange(12.0).reshape(2, 6)
    y, by_input, _ = find_backend(backend).compile(graph, dtype="float64").differentiate(x, x)
    expected = np.concatenate((x[:, 3:], x[:, :3]), axis=1)
    assert np.array_equal(y, expected)
    assert np.array_equal(by_input, expected)


def with_heads() -> Graph:
    """A trunk with two heads; the second has no part in the output and a batch normalisation of its own."""
    layers = [
        ("stem", Conv(4, (3, 3)), "x"),
        ("act", Relu(), "stem"),
        ("aux.0", Flatten(), "act"),
        ("aux.1", BatchNorm(), "aux.0"),
        ("aux.2", Dense(3), "aux.1"),
        ("pool", GlobalAvgPool(), "act"),
        ("flat", Flatten(), "pool"),
        ("out", Dense(3), "flat"),
    ]
    graph = graph_of((1, 5, 5), *layers)
    values = {node.path: node.output for node in graph.nodes}
    heads = (Head("aux", values["aux.2"], 0.3), Head("again", values["out"], 0.5))
    return Graph(graph.name, graph.input, graph.nodes, graph.output, heads=heads)


def heads_by_hand(tensors: dict[str, Tensor], x: Tensor, labels: Tensor) -> Tensor:
    act = F.relu(F.conv2d(x, tensors["stem.weight"], tensors["stem.bias"]))
    normal = F.batch_norm(act.flatten(1), None, None, tensors["aux.1.weight"], tensors["aux.1.bias"], training=True)
    aux = F.linear(normal, tensors["aux.2.weight"], tensors["aux.2.bias"])
    out = F.linear(act.mean((2, 3)), tensors["out.weight"], tensors["out.bias"])
    return 1.5 * F.cross_entropy(out, labels) + 0.3 * F.cross_entropy(aux, labels)


def test_heads_add_their_weighted_losses(backend: str) -> None:
    graph = with_heads()
    network = find_backend(backend).compile(graph, dtype="float64", seed=2)
    tensors = {name: torch.tensor(network.state()[name], requires_grad=True) for name in graph.parameters}
    x, labels = np.random.default_rng(0).normal(size=(6, 1, 5, 5)), np.arange(6) % 3
    expected = heads_by_hand(tensors, torch.tensor(x), torch.tensor(labels))
    expected.backward()
    loss, gradients = network.loss_and_gradients(x, labels, CrossEntropy())
    assert loss == pytest.approx(expected.item(), abs=1e-12)
    for name, tensor in tensors.items():
        np.testing.assert_allclose(gradients[name], tensor.grad.numpy(), **CLOSE)


def test_heads_take_part_in_training_alone(backend: str) -> None:
    network = find_backend(backend).compile(with_heads(), dtype="float64", seed=2)
    x = np.random.default_rng(0).normal(size=(6, 1, 5, 5))
    before = network.state()
    broken = {**before, "aux.2.weight": np.full_like(before["aux.2.weight"], np.nan)}
    network.load_state(broken)
    y, _, gradients = network.differentiate(x, np.ones((6, 3)))
    assert y.shape == (6, 3)
    assert np.isfinite(y).all()
    assert not gradients["aux.2.weight"].any()
    assert network.state()["aux.1.num_batches_tracked"] == 0
    network.forward(x, training=True)
    assert network.state()["aux.1.num_batches_tracked"] == 1


def test_backends_train_a_network_with_heads_alike() -> None:
    rng = np.random.default_rng(0)
    x, labels = rng.normal(size=(6, 1, 5, 5)), np.arange(6) % 3
    states = []
    for name in BACKENDS:
        network = find_backend(name).compile(with_heads(), dtype="float64", seed=2)
        trainer = network.trainer(CrossEntropy(), Adam(lr=0.01))
        for step in range(5):
            trainer.step(x, labels, learning_rate=0.01, step=step)
        states.append(network.state())
    for name, array in states[0].items():
        np.testing.assert_allclose(array, states[1][name], rtol=0, atol=1e-9)


@pytest.mark.parametrize(("name", "sample"), JOINED_SAMPLES)
def test_backends_agree_on_samples(name: str, sample: Sample) -> None:
    graph = check_use(sample).require_graph()
    verify(graph)
    assert name in {node.operator.name for node in graph.nodes}
    rng = np.random.default_rng(0)
    x, gradient = rng.normal(size=(2, *sample.shape)), rng.normal(size=(2, *graph.output.type.shape))
    first, second = (
        find_backend(backend).compile(graph, dtype="float64").differentiate(x, gradient) for backend in BACKENDS
    )
    for ours, theirs in zip((*first[:2], *first[2].values()), (*second[:2], *second[2].values()), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-10)


MISFITS = [
    (Add(), ((3, 4, 4), (3, 4, 4), (3, 2, 2)), "E0308", 2),
    (Mul(), ((3, 4, 4), (2, 1, 1)), "E0311", 1),
    (Mul(), ((3, 4, 4), (3,)), "E0311", 1),
    (Concat(), ((3, 4, 4), (5, 4, 4), (3, 4, 5)), "E0309", 2),
    (Concat(), ((3, 4, 4), (3,)), "E0309", 1),
    (Concat(axis=1), ((3,), (3,)), "E0307", None),
    (Split(2), ((5, 2, 2),), "E0310", None),
]


@pytest.mark.parametrize(("operator", "inputs", "code", "blamed"), MISFITS)
def test_a_misfit_names_every_shape_and_blames_one(operator, inputs, code, blamed) -> None:
    types = [TensorType(shape) for shape in inputs]
    with pytest.raises(OperatorError) as caught:
        operator.outputs(*types)
    assert (caught.value.kind.code, caught.value.input) == (code, blamed)
    if blamed is not None:
        assert all(str(value) in caught.value.message for value in types)
        assert str(types[blamed]) in caught.value.label


@pytest.mark.parametrize("operator", [Add(), Relu()])
def test_tokens_are_no_numbers(operator: Operator) -> None:
    with pytest.raises(OperatorError) as caught:
        operator.outputs(TensorType((3,)), TensorType((3,), "token"))
    assert (caught.value.kind.code, caught.value.input) == ("E0312", 1)
