"""What an operator refuses, told where the user wrote what is to blame, with help computed from the layers before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import shapes
from ..ir import Value
from ..ops import OPERATORS, Operator, OperatorError, format_shape
from ..ops.extent import is_free
from ..ops.geometry import Window, dilated
from ..ops.inverse import inputs_giving
from ..source import Span
from ..syntax import ast
from .axes import without_batch
from .inputs import as_meant
from .joins import along_another_axis, made_by_one_call, names_that_fit, other_joins, padding_alike
from .place import Place
from .promised import ways_to_keep_promise
from .rewriting import put_before
from .trail import Trail, origin, shown_span
from .ways import Way, ways

if TYPE_CHECKING:
    from .network import NetworkElaborator

__all__ = ["refusal"]

_JOINS = (shapes.SUM_MISMATCH, shapes.CONCAT_MISMATCH, shapes.PRODUCT_MISMATCH)
_OF_AXES = (shapes.BAD_AXIS, shapes.BAD_PERMUTATION)
_MOST_WAYS = 2


def refusal(
    network: NetworkElaborator,
    operator: Operator,
    error: OperatorError,
    action: ast.Call | ast.Residual | ast.Shortcut,
    spans: Mapping[str, Span],
    inputs: tuple[Value, ...],
    place: Place,
) -> Diagnostic:
    """An operator's complaint with its place, the values that it was given, and what would help."""
    whole = action.word.span if isinstance(action, ast.Call) else action.span.first_word
    if error.kind in _OF_AXES:
        counted = without_batch(operator, inputs, spans)
        if counted is not None:
            label = Label(counted.edits[0].span, error.label)
            helps, fixes = (*error.help, counted.text), (counted.fix,)
            return Diagnostic(error.kind, error.message, label, _origins(network, inputs), (), helps, fixes)
    if error.kind in _JOINS and error.input is not None:
        found = _mismatch(network, error, whole, inputs)
        turned = along_another_axis(error, action, inputs)
        named = [turned] if turned is not None else names_that_fit(error, action, place, inputs)
        return _with_ways(found, named, [] if named else list(other_joins(error, action, inputs)), error.help)
    if error.input is not None:  # of many values only the first and the one that does not go with it are shown
        inputs = (inputs[0], inputs[error.input])
    attribute = error.attribute if error.input is None else None
    primary = Label(spans.get(attribute or "", whole), error.label if error.input is None else "")
    found = Diagnostic(error.kind, error.message, primary, _origins(network, inputs), error.notes, error.help)
    meant = as_meant(network) if error.kind in (shapes.WINDOW_TOO_LARGE, shapes.WRONG_RANK) else None
    if meant is not None and Trail(network, inputs[0]).start is network.input:
        return found.replace(help=(meant.text,), fixes=(meant.fix,))
    if error.kind is shapes.WINDOW_TOO_LARGE:
        promised = ways_to_keep_promise(network, operator, action.span, spans, inputs[0], place)
        if promised:
            return _with_ways(found.replace(help=()), promised, [], ())
        return _with_larger_input(network, found, operator, inputs[0])
    if error.kind is shapes.WRONG_RANK:
        return _with_flatten(network, found, action, inputs[0])
    if error.kind is shapes.WRONG_DTYPE and inputs[0] is network.input and not found.help:
        return _of_tokens(network, found)
    return found


def _of_tokens(network: NetworkElaborator, found: Diagnostic) -> Diagnostic:
    """``input 10`` where ``input 10 of=token`` is meant."""
    assert network.input is not None
    span = network.spans[network.input]
    fix = Fix("say that the input holds tokens", (Edit(Span(span.source, span.end, span.end), " of=token"),))
    return found.replace(help=(f"write `{span.text} of=token`",), fixes=(fix,))


def _origins(network: NetworkElaborator, values: tuple[Value, ...]) -> tuple[Label, ...]:
    spans = [(origin(network, value), value) for value in dict.fromkeys(values)]
    return tuple(Label(span, f"this value is {value.type}") for span, value in spans if span is not None)


def _mismatch(network: NetworkElaborator, error: OperatorError, whole: Span, inputs: tuple[Value, ...]) -> Diagnostic:
    """Branches that do not go together: the odd one, the layer where its size parts from the others, and what mends it."""
    model, odd = _model_and_odd(error, inputs)
    alike = made_by_one_call(network, odd, model)
    goals = {_goal(error, value, value) for value in inputs}
    scattered = error.kind is shapes.SUM_MISMATCH and len(goals) > 2  # no change of one value would do
    secondary = list(_origins(network, (model, odd)))
    helps: list[str] = []
    fixes: list[Fix] = []
    for one, other in ((odd, model), (model, odd))[: 2 if len(inputs) == 2 else 1]:
        trail = Trail(network, one, apart_from=other)
        if alike:
            found = padding_alike(network, trail, Trail(network, other)) if one is odd else []
        else:
            found = [] if scattered else ways(trail, _goal(error, one, other), whole)[:_MOST_WAYS]
        node = trail.parting(other.type.shape[1:])
        place = shown_span(network, node) if node is not None else None
        if node is not None and place is not None and place != origin(network, one) and not helps:
            sizes = [format_shape(type_.shape[1:]) for type_ in (node.input.type, node.output.type)]
            secondary.append(Label(place, f"here {sizes[0]} becomes {sizes[1]}"))
        helps += [way.text for way in found]
        fixes += [way.fix for way in found]
    return Diagnostic(error.kind, error.message, Label(whole), tuple(secondary), help=tuple(helps), fixes=tuple(fixes))


def _with_ways(found: Diagnostic, before: list[Way], behind: list[Way], otherwise: tuple[str, ...]) -> Diagnostic:
    """What else would help, before and behind the changes that were found; if there is nothing, what is always true."""
    help_ = (*(way.text for way in before), *found.help, *(way.text for way in behind))
    fixes = (*(way.fix for way in before), *found.fixes, *(way.fix for way in behind))
    return found.replace(help=help_ or otherwise, fixes=fixes)


def _model_and_odd(error: OperatorError, inputs: tuple[Value, ...]) -> tuple[Value, Value]:
    """A value like most of them, and the first that does not go with it."""
    if error.kind is shapes.PRODUCT_MISMATCH:
        return inputs[0], inputs[error.input or 0]
    first = 0 if error.kind is shapes.SUM_MISMATCH else 1
    common = Counter(value.type.shape[first:] for value in inputs).most_common(1)[0][0]
    model = next(value for value in inputs if value.type.shape[first:] == common)
    return model, next((value for value in inputs if value.type.shape[first:] != common), inputs[error.input or 0])


def _goal(error: OperatorError, one: Value, other: Value) -> tuple[int | None, ...]:
    """The shape that one value must have to go with another."""
    if error.kind is shapes.CONCAT_MISMATCH:
        return (None, *other.type.shape[1:])
    if error.kind is shapes.SUM_MISMATCH or len(one.type.shape) != len(other.type.shape):
        return other.type.shape
    return tuple(a if 1 in (a, b) else b for a, b in zip(one.type.shape, other.type.shape, strict=True))


def _with_larger_input(network: NetworkElaborator, found: Diagnostic, operator: Operator, x: Value) -> Diagnostic:
    """The least input of the network for which the window fits."""
    trail = Trail(network, x)
    found = found.replace(notes=(*found.notes, *trail.shapes()))
    window = operator.resolve(x.type).window()
    if not isinstance(window, Window):
        return found
    least = tuple(
        dilated(kernel, dilation) - sum(padding)
        for kernel, dilation, padding in zip(window.kernel_size, window.dilation, window.padding, strict=True)
    )
    size = _least_input(trail, least)
    asserted = any(node.input in network.asserted for node in trail.nodes) or x in network.asserted
    if size is None or trail.start is not network.input or trail.start is x or asserted:
        return found
    text = format_shape((trail.start.type.shape[0], *size))
    return found.replace(help=(*found.help, f"an input of at least {text} leaves enough for this layer"))


def _least_input(trail: Trail, least: tuple[int, ...]) -> tuple[int, ...] | None:
    """The least extents at the start of a trail from which at least so much is left at its end."""
    for node in trail.nodes:
        window = node.operator.window()
        if window is None and node.input.type.shape[1:] == node.output.type.shape[1:]:
            continue
        if not isinstance(window, Window) or is_free(node.input.type.shape) or len(window.stride) != len(least):
            return None
        sizes = [inputs_giving(window.along(axis), extent) for axis, extent in enumerate(least)]
        if not all(sizes):
            return None
        least = tuple(each[0] for each in sizes)
    if is_free(trail.start.type.shape) or len(trail.start.type.shape) != len(least) + 1:
        return None
    return tuple(map(max, least, trail.start.type.shape[1:]))


def _with_flatten(
    network: NetworkElaborator, found: Diagnostic, action: ast.Call | ast.Residual | ast.Shortcut, x: Value
) -> Diagnostic:
    """A vector made of an image: the `flatten` that is missing, or the one that came too early."""
    trail = Trail(network, x)
    early = next((node for node in trail.nodes if node.operator.name == "flatten"), None)
    if early is not None and len(x.type.shape) == 1:
        label = Label(early.span, f"here {early.input.type} becomes {early.output.type}")
        help_ = "layers that look at an image stand before `flatten`: move it behind this one"
        return found.replace(secondary=(*found.secondary, label), help=(*found.help, help_))
    if isinstance(action, ast.Call) and action.word.text == "dense" and len(x.type.shape) > 1:
        return found.replace(fixes=(Fix("put `flatten` before it", (put_before(action.word.span, "flatten"),)),))
    return found if found.help else _along_a_line(found, action, x)


def _along_a_line(found: Diagnostic, action: ast.Call | ast.Residual | ast.Shortcut, x: Value) -> Diagnostic:
    """The layer of the same kind for the axes that are there: ``conv1d`` for a line, ``conv`` for an image."""
    word = action.word.text if isinstance(action, ast.Call) else ""
    meant, what = {
        2: (f"{word}1d", "a line CxL"),
        3: (word.removesuffix("1d"), "an image CxHxW"),
    }.get(len(x.type.shape), ("", ""))
    if not isinstance(action, ast.Call) or meant == word or meant not in OPERATORS:
        return found
    fix = Fix(f"write `{meant}`", (Edit(action.word.span, meant),))
    return found.replace(help=(f"`{meant}` takes {what}",), fixes=(fix,))
