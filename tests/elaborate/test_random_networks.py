"""Random valid networks: every shape and the number of parameters are torch's."""

from __future__ import annotations

from hypothesis import given, settings

from cnndsl.api import check_text
from cnndsl.ir.verify import verify
from tests.support.strategies import Chain, chains


@settings(max_examples=400, derandomize=True)
@given(chains())
def test_shapes_and_parameters_are_torchs(chain: Chain) -> None:
    checked = check_text(chain.text)
    assert not checked.has_errors
    graph = checked.require_graph()
    verify(graph)
    assert [node.output.type.shape for node in graph.nodes] == chain.shapes
    assert graph.parameter_count == chain.parameters
