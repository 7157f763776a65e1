"""The pages beside this file are tests: each block of ``cnn`` is checked, and its comments say what must come of it.

``# error: CODE`` stands on the line of the mistake, ``# shape: 6x28x28`` and ``# names: conv1 1`` on the line of layers. A
block is a whole file, or with ``in=SHAPE`` behind its language the body of a network with that input.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cnndsl.api import Checked, check_text
from cnndsl.ir import Graph
from cnndsl.ir.verify import verify
from cnndsl.ops import format_shape
from tests.docs.fences import Fence, fences

EXAMPLES = [
    pytest.param(fence, id=f"{path.stem} line {fence.line}")
    for path in sorted(Path(__file__).parent.glob("*.md"))
    for fence in fences(str(path))
]
CLAIMING = [example for example in EXAMPLES if any(sort != "error" for _, sort, _ in example.values[0].claims())]


def check(fence: Fence, text: str) -> tuple[Checked, int]:
    """An example, wrapped in a network if it is a body, and how many lines that puts before it."""
    shape = fence.option("in")
    whole = f"network Fragment {{\n    input {shape}\n{text}}}\n" if shape else text
    return check_text(whole, "example.cnn"), 2 if shape else 0


@pytest.mark.parametrize("fence", EXAMPLES)
def test_errors_are_those_that_the_page_names(fence: Fence) -> None:
    checked, before = check(fence, fence.text)
    named = {value for _, sort, value in fence.claims() if sort == "error"}
    errors = [item for item in checked.diagnostics if item.is_error or item.kind.code in named]
    found = [(item.primary.span.position[0] - before, item.kind.code) for item in errors if item.primary]
    assert len(found) == len(errors)
    assert found == [(line, value) for line, sort, value in fence.claims() if sort == "error"]


@pytest.mark.parametrize("fence", CLAIMING)
def test_shapes_and_names_are_those_that_the_page_names(fence: Fence) -> None:
    claims = [claim for claim in fence.claims() if claim[1] != "error"]
    lines = fence.text.splitlines()
    for line, sort, _ in fence.claims():
        if sort == "error":
            lines[line - 1] = ""
    checked, before = check(fence, "\n".join(lines) + "\n")
    graph = checked.require_graph()
    verify(graph)
    for line, sort, value in claims:
        assert claimed(graph, line + before, sort) == value, lines[line - 1]


def claimed(graph: Graph, line: int, sort: str) -> str:
    """The last shape, or the paths, of the layers on a line."""
    nodes = [node for node in graph.nodes if node.span.position[0] == line]
    return format_shape(nodes[-1].output.type.shape) if sort == "shape" else " ".join(node.path for node in nodes)
