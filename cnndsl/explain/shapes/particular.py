"""Changes that only one sort of problem suggests: another skip for a join, a shortcut, a layer for the rank that is there."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics import Edit
from ...diagnostics.kinds import shapes
from ...ops import OPERATORS, Operator, OperatorError, TensorType, format_shape
from ...problems import OfResidual, Problem, Refused
from ...source import Span
from ...syntax import ast
from .moves import Move, inserted
from .retrace import Network
from .traced import plain

__all__ = ["particular_moves"]

_FEW_ROWS = 3
"""So many rows are lost by poolings of odd sizes, rather than by another depth of the network."""
_COLOURS = (1, 3, 4)


def particular_moves(network: Network, problem: Problem) -> Iterator[Move]:
    """The changes that a problem itself suggests, besides those of numbers, arguments and lines."""
    yield from _of_input(network)
    found = network.problem
    if isinstance(found, OfResidual):
        yield from _shortcuts(found)
    elif isinstance(found, Refused) and isinstance(found.action, ast.Call):
        if found.error.input is not None and found.operator.is_join:
            yield from _joins(network, found, found.action)
        elif found.kind is shapes.WRONG_RANK:
            yield from _other_rank(found, found.action)
        elif found.kind is shapes.BAD_PERMUTATION:
            yield from _without_batch(found, found.action)


def _of_input(network: Network) -> Iterator[Move]:
    """The channels that an input lacks, or the batch that is no part of it; tokens for an embedding."""
    span, shape = network.state.anchors[network.input], plain(network.input.type.shape)
    written = next((each.span for each in network.literals if each.around == span and each.values == shape), None)
    if written is not None and len(shape) in (2, 4):
        image = shape[1:] if len(shape) == 4 else (1, *shape)
        image = (image[2], *image[:2]) if image[2] in _COLOURS else image
        text = format_shape(image)
        why = "an image has channels" if len(shape) == 2 else "the batch is no part of the shape"
        yield Move(0.8, (Edit(written, text),), span, advice=f"{why}: `input {text}`")
    problem = network.problem
    if isinstance(problem, Refused) and problem.kind is shapes.WRONG_DTYPE and problem.inputs[0] is network.input:
        end = Span(span.source, span.end, span.end)
        yield Move(1.0, (Edit(end, " of=token"),), span, advice=f"write `{span.text} of=token`")


def _shortcuts(problem: OfResidual) -> Iterator[Move]:
    """A shortcut that changes the shape as the body does."""
    action, after = problem.action, problem.result.type.shape
    if action.shortcut is not None and action.shortcut.body is not None:
        return
    text = f"shortcut {{ dense {after[0]} }}" if len(after) == 1 else "shortcut projection"
    end = Span(action.span.source, action.body.span.end, action.body.span.end)
    edit = Edit(end, f" {text}") if action.shortcut is None else Edit(action.shortcut.span, text)
    yield Move(0.9, (edit,), action.body.span, advice=f"write `{text}`")


def _joins(network: Network, problem: Refused, action: ast.Call) -> Iterator[Move]:
    """Another value for the one that is named, what makes the current one fit it, another join."""
    current, other = (value.type.replace(shape=plain(value.type.shape)) for value in problem.inputs[:2])
    for argument in action.arguments if len(problem.inputs) == 2 else ():
        for name, value in network.labelled.items():
            type_ = value.type.replace(shape=plain(value.type.shape))
            if argument.name is None and name != argument.span.text and _takes(problem.operator, current, type_):
                advice = f"`{action.word.text} {name}` fits: `{name}` is {type_}"
                yield Move(0.9, (Edit(argument.span, name),), action.span, advice=advice)
    if len(problem.inputs) == 2 and not action.body and len(current.shape) == len(other.shape) == 3:
        for layer, operator, cost in _fitting(current, other):
            yield inserted(action, layer, operator, cost)
    if problem.kind is shapes.SUM_MISMATCH:
        advice = "`concat` joins values whose channels differ"
        yield Move(2.0, (Edit(action.word.span, "concat"),), action.span, advice=advice)


def _takes(operator: Operator, *types: TensorType) -> bool:
    try:
        operator.outputs(*types)
    except OperatorError:
        return False
    return True


def _fitting(current: TensorType, other: TensorType) -> Iterator[tuple[str, Operator, float]]:
    """Layers that give a value the height and width, or the channels, of another one."""
    height, width = (b // a for a, b in zip(current.shape[1:], other.shape[1:], strict=True))
    rows, columns = (b - a for a, b in zip(current.shape[1:], other.shape[1:], strict=True))
    if height == width > 1:
        yield f"upsample {height}", OPERATORS["upsample"](scale_factor=(height, height)), 1.3
    if 0 <= rows <= _FEW_ROWS and 0 <= columns <= _FEW_ROWS and rows + columns:
        padding = ((0, rows), (0, columns))
        text = f"pad (top=0, bottom={rows}, left=0, right={columns})"
        yield text, OPERATORS["pad"](padding=padding), 1.9
    if not rows and not columns:
        channels = other.shape[0]
        yield f"conv {channels} 1x1", OPERATORS["conv"](out_channels=channels, kernel_size=(1, 1)), 1.9


def _other_rank(problem: Refused, action: ast.Call) -> Iterator[Move]:
    """The layer of the same kind for the axes that are there."""
    word = action.word.text
    meant = {2: f"{word}1d", 3: word.removesuffix("1d")}.get(len(problem.inputs[0].type.shape), word)
    if meant != word and meant in OPERATORS:
        what = "a line CxL" if meant.endswith("1d") else "an image CxHxW"
        yield Move(1.0, (Edit(action.word.span, meant),), action.span, advice=f"`{meant}` takes {what}")


def _without_batch(problem: Refused, action: ast.Call) -> Iterator[Move]:
    """Axes that were counted with the batch as the first."""
    dims = plain(getattr(problem.operator, "dims", ()))
    if dims[:1] == (0,) and len(dims) > 2:
        text = f"({', '.join(str(each - 1) for each in dims[1:])})"
        advice = f"axes count from 0, without the batch: write `{text}`"
        yield Move(0.9, (Edit(problem.spans["dims"], text),), action.span, advice=advice)
