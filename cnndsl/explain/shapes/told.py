"""How problems of shapes are told: what each value is and where it came from, without what a search finds (:mod:`.offers`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import takewhile

from ...diagnostics import Diagnostic, Edit, Fix, Label
from ...diagnostics.kinds import shapes
from ...elaborate.state import State
from ...ir import Node, Value
from ...ops import element_count, format_shape
from ...ops.free_size import is_free
from ...problems import ContractBroken, NoStride, OfResidual, PadTakesAway, Refused, ResidualMismatch, plain
from ...source import Span
from ...syntax import ast
from ...syntax.walk import walk
from ..context import Context
from ..table import explains

__all__: list[str] = []

_LONGEST, _SHOWN_STEPS = 64, 4


@explains(ContractBroken)
def _contract(problem: ContractBroken, context: Context) -> Diagnostic:
    state, value = context.state, problem.value
    assert state is not None
    shape, maker = format_shape(value.type.shape), _origin(state, value)
    return plain(problem).replace(
        secondary=(Label(maker, f"gives {shape}"),) if maker else (),
        notes=tuple(_notes(context, state, value)),
        help=(*_meaning(problem), f"assert `-> {shape}`"),
        fixes=(Fix(f"assert `{shape}`", (Edit(problem.span, shape),)),),
    )


def _meaning(problem: ContractBroken) -> tuple[str, ...]:
    """What the shape that is asserted has to do with the one that is there."""
    written, shape = problem.written, problem.value.type.shape
    if written[1:] == shape:
        return ("the shape is that of one sample, without the batch",)
    if len(shape) > 1 and written == (*shape[1:], shape[0]):
        return ("channels come first",)
    if len(written) == 1 < len(shape) and not is_free(shape):
        return (f"`flatten` makes {element_count(shape)} of it, a vector",)
    return ()


@explains(Refused)
def _refused(problem: Refused, context: Context) -> Diagnostic:
    assert context.state is not None
    if problem.error.input is not None:
        return plain(problem).replace(secondary=_values(context.state, _odd_and_model(problem)[::-1]))
    found = plain(problem).replace(secondary=_values(context.state, problem.inputs))
    return _after_flatten(problem, found, context.state)


def _values(state: State, values: tuple[Value, ...]) -> tuple[Label, ...]:
    places = [(_origin(state, value), value) for value in dict.fromkeys(values)]
    return tuple(Label(span, f"this value is {value.type}") for span, value in places if span is not None)


def _odd_and_model(problem: Refused) -> tuple[Value, Value]:
    """The first value that does not go with most of the others, and one of these."""
    skipped = 1 if problem.kind is shapes.CONCAT_MISMATCH else 0
    compared = [value.type.shape[skipped:] for value in problem.inputs]
    common = Counter(compared).most_common(1)[0][0]
    odd = (place for place, shape in enumerate(compared) if shape != common)
    return problem.inputs[next(odd, problem.error.input or 0)], problem.inputs[compared.index(common)]


def _after_flatten(problem: Refused, found: Diagnostic, state: State) -> Diagnostic:
    """A layer that looks at an image after a `flatten`, which came too early."""
    nodes = _trail(state, problem.inputs[0])
    flatten = next((node for node in nodes if node.operator.name == "flatten"), None)
    if problem.kind is not shapes.WRONG_RANK or flatten is None or len(problem.inputs[0].type.shape) > 1:
        return found
    label = Label(flatten.span, f"here {flatten.input.type} becomes {flatten.output.type}")
    help_ = "layers that need an image come before `flatten`: move `flatten` after this one"
    return found.replace(secondary=(*found.secondary, label), help=(*found.help, help_))


@explains(ResidualMismatch)
def _residual(problem: ResidualMismatch, context: Context) -> Diagnostic:
    assert context.state is not None
    values = (("the shortcut", problem.passed), ("the body's result", problem.result))
    places = [(_origin(context.state, value), f"{what} is {value.type}") for what, value in values]
    labels = (Label(span, text) for span, text in places if span is not None)
    return plain(problem).replace(secondary=(*labels, *_resizing(context.state, problem)), help=_both_alike(problem))


def _resizing(state: State, problem: ResidualMismatch) -> Iterator[Label]:
    """The layer of the body that changed the height and width, unless it is the last, which is shown anyway."""
    for node in _trail(state, problem.result)[1:]:
        before, after = node.inputs[0].type.shape[1:], node.output.type.shape[1:]
        if before == problem.passed.type.shape[1:] != after:
            yield Label(_shown(state, node), f"here {format_shape(before)} becomes {format_shape(after)}")
            return


@explains(NoStride, PadTakesAway)
def _shortcut(problem: NoStride | PadTakesAway, context: Context) -> Diagnostic:
    return plain(problem).replace(help=_both_alike(problem))


def _both_alike(problem: OfResidual) -> tuple[str, ...]:
    """What always makes the two of a residual agree."""
    if problem.action.shortcut and problem.action.shortcut.body:
        return (
            f"the layers of the shortcut have to give {problem.result.type}, or those of the body {problem.passed.type}",
        )
    if problem.passed.type.shape[1:] != problem.result.type.shape[1:]:
        return ("pad the layers of the body so that it keeps its size, or write a `shortcut { ... }` of its own",)
    return ("`shortcut projection` is a 1x1 convolution, and `shortcut pad` adds channels of zeros",)


# The layers that led to a value


def _trail(state: State, value: Value) -> list[Node]:
    """The layers before a value, the last first, as far as each reads one value, and the join before them."""
    makers = {output: node for node in state.nodes for output in node.outputs}
    nodes: list[Node] = []
    while (node := makers.get(value)) is not None and len(nodes) < _LONGEST:
        nodes.append(node)
        if len(node.inputs) != 1:
            break
        value = node.input
    return nodes


def _notes(context: Context, state: State, value: Value) -> Iterator[str]:
    """How a shape came about: the last window or sum of channels, and the layers since the last contract that changed it."""
    nodes = _trail(state, value)
    join = nodes.pop() if nodes and len(nodes[-1].inputs) > 1 else None
    if join is not None and join.operator.name == "concat" and join.output.type.shape == value.type.shape:
        channels = [type_.shape[0] for type_ in join.input_types]
        yield f"`concat` adds the channels up: {' + '.join(map(str, channels))} = {sum(channels)}"
    else:
        formulas = ((node, node.operator.formulas(*node.input_types)) for node in nodes)
        node, texts = next((each for each in formulas if each[1]), (None, ()))
        yield from (f"{_call(state, node)}: {text}" for text in texts if node is not None)
    asserted = {
        each.action.span for each in walk(context.tree.file) if isinstance(each, ast.Statement) and each.contract
    }
    here = [*nodes[:1], *takewhile(lambda node: node.span not in asserted, nodes[1:])]
    changing = [node for node in here if node.output.type.shape != node.input.type.shape][:_SHOWN_STEPS]
    if len(changing) > 1:
        steps = ", ".join(f"{_call(state, node)} gives {node.output.type}" for node in reversed(changing))
        yield f"from {changing[-1].input.type}, {steps}"


def _call(state: State, node: Node) -> str:
    text = _shown(state, node).text
    return f"`{text if text.isprintable() and len(text) <= _LONGEST else node.operator.name}`"


def _shown(state: State, node: Node) -> Span:
    """Where the author sees a layer: if it is of a block in another file, such as `std`, where that is called."""
    span, block = node.span, node.block
    while block is not None and span.source is not state.network.span.source:
        span, block = block.span, block.parent
    return span


def _origin(state: State, value: Value) -> Span | None:
    """Where the author sees a value come from."""
    node = next((node for node in reversed(state.nodes) if value in node.outputs), None)
    return _shown(state, node) if node is not None else state.anchors.get(value)
