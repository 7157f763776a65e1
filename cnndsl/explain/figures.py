"""Figures that are off: by how much, where most of them come from, and what may have been counted otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..ir import Graph, Node
from ..ops.convolution import Conv
from ..ops.normalization import BatchNorm
from ..problems import Figure, FiguresOff, OutputOff, plain
from .context import Context
from .table import explains

__all__: list[str] = []


@explains(FiguresOff)
def _figures(problem: FiguresOff, context: Context) -> Diagnostic:
    first, *others = problem.figures
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
    convs = [node for node in figure.graph.nodes if isinstance(node.operator, Conv) and node.output in normalized]
    missing = figure.expected - figure.found
    if missing and missing == -_channels(node for node in convs if vars(node.operator)["bias"]):
        yield f"without the bias of each convolution that a `bn` follows it would be {figure.expected:,}"
    if missing and missing == 2 * _channels(norms):
        yield f"with the running mean and variance of each `bn` counted, as Keras does, it would be {figure.expected:,}"


def _channels(nodes: Iterable[Node]) -> int:
    return sum(node.output.type.shape[0] for node in nodes)
