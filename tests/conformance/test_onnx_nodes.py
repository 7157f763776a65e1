"""The node tests of the ``onnx`` package that concern convolutional networks, on every backend.

The names are the fixture's tier A; the package makes the inputs and the outputs.
"""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from cnndsl.backends import BACKENDS, find_backend
from cnndsl.ir import Graph
from cnndsl.ops import OperatorError
from tests.conformance.onnx_adapter import Array, Case, Plan, find_case
from tests.conformance.onnx_adapter_operators import COMPOSED, REFUSED, TRANSLATIONS

pytestmark = pytest.mark.filterwarnings("ignore:::onnx")

FIXTURE = Path(__file__).parents[1] / "fixtures" / "onnx_cnn_tests.json"
OPERATORS = {
    name: operator for operator, names in json.loads(FIXTURE.read_text(encoding="utf-8"))["A"].items() for name in names
}
RUN = [name for name in OPERATORS if name not in REFUSED]
CLOSER = (1e-5, 1e-6)
"""Relative and absolute tolerance in double precision, for ONNX's own 1e-3 cannot tell a mean from a sum in `lrn`."""
ROUNDED = ("test_averagepool_2d_ceil_last_window_starts_on_pad",)
"""Cases whose outputs are written with four digits."""


def prepared(name: str) -> tuple[Case, Plan, Graph]:
    """A case, and a network that stands for its node."""
    case = find_case(OPERATORS[name], name)
    assert len(case.outputs) == 1
    plan = TRANSLATIONS[OPERATORS[name]](case.attributes, *case.inputs)
    return case, plan, plan.graph()


def output(plan: Plan, graph: Graph, backend: str, dtype: str) -> Array:
    """What a backend makes of a network and its inputs, with the axes that ONNX gives it."""
    network = find_backend(backend).compile(graph, dtype=dtype)
    network.load_state(plan.state)
    y = network.forward(plan.x, training=plan.training)
    return y[0] if plan.sample else y


@pytest.mark.parametrize("name", RUN)
def test_a_node_gives_what_onnx_says(name: str) -> None:
    case, plan, graph = prepared(name)
    (expected,) = case.outputs
    for backend, dtype in product(BACKENDS, ("float32", "float64")):
        y = output(plan, graph, backend, dtype)
        assert (y.dtype.name, y.shape) == (dtype, expected.shape)
        rtol, atol = (case.rtol, case.atol) if dtype == "float32" or name in ROUNDED else CLOSER
        np.testing.assert_allclose(y, expected, rtol=rtol, atol=atol, err_msg=f"{backend}, {dtype}")
    assert (len(plan.computing()) > 1) == (name in COMPOSED)


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_node_cannot_be_said(name: str) -> None:
    with pytest.raises((AssertionError, OperatorError)):
        prepared(name)


def test_every_listed_node_is_run_or_refused() -> None:
    assert REFUSED.keys() <= OPERATORS.keys()
    counts = {"run": len(RUN), "by several layers": len(COMPOSED), "refused": len(REFUSED)}
    print(counts)
    assert counts == {"run": 147, "by several layers": 13, "refused": 11}
    assert counts["run"] + counts["refused"] == len(OPERATORS) == 158
