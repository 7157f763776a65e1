"""How problems of shapes and figures are told, and what may have been meant: edits that are still to be tried on the text.

Other numbers are inferred over the network that is there, and those that end the problem are offered. The layers that are
inferred are counted, so that no search keeps anyone waiting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from heapq import merge
from itertools import islice

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import shapes
from ..elaborate.state import State
from ..ir import Node, Value
from ..ops import format_shape
from ..ops.free_size import is_free
from ..problems import ContractBroken, Figure, FiguresOff, OfResidual, OutputOff, Problem, Refused, plain
from ..source import Span
from .context import Context, explains
from .numbers import Network, WrittenNumber
from .trial import Offer

__all__ = ["offers"]

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


@explains(OfResidual)
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


_OF_SHAPES = (ContractBroken, FiguresOff, OfResidual, OutputOff, Refused)
_LONGEST = 64
_LONGEST_TEXT, _MOST_LAYERS = 50_000, 3_000
"""Nobody waits for what is meant by more."""


def offers(problem: Problem, state: State | None) -> Iterator[Offer]:
    """Edits that may end a problem, the likeliest first."""
    if len(problem.span.source.text) > _LONGEST_TEXT:
        return
    others = list(_repeated_lines(problem.span))
    network = _network(problem, state)
    if network is None:
        yield from others[:1]
        return
    numbers = (_of_number(network, *guess) for guess in sorted(network.guesses(), key=lambda guess: guess[0]))
    others = sorted((*others, *_of_problem(network)), key=lambda offer: offer.cost)
    found = merge(others, (offer for offer in numbers if offer is not None), key=lambda offer: offer.cost)
    yield from islice(found, 1) if network.is_open else found


def _network(problem: Problem, state: State | None) -> Network | None:
    """The network in which numbers can be looked for."""
    if state is None or state.input is None or not isinstance(problem, _OF_SHAPES):
        return None
    if is_free(state.input.type.shape) or len(state.layers) > _MOST_LAYERS:
        return None
    missing = _missing(problem, state) if isinstance(problem, FiguresOff) else 0
    return Network(problem, state, missing) if missing is not None else None


def _missing(problem: FiguresOff, state: State) -> int | None:
    """How many parameters the network as it was built should have more, if that is the problem."""
    for each in problem.figures:
        if each.is_exact and each.graph.settings == state.settings and each.expect.quantity.text == "params":
            return int(each.expected - each.found)
    return None


def _repeated_lines(span: Span) -> Iterator[Offer]:
    """One line less where it says the same as the line above, the nearest before a place first."""
    lines = [line + "\n" for line in span.source.text.split("\n")[: span.position[0]]]
    end = sum(map(len, lines))
    for number in range(len(lines), 1, -1):
        line, start = lines[number - 1], end - len(lines[number - 1])
        if line == lines[number - 2] and line.strip() and line.count("{") == line.count("}"):
            edit = Edit(Span(span.source, start, min(end, len(span.source.text))), "")
            said = f"line {number} repeats line {number - 1}: remove it"
            yield Offer(0.5 if number == len(lines) else 0.9, Fix(said, (edit,)))
        end = start


def _of_problem(network: Network) -> Iterator[Offer]:
    """The changes that a problem itself suggests, besides other numbers."""
    problem, number = network.problem, network.input
    if number is not None and len(number.values) == 2:
        text = format_shape((1, *number.values))
        yield Offer(0.6, Fix(f"an image has channels: `input {text}`", (Edit(number.span, text),)))
    if isinstance(problem, OfResidual) and problem.action.shortcut is None:
        end = problem.action.body.span.end
        edit = Edit(Span(problem.span.source, end, end), " shortcut projection")
        yield Offer(0.9, Fix("write `shortcut projection`", (edit,)))
    elif isinstance(problem, Refused) and problem.kind is shapes.WRONG_RANK and problem.operator.name == "dense":
        source, start = problem.action.span.source, problem.action.span.start
        yield Offer(1.5, Fix("write `flatten` before `dense`", (Edit(Span(source, start, start), "flatten | "),)))


def _of_number(network: Network, cost: float, number: WrittenNumber, extents: tuple[int, ...]) -> Offer | None:
    """Numbers in words, if they end the problem: what to write, where, and what is there then."""
    type_ = network.result(number, extents)
    if type_ is None:
        return None
    problem, edit = network.problem, number.edit(extents)
    line = edit.span.position[0]
    where = "" if line == problem.span.position[0] else f" on line {line}"
    gives = f"{problem.first.expected:,}" if isinstance(problem, FiguresOff) else type_
    return Offer(cost, Fix(f"{_edited(edit)}{where} gives {gives}", (edit,)))


def _edited(edit: Edit) -> str:
    """The statement of the line with the edit in it, or the new text alone where that would be long."""
    line, start = edit.span.source.line(edit.span.position[0]), edit.span.position[1] - 1
    before, after = line[:start], line[start + len(edit.span.text) :]
    text = re.split(r"[|{]\s", before)[-1].lstrip() + edit.replacement + re.split("->|[|{}#]", after)[0].rstrip()
    return f"`{text}`" if len(text) <= _LONGEST else f"`{edit.replacement.strip()}` in place of `{edit.span.text}`"
