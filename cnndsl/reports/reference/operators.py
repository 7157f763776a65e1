"""The page of all operators, from the registry alone: what each means, takes, gives and costs, and who runs it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from ...diagnostics import Diagnostics
from ...elaborate import Library, collect, elaborate_network
from ...ir import Node
from ...ops import OPERATORS, Operator, Sample, format_shape
from ...source import Source
from ...syntax import parse
from .markdown import attribute_table, code, docstring, head, table

__all__ = ["Refusals", "families", "render_operator", "render_operators"]

Refusals = Mapping[type[Operator], Sequence[tuple[str, str]]]
"""For an operator, the backends that refuse some uses of it, each with the reason."""


def render_operators(backends: Sequence[str], refusals: Refusals) -> str:
    """The page, with the backends by name and what they refuse."""
    lines = head(
        "Layers",
        "Shapes are those of one sample: an image is channels x height x width (CxHxW), a line CxL, a vector F. The "
        "batch is never written. Attributes marked first and second may be positional, all others are named: "
        "`conv 64 3x3 stride=2`.",
        f"Each layer runs on every backend ({' and '.join(backends)}), but for the uses that its section names.",
    )
    titled = families()
    for title, operators in titled.items():
        links = ", ".join(f"[{name}](#{name})" for name in operators)
        lines.append(f"- {title}: {links}")
    lines.append("")
    for title, operators in titled.items():
        lines += [f"## {title}", ""]
        for name in operators:
            lines += _operator(OPERATORS[name], refusals.get(OPERATORS[name], ()))
    return "\n".join(lines).rstrip() + "\n"


def render_operator(operator: type[Operator]) -> str:
    """The section of one operator."""
    return "\n".join(_operator(operator, ())).rstrip() + "\n"


def families() -> dict[str, list[str]]:
    """The words of the operators by family; the first sentence of a module's docstring is its family's title."""
    titled: dict[str, list[str]] = {}
    for name, operator in OPERATORS.items():
        documentation = sys.modules[operator.__module__].__doc__ or ""
        titled.setdefault(documentation.split("\n")[0].rstrip("."), []).append(name)
    return titled


def _operator(operator: type[Operator], refused: Sequence[tuple[str, str]]) -> list[str]:
    lines = [f"### {operator.name}", "", *docstring(operator), *attribute_table(operator)]
    if operator.is_join:
        branches = f"`{operator.name} {{ branch {{ ... }} branch {{ ... }} }}`"
        lines += [
            f"The values are branches, {branches}, or the current one and those named, `{operator.name} skip`.",
            "",
        ]
    short = [sample for sample in operator.samples if "\n" not in sample.text]
    lines += table(
        ("for example", "input", "output", "parameters", "how"), (_row(operator, sample) for sample in short)
    )
    for sample in operator.samples:
        lines += [] if sample in short else _block(operator, sample)
    for backend, reason in refused:
        lines += [f"The backend {backend} refuses some uses: {reason}.", ""]
    return lines


def _row(operator: type[Operator], sample: Sample) -> tuple[str, ...]:
    node = _node(operator, sample)
    parameters = node.operator.parameter_formula(*node.input_types)
    count = code(f"{parameters} = {node.parameter_count:,}") if parameters else str(node.parameter_count)
    return code(sample.text), format_shape(sample.shape), str(node.output.type), count, _formulas(node)


def _block(operator: type[Operator], sample: Sample) -> list[str]:
    """A sample of several lines, with what goes in and comes out below it."""
    node = _node(operator, sample)
    how = _formulas(node)
    inputs = " and ".join(map(str, node.input_types))
    outputs = " and ".join(str(value.type) for value in node.outputs)
    gives = f"From {inputs} it gives {outputs}{f': {how}' if how else ''}."
    return ["```cnn", f"input {format_shape(sample.shape)}", sample.text, "```", "", gives, ""]


def _formulas(node: Node) -> str:
    return ", ".join(map(code, node.operator.formulas(*node.input_types)))


def _node(operator: type[Operator], sample: Sample) -> Node:
    """The node of the operator in a sample; samples are correct, which the conformance tests hold."""
    of = "" if sample.dtype == "float" else f" of={sample.dtype}"
    text = f"network Sample {{\n    input {format_shape(sample.shape)}{of}\n    {sample.text}\n}}\n"
    (network,) = parse(Source("sample", text)).networks
    graph = elaborate_network(network, {}, Library(), collect(Diagnostics()))
    assert graph is not None, sample.text
    return next(node for node in reversed(graph.nodes) if isinstance(node.operator, operator))
