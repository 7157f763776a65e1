"""Every sample of every operator on every backend: shapes, numbers, gradients and parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from cnndsl.backends import BACKENDS, find_backend
from cnndsl.backends.base import Network
from cnndsl.diagnostics import DiagnosticError
from cnndsl.ir import Graph
from cnndsl.ir.verify import verify
from cnndsl.ops import OPERATORS, Misuse, Sample, element_count
from tests.conformance.further_references import SEED, STEP
from tests.conformance.references import REFERENCES
from tests.support.samples import JOINED, MISUSES, SAMPLES, check_use

BATCH = 3
TRAINED = ("bn", "dropout", "dropout2d", "stochastic_depth")
"""Operators that differ between training and evaluation."""
USES = [(name, sample, mode) for name, sample in SAMPLES for mode in ((False, True) if name in TRAINED else (False,))]
USE_IDS = [f"{sample.text}-{'training' if mode else 'evaluation'}" for _, sample, mode in USES]
STEP_SIZE = 1e-4
CHECKED_PLACES = 12
ROUGH = {("torch", "hard_sigmoid"): 1e-7}
"""torch's gradient in float64 holds the factor 1/6 in single precision (2.13)."""
CANCELLED = ("group_norm 3 affine=false",)
"""Samples whose gradient is the small difference of large numbers: of two numbers, a norm leaves little but the signs."""


def spaced(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Numbers from -2 to 2, no two alike and none near 0, so that no central difference steps over a kink."""
    count = element_count(shape)
    return (rng.permutation(count) + 0.5 - count / 2).reshape(shape) * (4 / count) + 0.1 / count


def random_state(graph: Graph, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """A state unlike the initial one, so that no tensor can be left out unseen."""
    state = {name: rng.normal(0.1, 1, spec.shape) for name, spec in graph.parameters.items()}
    for name, spec in graph.buffers.items():
        is_counter = spec.dtype == "int64"
        state[name] = np.asarray(4, np.int64) if is_counter else rng.uniform(0.5, 2, spec.shape)
    return state


class Case:
    """One sample compiled for one backend in float64, with a batch and an output gradient."""

    def __init__(self, backend: str, sample: Sample, training: bool) -> None:
        rng = np.random.default_rng(2)
        self.backend, self.text = backend, sample.text
        self.graph: Graph = check_use(sample).graph
        self.mode: dict[str, Any] = {"training": training, "step": STEP}
        self.network = find_backend(backend).compile(self.graph, dtype="float64", seed=SEED)
        self.state = random_state(self.graph, rng)
        self.network.load_state(self.state)
        shape = (BATCH, *sample.shape)
        self.x = spaced(rng, shape) if sample.dtype == "float" else rng.integers(0, 2, shape)
        self.gradient = rng.normal(size=(BATCH, *self.graph.output.type.shape))

    @property
    def is_continuous(self) -> bool:
        return self.x.dtype == np.float64

    @property
    def operator(self) -> Any:
        return self.graph.nodes[0].operator


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=USES, ids=USE_IDS)
def case(request: pytest.FixtureRequest, backend: str) -> Case:
    """Strictly expected to fail where the backend says so."""
    _, sample, training = request.param
    operator = check_use(sample).graph.nodes[0].operator
    for limitation in find_backend(backend).limitations:
        if limitation.applies(operator):
            with pytest.raises(DiagnosticError):
                Case(backend, sample, training)
            pytest.xfail(limitation.reason)
    return Case(backend, sample, training)


def test_numbers_and_gradients_are_those_of_torch(case: Case) -> None:
    x = torch.tensor(case.x, requires_grad=case.is_continuous)
    tensors = {
        name.removeprefix("0."): torch.tensor(array, requires_grad=name in case.graph.parameters)
        for name, array in case.state.items()
    }
    expected = REFERENCES[type(case.operator)](case.operator, x, tensors, case.mode["training"])
    expected.backward(torch.tensor(case.gradient))

    y, x_gradient, gradients = case.network.differentiate(case.x, case.gradient, **case.mode)

    close = {"rtol": 0, "atol": ROUGH.get((case.backend, case.operator.name), 1e-10)}
    np.testing.assert_allclose(y, expected.detach().numpy(), **close)
    np.testing.assert_allclose(x_gradient, x.grad.numpy() if case.is_continuous else np.zeros(x.shape), **close)
    assert list(gradients) == list(case.graph.parameters)
    for name, gradient in gradients.items():
        np.testing.assert_allclose(gradient, tensors[name.removeprefix("0.")].grad.numpy(), **close)


def test_shapes_are_as_inferred_and_parameters_as_counted(case: Case) -> None:
    verify(case.graph)
    y = case.network.forward(case.x, **case.mode)
    assert y.shape == (BATCH, *case.graph.output.type.shape)
    state = case.network.state()
    assert list(state) == [*case.graph.parameters, *case.graph.buffers]
    specs = {**case.graph.parameters, **case.graph.buffers}
    assert {name: array.shape for name, array in state.items()} == {name: spec.shape for name, spec in specs.items()}
    assert case.graph.parameter_count == sum(state[name].size for name in case.graph.parameters)


def test_gradients_are_central_differences(case: Case) -> None:
    _, x_gradient, gradients = case.network.differentiate(case.x, case.gradient, **case.mode)

    def weigh(x: np.ndarray, network: Network) -> float:
        return float((network.forward(x, **case.mode) * case.gradient).sum())

    if case.is_continuous:
        compare(case.x, x_gradient, lambda x: weigh(x, case.network))
    for name, gradient in gradients.items():

        def weigh_state(array: np.ndarray, name: str = name) -> float:
            case.network.load_state({**case.state, name: array})
            return weigh(case.x, case.network)

        compare(case.state[name], gradient, weigh_state)


def compare(point: np.ndarray, gradient: np.ndarray, function: Callable[[np.ndarray], float]) -> None:
    """Hold a gradient to central differences at a dozen places, relative to its largest number."""
    scale = max(1e-3, float(np.abs(gradient).max()))
    places = np.random.default_rng(4).permutation(point.size)[:CHECKED_PLACES]
    for place in places:
        step = np.zeros(point.size)
        step[place] = STEP_SIZE
        step = step.reshape(point.shape)
        difference = (function(point + step) - function(point - step)) / (2 * STEP_SIZE)
        assert abs(difference - gradient.flat[place]) <= 1e-7 * scale


def test_float32_stays_float32(case: Case, backend: str) -> None:
    network = find_backend(backend).compile(case.graph, dtype="float32", seed=SEED)
    network.load_state(case.state)
    x = case.x.astype(np.float32) if case.is_continuous else case.x
    results = network.differentiate(x, case.gradient.astype(np.float32), **case.mode)
    expected = case.network.differentiate(case.x, case.gradient, **case.mode)
    close = 1e-4 if case.text in CANCELLED else 1e-5
    for found, wanted in zip(flat(results), flat(expected), strict=True):
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, wanted, rtol=0, atol=close * max(1, np.abs(wanted).max()))


def flat(results: tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]) -> list[np.ndarray]:
    return [results[0], results[1], *results[2].values()]


@pytest.mark.parametrize(("name", "misuse"), MISUSES, ids=[misuse.text for _, misuse in MISUSES])
def test_a_misuse_is_one_error(name: str, misuse: Misuse) -> None:
    assert [item.kind.code for item in check_use(misuse).diagnostics if item.is_error] == [misuse.code]


@pytest.mark.parametrize("name", OPERATORS)
def test_every_operator_has_samples_misuses_and_a_reference(name: str) -> None:
    """Those that join and part values have theirs in ``test_joins.py``."""
    operator = OPERATORS[name]
    assert operator.samples
    assert operator.misuses
    assert operator in REFERENCES or name in JOINED
