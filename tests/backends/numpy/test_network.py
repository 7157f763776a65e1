"""The network around the kernels: states, refusals, seeds, and what a training step computes."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from math import erf, sqrt
from weakref import ref

import numpy as np
import pytest

from cnndsl.api import load
from cnndsl.backends.numpy import NumpyBackend
from cnndsl.backends.numpy.kernels import registered
from cnndsl.backends.numpy.kernels.base import find_kernel
from cnndsl.backends.numpy.kernels.convolution import ConvKernel
from cnndsl.diagnostics import DiagnosticError
from cnndsl.ops import OPERATORS, Operator
from cnndsl.ops.activation import Relu, Tanh
from cnndsl.ops.convolution import Conv
from cnndsl.ops.dropout import Dropout
from cnndsl.ops.linear import Dense, Flatten
from cnndsl.ops.normalization import BatchNorm
from cnndsl.ops.pooling import MaxPool
from cnndsl.ops.smooth import Gelu
from cnndsl.recipe import CrossEntropy
from cnndsl.recipe.optimizers import SGD
from cnndsl.training.checkpoints.loading import run_batches
from tests.support.graphs import chain

GRAPH = chain((2, 6, 6), Conv(3, (3, 3)), BatchNorm(), Tanh(), MaxPool((2, 2)), Flatten(), Dropout(0.5), Dense(4))


def batch(count: int = 3, dtype: str = "float64") -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.normal(size=(count, 2, 6, 6)).astype(dtype), rng.integers(0, 4, count)


def codes(raised: pytest.ExceptionInfo[DiagnosticError]) -> list[str]:
    return [item.kind.code for item in raised.value.diagnostics]


def test_every_operator_has_a_kernel() -> None:
    assert registered() == set(OPERATORS.values())


def test_an_operator_without_a_kernel_is_a_coded_error() -> None:
    class Unheard(Relu):
        name = "unheard"

    with pytest.raises(DiagnosticError) as raised:
        NumpyBackend().compile(chain((3,), Unheard()))
    assert codes(raised) == ["E0433"]
    assert "`unheard`" in raised.value.diagnostics[0].message
    assert find_kernel(GRAPH.nodes[0]) is ConvKernel


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    first, same, other = (NumpyBackend().compile(GRAPH, seed=seed) for seed in (4, 4, 5))
    assert all(np.array_equal(array, same.state()[name]) for name, array in first.state().items())
    assert not np.array_equal(first.state()["0.weight"], other.state()["0.weight"])


def test_float32_starts_from_the_rounded_numbers_of_float64() -> None:
    narrow, wide = (NumpyBackend().compile(GRAPH, dtype=dtype, seed=1).state() for dtype in ("float32", "float64"))
    assert {array.dtype for name, array in narrow.items() if "tracked" not in name} == {np.dtype(np.float32)}
    assert all(np.array_equal(array, wide[name].astype(array.dtype)) for name, array in narrow.items())


def test_dropout_depends_on_the_step_and_the_seed_only() -> None:
    network, twin = (NumpyBackend().compile(GRAPH, dtype="float64", seed=1) for _ in range(2))
    x, _ = batch()
    first = network.forward(x, training=True, step=7)
    assert np.array_equal(first, network.forward(x, training=True, step=7))
    assert np.array_equal(first, twin.forward(x, training=True, step=7))
    assert not np.array_equal(first, network.forward(x, training=True, step=8))


def test_loss_and_differentiate_agree_in_training() -> None:
    network = NumpyBackend().compile(GRAPH, dtype="float64", seed=1)
    x, labels = batch()
    loss, gradients = network.loss_and_gradients(x, labels, CrossEntropy(), step=2)
    scores = network.forward(x, training=True, step=2)
    probabilities = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    assert abs(loss + np.log(probabilities[range(3), labels]).mean()) < 1e-12
    by_scores = (probabilities - np.eye(4)[labels]) / 3
    expected = network.differentiate(x, by_scores, training=True, step=2)[2]
    assert list(gradients) == list(expected) == list(GRAPH.parameters)
    assert all(np.allclose(gradient, expected[name], rtol=0, atol=1e-14) for name, gradient in gradients.items())


@pytest.mark.parametrize("first", [Flatten(), Relu(), Dropout(0.5), MaxPool((2, 2)), BatchNorm(affine=False)])
def test_layers_before_the_first_parameter_get_no_gradient_and_change_nothing(first: Operator) -> None:
    network = NumpyBackend().compile(chain((2, 6, 6), first, Flatten(), Tanh(), Dense(4)), dtype="float64", seed=1)
    x, labels = batch()
    _, gradients = network.loss_and_gradients(x, labels, CrossEntropy(), step=2)
    scores = network.forward(x, training=True, step=2)
    by_scores = (np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True) - np.eye(4)[labels]) / 3
    _, by_x, expected = network.differentiate(x, by_scores, training=True, step=2)
    assert by_x.any()
    assert list(gradients) == ["3.weight", "3.bias"]
    assert all(np.allclose(gradient, expected[name], rtol=0, atol=1e-14) for name, gradient in gradients.items())


def test_training_learns_a_batch_by_heart() -> None:
    network = NumpyBackend().compile(chain((2, 6, 6), Conv(8, (3, 3)), Relu(), Flatten(), Dense(4)), seed=1)
    trainer = network.trainer(CrossEntropy(), SGD(0.1))
    x, labels = batch(16, "float32")
    losses = [trainer.step(x, labels, learning_rate=0.1, step=step) for step in range(60)]
    assert losses[0] > 1
    assert losses[-1] < 0.1
    assert np.array_equal(network.forward(x).argmax(axis=1), labels)


def test_nothing_that_comes_in_is_written_to() -> None:
    network = NumpyBackend().compile(GRAPH, dtype="float64")
    x, _ = batch()
    gradient = np.ones((3, 4))
    x.flags.writeable = gradient.flags.writeable = False
    before = network.state()
    network.differentiate(x, gradient)
    assert all(np.array_equal(array, before[name]) for name, array in network.state().items())


@pytest.mark.parametrize("shape", [(2, 6, 6), (3, 2, 6, 7), (3, 72)])
def test_a_batch_of_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(DiagnosticError) as raised:
        NumpyBackend().compile(GRAPH).forward(np.zeros(shape))
    assert codes(raised) == ["E0413"]


@pytest.mark.parametrize(
    "change",
    [
        lambda state: state.pop("0.weight"),
        lambda state: state.update(extra=np.zeros(3)),
        lambda state: state.update({"6.bias": np.zeros(5)}),
    ],
)
def test_a_state_of_another_network_is_refused_and_changes_nothing(change) -> None:
    network = NumpyBackend().compile(GRAPH, seed=1)
    state = NumpyBackend().compile(GRAPH, seed=2).state()
    change(state)
    before = network.state()
    with pytest.raises(DiagnosticError) as raised:
        network.load_state(state)
    assert codes(raised) == ["E0422"]
    assert all(np.array_equal(array, before[name]) for name, array in network.state().items())


def test_a_device_that_is_not_there_is_a_coded_error() -> None:
    with pytest.raises(DiagnosticError) as raised:
        NumpyBackend().compile(GRAPH, device="cuda")
    assert codes(raised) == ["E0432"]


def test_numbers_that_overflow_flow_on_in_silence() -> None:
    network = NumpyBackend().compile(chain((2, 4, 4), Conv(2, (3, 3)), Tanh(), Flatten(), Dense(2)))
    loss, _ = network.loss_and_gradients(np.full((2, 2, 4, 4), np.nan), np.array([0, 1]), CrossEntropy())
    assert np.isnan(loss)


def test_a_graph_whose_parameters_name_layers_goes_to_another_process() -> None:
    graph = load("zoo:mobilenet_v2").graph  # `act = relu6`
    assert [node.path for node in pickle.loads(pickle.dumps(graph)).nodes] == [node.path for node in graph.nodes]


def test_several_threads_may_ask_one_network() -> None:
    network = NumpyBackend().compile(load("zoo:mnist_cnn").graph)
    batches = [np.random.default_rng(seed).normal(size=(40, 1, 28, 28)).astype("f4") for seed in range(4)]
    alone = [network.forward(x) for x in batches]
    with ThreadPoolExecutor(4) as threads:
        for _ in range(5):
            together = list(threads.map(network.forward, batches))
            assert all(map(np.array_equal, together, alone))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.parametrize("threads", [1, 2])
def test_a_forked_process_predicts_as_before(threads: int) -> None:
    network = NumpyBackend().compile(load("zoo:mnist_cnn").graph, threads=threads)
    x = np.random.default_rng(0).normal(size=(70, 1, 28, 28)).astype("f4")
    expected = network.forward(x)
    child = os.fork()
    if child == 0:
        signal.alarm(60)  # rather than wait for threads that are not there
        os._exit(0 if np.array_equal(network.forward(x), expected) else 1)
    assert os.waitpid(child, 0)[1] == 0


@pytest.mark.skipif(sys.implementation.name != "cpython", reason="objects go with their last reference")
def test_memory_goes_with_the_network() -> None:
    network = NumpyBackend().compile(GRAPH, threads=2)
    x, labels = batch(16, "float32")
    network.forward(x)
    network.loss_and_gradients(x, labels, CrossEntropy())
    memory = [ref(network.inference.store), ref(network.inference.plan(16)), ref(network._training)]
    gc.collect()
    gc.disable()
    try:
        del network
        assert [each() for each in memory] == [None] * 3
    finally:
        gc.enable()


def test_kinds_of_arrays_that_hold_the_same_numbers_give_the_same() -> None:
    network = NumpyBackend().compile(GRAPH)
    x, _ = batch(6, "float32")
    wide = np.repeat(x, 2, axis=3)[..., ::2]
    fixed = x.copy()
    fixed.flags.writeable = False
    expected = network.forward(x)
    for given in (x.astype("f8"), x.astype(">f4"), np.asfortranarray(x), wide, fixed, x.tolist()):
        assert np.array_equal(run_batches(network, given), expected)
    assert run_batches(network, np.uint8(200 * (x > 0))).shape == (6, 4)
    assert run_batches(network, x[:0]).shape == (0, 4)
    for size in (1, 6, 2, 6, 3, 4, 5, 1):
        np.testing.assert_allclose(network.forward(x[:size]), expected[:size], rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    "given", [None, 3.0, "image", [[1.0], [1.0, 2.0]], np.ones((1, 2, 6, 6), "c8"), np.ones((2, 6, 6))]
)
def test_what_is_no_batch_of_numbers_is_a_coded_error(given: object) -> None:
    with pytest.raises(DiagnosticError) as raised:
        run_batches(NumpyBackend().compile(GRAPH), given)
    assert codes(raised) == ["E0413"]


def test_numbers_that_are_none_leave_nothing_behind() -> None:
    network = NumpyBackend().compile(GRAPH)
    x, _ = batch(6, "float32")
    expected = network.forward(x)
    assert np.isnan(network.forward(np.full_like(x, np.nan))).all()
    assert np.array_equal(network.forward(x), expected)


def test_the_error_function_in_float32() -> None:
    x = np.linspace(-7, 7, 40_001)
    exact = x * np.array([(1 + erf(each * sqrt(0.5))) / 2 for each in x])
    network = NumpyBackend().compile(chain((1,), Gelu()))
    np.testing.assert_allclose(network.forward(x.reshape(-1, 1))[:, 0], exact, rtol=0, atol=2e-6)
    assert network.forward(np.array([[np.inf], [-np.inf], [0.0]])).tolist()[0] == [np.inf]
