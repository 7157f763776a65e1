"""Figures that are off: by how much, where most of them come from, and what may have been counted otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..ir import Graph, Node
from ..ops.convolution import Conv
from ..ops.normalization import BatchNorm
from ..problems import Figure, FiguresOff, OutputOff, plain
from .context import Context
from .table import explains

__all__: list[str] = []

_UNITS = {"k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_CLOSE = 100
"""A figure with a unit is taken for a rounded one if it is off by no more than one part of so many."""


@explains(FiguresOff)
def _figures(problem: FiguresOff, context: Context) -> Diagnostic:
    first, *others = problem.figures
    if _is_rounded(first):
        return _rounded(problem, first)
    spans = [figure.expect.value.span for figure in problem.figures]
    written = [f"{figure.found:_}" for figure in problem.figures]
    fix = Fix(f"expect {' and '.join(written)}", tuple(map(Edit, spans, written)))
    return plain(problem).replace(
        primary=Label(problem.span, _difference(first)),
        secondary=tuple(Label(each.expect.value.span, f"has {each.counted}: {_difference(each)}") for each in others),
        notes=_largest(first.graph) if first.expect.quantity.text == "params" else (),
        help=(*_counted_otherwise(first), "`cnndsl summary` shows the figure of each layer"),
        fixes=(fix,) if first.is_exact else (),
    )


@explains(OutputOff)
def _output(problem: OutputOff, context: Context) -> Diagnostic:
    found = str(problem.graph.output.type)
    return plain(problem).replace(fixes=(Fix(f"expect {found}", (Edit(problem.span, found),)),))


def _is_rounded(figure: Figure) -> bool:
    """Whether a figure with a unit, such as 61.1M, is the one found to the digits that are written."""
    text = figure.expect.value.span.text
    unit, digits = _UNITS.get(text[-1:], 0), len(text[:-1].partition(".")[2])
    off = abs(figure.found - figure.expected) if figure.is_exact else figure.found
    return bool(2 * off * 10**digits <= unit and off * _CLOSE <= figure.found)


def _rounded(problem: FiguresOff, figure: Figure) -> Diagnostic:
    """A figure as papers print it, where ``=`` means each digit."""
    expect, written = figure.expect, f"{figure.found:_}"
    return plain(problem).replace(
        message=f"the network has {figure.counted}, which `{expect.value.span.text}` only rounds",
        primary=Label(problem.span, "`=` means this number exactly"),
        secondary=(),
        help=(f"write `{written}`",),
        fixes=(Fix(f"expect {written}", (Edit(expect.value.span, written),)),),
    )


def _difference(figure: Figure) -> str:
    return f"off by {figure.found - figure.expected:+,}" if figure.is_exact else f"is {figure.found:,}"


def _largest(graph: Graph) -> tuple[str, ...]:
    """Where most of the parameters are, worked out: the place to look first."""
    node = max(graph.nodes, key=lambda item: item.parameter_count, default=None)
    if node is None or not node.parameter_count:
        return ()
    formula = node.operator.parameter_formula(*node.input_types)
    return (f"the largest layer, `{node.span.text}`, has {formula} = {node.parameter_count:,}",)


def _counted_otherwise(figure: Figure) -> Iterator[str]:
    """What others write or count in another way, if that makes just the difference."""
    if figure.expect.quantity.text != "params" or not figure.is_exact:
        return
    norms = [node for node in figure.graph.nodes if isinstance(node.operator, BatchNorm)]
    normalized = {norm.input for norm in norms}
    biased = [node for node in figure.graph.nodes if node.output in normalized and _has_bias(node)]
    missing = figure.expected - figure.found
    if biased and missing == -_channels(biased):
        yield f"without the bias of {_each(biased, 'convolution')}, which a `bn` follows, it would be {figure.expected:,}"
    if norms and missing == 2 * _channels(norms):
        counted = f"with the running mean and variance of {_each(norms, '`bn`')} counted, as Keras does"
        yield f"{counted}, it would be {figure.expected:,}"


def _has_bias(node: Node) -> bool:
    return isinstance(node.operator, Conv) and node.operator.bias


def _channels(nodes: list[Node]) -> int:
    return sum(node.output.type.shape[0] for node in nodes)


def _each(nodes: list[Node], noun: str) -> str:
    return f"the {noun}" if len(nodes) == 1 else f"each of the {len(nodes)} {noun}{'' if noun.endswith('`') else 's'}"
