"""How problems of shapes and figures are told, without what a search finds (:mod:`.offers`)."""

from __future__ import annotations

from ...diagnostics import Diagnostic, Edit, Fix, Label
from ...elaborate.state import State
from ...ir import Node, Value
from ...ops import format_shape
from ...problems import (
    ContractBroken,
    Figure,
    FiguresOff,
    NoStride,
    OfResidual,
    OutputOff,
    PadTakesAway,
    Refused,
    ResidualMismatch,
    plain,
)
from ...source import Span
from ..context import Context, explains

__all__: list[str] = []

_BOTH_ALIKE = (
    "pad the layers of the body so that it keeps its size",
    "`shortcut projection` is a 1x1 convolution, `shortcut pad` adds channels of zeros, `shortcut { ... }` has its own layers",
)


@explains(ContractBroken)
def _contract(problem: ContractBroken, context: Context) -> Diagnostic:
    assert context.state is not None
    shape, maker = format_shape(problem.value.type.shape), _origin(context.state, problem.value)
    return plain(problem).replace(
        secondary=(Label(maker, f"gives {shape}"),) if maker else (),
        notes=_formulas(context.state, problem.value),
        help=(f"assert `-> {shape}`",),
        fixes=(Fix(f"assert `{shape}`", (Edit(problem.span, shape),)),),
    )


@explains(Refused)
def _refused(problem: Refused, context: Context) -> Diagnostic:
    places = [(_origin(context.state, value), value) for value in dict.fromkeys(problem.inputs)]
    labels = tuple(Label(span, f"this value is {value.type}") for span, value in places if span is not None)
    return plain(problem).replace(secondary=labels)


@explains(ResidualMismatch, NoStride, PadTakesAway)
def _residual(problem: OfResidual, context: Context) -> Diagnostic:
    values = (("the shortcut", problem.passed), ("the body's result", problem.result))
    places = [(_origin(context.state, value), f"{what} is {value.type}") for what, value in values]
    labels = tuple(Label(span, text) for span, text in places if span is not None)
    return plain(problem).replace(secondary=labels, help=_BOTH_ALIKE)


@explains(FiguresOff)
def _figures(problem: FiguresOff, context: Context) -> Diagnostic:
    first, *others = problem.figures
    spans = [figure.expect.value.span for figure in problem.figures]
    written = [f"{figure.found:_}" for figure in problem.figures]
    fix = Fix(f"expect {' and '.join(written)}", tuple(map(Edit, spans, written)))
    return plain(problem).replace(
        primary=Label(problem.span, _difference(first)),
        secondary=tuple(Label(each.expect.value.span, f"has {each.counted}: {_difference(each)}") for each in others),
        help=("`cnndsl summary` shows the figure of each layer",),
        fixes=(fix,) if first.is_exact else (),
    )


@explains(OutputOff)
def _output(problem: OutputOff, context: Context) -> Diagnostic:
    found = str(problem.graph.output.type)
    return plain(problem).replace(fixes=(Fix(f"expect {found}", (Edit(problem.span, found),)),))


def _difference(figure: Figure) -> str:
    return f"off by {figure.found - figure.expected:+,}" if figure.is_exact else f"is {figure.found:,}"


def _formulas(state: State, value: Value) -> tuple[str, ...]:
    """How the shape of a value came about: what the last window or join computes."""
    makers = {output: node for node in state.nodes for output in node.outputs}
    while (node := makers.get(value)) is not None:
        texts = node.operator.formulas(*node.input_types)
        if texts or len(node.inputs) != 1:
            what = _shown(state, node).text if len(node.inputs) == 1 else node.operator.name
            return tuple(f"`{what}`: {text}" for text in texts)
        value = node.input
    return ()


def _origin(state: State | None, value: Value) -> Span | None:
    """Where the author sees a value come from: what a block in another file makes comes from the call of the block."""
    assert state is not None
    node = next((node for node in reversed(state.nodes) if value in node.outputs), None)
    return _shown(state, node) if node is not None else state.anchors.get(value)


def _shown(state: State, node: Node) -> Span:
    span, block = node.span, node.block
    while block is not None and span.source is not state.network.span.source:
        span, block = block.span, block.parent
    return span
