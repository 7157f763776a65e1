"""Training plans give the losses and gradients of the reference kernels, for every operator and in parts of any size."""

from __future__ import annotations

import numpy as np
import pytest

from cnndsl.api import check_text
from cnndsl.backends.numpy import NumpyBackend
from cnndsl.backends.numpy.losses import evaluate_loss
from cnndsl.backends.numpy.plan.training import Training, engine
from cnndsl.ir import Graph
from cnndsl.ops.convolution import Conv
from cnndsl.ops.convolution_kinds import Depthwise
from cnndsl.ops.pooling import MaxPool
from cnndsl.recipe import CrossEntropy
from cnndsl.recipe.losses import BCE, MSE
from cnndsl.recipe.optimizers import SGD, Adam
from tests.backends.numpy.plan.test_inference import NETWORKS
from tests.backends.numpy.test_pooling import judged
from tests.conformance.test_operators import USE_IDS, USES, random_state, spaced
from tests.support.graphs import chain
from tests.support.networks import mnist_cnn
from tests.support.samples import JOINED_SAMPLES, check_use


def compare(graph: Graph, batch: int, training: bool, by_rows: bool | None = None, x: np.ndarray | None = None) -> None:
    """Hold output, gradients and buffers of a plan to those of the kernels, in float64."""
    rng = np.random.default_rng(3)
    state = random_state(graph, rng)
    planned, kernels = (NumpyBackend().compile(graph, dtype="float64", seed=5) for _ in range(2))
    planned.load_state(state)
    kernels.load_state(state)
    shape = (batch, *graph.input.type.shape)
    if x is None:
        x = spaced(rng, shape) if graph.input.type.dtype == "float" else rng.integers(0, 2, shape)
    gradient = rng.normal(size=(batch, *graph.output.type.shape))
    found: dict[str, np.ndarray] = {}
    plan = Training(
        graph, planned.tensors, np.dtype(np.float64), 5, training=training, input_needed=True, by_rows=by_rows
    )
    y, by_input = plan.differentiate(x, gradient, 2, lambda name, part: found.update({name: part.copy()}))
    expected, expected_by_input, by_parameter = kernels.differentiate(x, gradient, training=training, step=2)
    near(y, expected)
    near(by_input, expected_by_input)
    assert sorted(found) == sorted(by_parameter)
    for name, part in by_parameter.items():
        near(found[name], part)
    for name, array in kernels.state().items():
        near(planned.tensors[name], array)


def near(found: np.ndarray, expected: np.ndarray) -> None:
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10 * max(1, np.abs(expected).max()))


@pytest.mark.parametrize(("name", "sample", "training"), USES, ids=USE_IDS)
def test_every_operator_has_the_gradients_of_its_kernel(name: str, sample, training: bool) -> None:
    compare(check_use(sample).graph, 3, training)


@pytest.mark.parametrize("sample", [sample for _, sample in JOINED_SAMPLES], ids=lambda sample: sample.text)
def test_joins_have_the_gradients_of_their_kernels(sample) -> None:
    compare(check_use(sample).graph, 3, True)


@pytest.mark.parametrize("by_rows", [False, True])
@pytest.mark.parametrize("name", NETWORKS)
def test_networks_have_the_gradients_of_their_kernels(name: str, by_rows: bool) -> None:
    compare(NETWORKS[name](), 3, by_rows, by_rows)
    compare(NETWORKS[name](), 3, not by_rows, by_rows)


@pytest.mark.parametrize("by_rows", [False, True])
@pytest.mark.parametrize("sample", Conv.samples + Depthwise.samples, ids=lambda sample: sample.text)
def test_both_ways_of_a_convolution_have_its_gradients(sample, by_rows: bool) -> None:
    compare(check_use(sample).graph, 3, True, by_rows)


@pytest.mark.parametrize("pool", ["maxpool 2x2", "maxpool 3x3 stride=2 pad=1", "avgpool 3x2 pad=1", "global_avgpool"])
@pytest.mark.parametrize("activation", ["relu", "relu6", "tanh", "sigmoid", "elu", "leaky_relu"])
def test_activations_on_both_sides_of_a_pooling(pool: str, activation: str) -> None:
    layers = f"conv 3 3x3 pad=1 | {activation} | {pool} | {activation} | conv 2 1x1 | {activation}"
    compare(check_text(f"network N {{ input 2x9x8\n {layers} }}").require_graph(), 3, True)


@pytest.mark.parametrize("batch", [1, 29, 70])
def test_parts_add_up_to_the_batch(batch: int) -> None:
    compare(mnist_cnn(), batch, True)


def test_parts_have_the_masks_of_the_batch() -> None:
    layers = "conv 4 3x3 | dropout2d 0.3 | relu | flatten | dropout 0.5 | dense 9 | dropout 0.2 | dense 5"
    graph = check_text(f"network N {{ input 2x30x30\n {layers} }}").require_graph()
    assert len(Training(graph, NumpyBackend().compile(graph).tensors, np.dtype("f4"), 0).sizes(70)) > 2
    compare(graph, 70, True)


def test_a_network_with_many_parameters_takes_a_batch_whole() -> None:
    graph = check_text("network N { input 3x20x20\n flatten | dense 4000 | relu | dense 5 }").require_graph()
    assert Training(graph, NumpyBackend().compile(graph).tensors, np.dtype("f4"), 0).sizes(200) == [200]


def test_parts_are_even_and_none_is_large() -> None:
    graph = mnist_cnn()
    network = NumpyBackend().compile(graph)
    plan = Training(graph, network.tensors, np.dtype("f4"), 0)
    assert plan.sizes(1) == [1]
    for batch in (10, 64, 100, 128):
        sizes = plan.sizes(batch)
        assert sum(sizes) == batch
        assert max(sizes) <= engine.MOST
        assert max(sizes) - min(sizes) <= 1


def test_samples_that_look_at_each_other_stay_together() -> None:
    graph = check_text("network N { input 3x20x20\n conv 4 3x3 | bn | flatten | dense 3 }").require_graph()
    plan = Training(graph, NumpyBackend().compile(graph).tensors, np.dtype("f4"), 0)
    assert plan.sizes(200) == [200]


@pytest.mark.parametrize(
    ("window", "arguments"),
    [(MaxPool((2, 2)), (2,)), (MaxPool((3, 3), (2, 2), ((1, 1), (1, 1))), (3, 2, 1)), (MaxPool((4, 4)), (4,))],
)
def test_the_first_of_equal_numbers_gets_the_gradient(window: MaxPool, arguments: tuple[int, ...]) -> None:
    x = np.random.default_rng(0).choice([0.0, 1.0, -2.0], (2, 3, 13, 12))
    graph = chain((3, 13, 12), window)
    plan = Training(graph, {}, np.dtype(np.float64), 0, input_needed=True)
    y, gradient = judged(x, *arguments)
    seed = np.arange(1.0, y.size + 1).reshape(y.shape)
    found, by_input = plan.differentiate(x, seed, 0, lambda name, part: None)
    np.testing.assert_array_equal(found, y)
    np.testing.assert_allclose(by_input, gradient, rtol=0, atol=1e-9)


LOSSES = [CrossEntropy(), CrossEntropy(label_smoothing=0.1), CrossEntropy(weight=(0, 0, 3, *range(1, 8))), BCE(), MSE()]


@pytest.mark.parametrize("loss", LOSSES, ids=str)
def test_the_loss_of_a_batch_does_not_depend_on_its_parts(loss) -> None:
    rng = np.random.default_rng(1)
    network = NumpyBackend().compile(mnist_cnn(), dtype="float64")
    x, labels = rng.normal(size=(70, 1, 28, 28)), np.sort(rng.integers(0, 10, 70)) * (np.arange(70) > 30)
    found, gradients = network.loss_and_gradients(x, labels, loss)
    expected, seed = evaluate_loss(loss, network.forward(x), labels)
    assert found == pytest.approx(expected, rel=1e-10)
    for name, gradient in network.differentiate(x, seed)[2].items():
        near(gradients[name], gradient)


@pytest.mark.parametrize("optimizer", [SGD(lr=0.01), Adam(lr=0.01)])
def test_a_step_updates_while_it_goes_back_as_it_does_afterwards(optimizer) -> None:
    graph = NETWORKS["blocks"]()
    rng = np.random.default_rng(1)
    x, labels = rng.normal(size=(6, 3, 15, 13)), rng.integers(0, 7, 6)
    stepped, apart = (NumpyBackend().compile(graph, dtype="float64", seed=2) for _ in range(2))
    before = apart.state()
    stepped.trainer(CrossEntropy(), optimizer).step(x, labels, learning_rate=0.01, step=0)
    _, gradients = apart.loss_and_gradients(x, labels, CrossEntropy(), step=0)
    for name, gradient in gradients.items():
        moved = 0.01 * gradient if isinstance(optimizer, SGD) else 0.01 * gradient / (np.abs(gradient) + optimizer.eps)
        np.testing.assert_allclose(stepped.tensors[name], before[name] - moved, rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", NETWORKS)
def test_any_number_of_threads_trains_to_the_same_bytes(name: str) -> None:
    graph = NETWORKS[name]()
    rng = np.random.default_rng(1)
    x, labels = rng.normal(size=(70, *graph.input.type.shape)).astype("f4"), rng.integers(0, 7, 70)
    states = []
    for threads in (1, 1, 2, 3):
        network = NumpyBackend().compile(graph, threads=threads)
        trainer = network.trainer(CrossEntropy(), Adam())
        losses = [trainer.step(x[:size], labels[:size], learning_rate=1e-3, step=size) for size in (70, 70, 33)]
        states.append(b"".join(array.tobytes() for array in network.state().values()) + repr(losses).encode())
    assert states[0] == states[1] == states[2] == states[3]
