"""What else would mend a join whose values do not go together: another name, a larger value, another word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..diagnostics import Edit
from ..diagnostics.kinds import shapes
from ..ir import Value
from ..ops import OperatorError, TensorType, format_shape
from ..ops.extent import is_free
from ..syntax import ast
from .place import Place
from .rewriting import put_before, rewriting
from .trail import Trail, origin
from .ways import Way

if TYPE_CHECKING:
    from .network import NetworkElaborator

__all__ = ["along_another_axis", "made_by_one_call", "names_that_fit", "other_joins", "padding_alike"]

_FEW_ROWS = 3
"""So many rows are lost by poolings of odd sizes, rather than by another depth of the network."""


def names_that_fit(
    error: OperatorError, action: ast.Call | ast.Residual | ast.Shortcut, place: Place, inputs: tuple[Value, ...]
) -> list[Way]:
    """For ``concat enc2`` the other labels whose values go with the current one."""
    if not isinstance(action, ast.Call) or action.body is not None or len(inputs) != 2 or is_free(inputs[0].type.shape):
        return []
    named = [item.value for item in action.arguments if item.name is None and isinstance(item.value, ast.Variable)]
    if len(named) != 1 or not place.scope.find(named[0].name)[0]:
        return []
    values = {name: place.scope.find(name)[1] for name in place.scope.visible()}
    fitting = {name: value for name, value in values.items() if value and _goes_with(error, value, inputs[0])}
    return [
        Way(f"`{action.word.text} {name}` fits: `{name}` is {value.type}", (Edit(named[0].span, name),))
        for name, value in fitting.items()
        if value is not inputs[0]
    ]


def _goes_with(error: OperatorError, value: Value, current: Value) -> bool:
    first = 1 if error.kind is shapes.CONCAT_MISMATCH else 0
    return value.type.shape[first:] == current.type.shape[first:] and len(value.type.shape) == len(current.type.shape)


def other_joins(
    error: OperatorError, action: ast.Call | ast.Residual | ast.Shortcut, inputs: tuple[Value, ...]
) -> Iterator[Way]:
    """An ``upsample`` before a skip from where the image was larger; ``concat`` for sums of unlike channels."""
    types = [value.type for value in inputs]
    if not isinstance(action, ast.Call) or any(len(type_.shape) != 3 or is_free(type_.shape) for type_ in types):
        return
    factor = _factor(*types[:2])
    if action.body is None and len(inputs) == 2 and factor > 1:
        larger = types[0].replace(shape=(types[0].shape[0], *types[1].shape[1:]))
        if error.kind is shapes.CONCAT_MISMATCH or larger.shape == types[1].shape:
            edit = put_before(action.word.span, f"upsample {factor}")
            yield Way(f"`upsample {factor}` before it makes {larger} of {types[0]}", (edit,))
    less = [b - a for a, b in zip(types[0].shape[1:], types[1].shape[1:], strict=True)]
    if action.body is None and len(inputs) == 2 and any(less) and all(0 <= rows <= _FEW_ROWS for rows in less):
        layer = f"pad (top=0, bottom={less[0]}, left=0, right={less[1]})"
        text = f"a pooling has dropped odd rows: `{layer}` before it puts them back"
        yield Way(text, (put_before(action.word.span, layer),))
    if error.kind is shapes.SUM_MISMATCH and len({type_.shape[1:] for type_ in types}) == 1:
        joined = types[0].replace(shape=(sum(type_.shape[0] for type_ in types), *types[0].shape[1:]))
        text = f"`concat` joins values whose channels differ: it gives {joined}"
        yield Way(text, (Edit(action.word.span, "concat"),))
        if action.body is None:
            layer = f"conv {types[-1].shape[0]} 1x1"
            yield Way(f"`{layer}` before it gives {types[-1]}", (put_before(action.word.span, layer),))


def _factor(small: TensorType, large: TensorType) -> int:
    """By how much a value is smaller than another, the same along both axes; 0 if by no whole number."""
    factors = {divmod(b, a) for a, b in zip(small.shape[1:], large.shape[1:], strict=True)}
    factor, rest = factors.pop()
    return 0 if factors or rest else factor


def along_another_axis(
    error: OperatorError, action: ast.Call | ast.Residual | ast.Shortcut, inputs: tuple[Value, ...]
) -> Way | None:
    """``concat axis=1`` counts the batch, as frameworks do; the other axis must fit all the values."""
    if error.kind is not shapes.CONCAT_MISMATCH or not isinstance(action, ast.Call):
        return None
    written = [item.span for item in action.arguments if item.name is not None and item.name.text == "axis"]
    first = inputs[0].type.shape
    differing = {
        axis
        for value in inputs
        for axis, (one, other) in enumerate(zip(first, value.type.shape, strict=False))
        if one != other
    }
    if not written or len(differing) != 1 or any(len(value.type.shape) != len(first) for value in inputs):
        return None
    (axis,) = differing
    shape = (*first[:axis], sum(value.type.shape[axis] for value in inputs), *first[axis + 1 :])
    counted = "the batch is not counted, and the channels are axis 0: " if axis == 0 else ""
    return Way(f"{counted}`axis={axis}` gives {format_shape(shape)}", (Edit(written[0], f"axis={axis}"),))


def made_by_one_call(network: NetworkElaborator, one: Value, other: Value) -> bool:
    """Whether two values come from one call, in two rounds of a loop: what changes one then changes both."""
    place = origin(network, one)
    return place is not None and place == origin(network, other)


def padding_alike(network: NetworkElaborator, trail: Trail, other: Trail) -> list[Way]:
    """Padding that lets windows of several lengths, in the rounds of a loop, give the size that they read."""
    for node, twin in zip(trail.nodes, other.nodes, strict=False):
        operator = node.operator
        if node.input.type.shape[1:] == twin.input.type.shape[1:] != node.output.type.shape[1:]:
            stepping = getattr(operator, "stride", None) not in (1, (1,), (1, 1))
            if stepping or "padding" not in operator.attributes():
                return []
            written = rewriting(network, node, {"padding": "same"})
            text = "x".join(map(str, node.input.type.shape[1:]))
            return [Way(f"`{written.text}` gives {text} each time", written.edits)] if written else []
    return []
