"""``-> 6x28x28``: the shape that the author says is there."""

from __future__ import annotations

from math import isqrt
from typing import TYPE_CHECKING

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import names, shapes
from ..ir import Value
from ..ops import TensorType, element_count, format_shape
from ..ops.extent import is_free
from ..source import Span
from ..syntax import ast
from .expressions import EvaluationError
from .input_sizes import input_giving
from .inputs import as_meant
from .layer_count import other_layers
from .place import Place
from .references import NOTHING
from .shapes import is_undecided, matches, written_shape
from .trail import Trail, origin
from .way import Way
from .ways import ways

if TYPE_CHECKING:
    from .network import NetworkElaborator

__all__ = ["check_contract"]


def check_contract(network: NetworkElaborator, contract: ast.Contract, place: Place) -> None:
    """Compare the current shape with the one asserted; if they differ, report it and go on with the one asserted."""
    try:
        written = written_shape(contract.shape, place.variables)
    except EvaluationError as error:
        if isinstance(contract.shape, ast.Variable):  # it was meant for a label
            place.scope.values.setdefault(contract.shape.name, None)
        network.report(error.diagnostic and _as_meant(contract, error.diagnostic))
        return
    current = network.current
    if current is NOTHING:
        message = "a `split` has several outputs, and a contract speaks of one"
        network.error(names.WRONG_PLACE, message, contract.span, "put it behind the `from` that chooses one")
        return
    if isinstance(current, Value):
        current = network.current = _agreed(network, written, current)
    if isinstance(current, Value) and matches(written, current.type.shape):
        network.asserted.add(current)
        return
    if isinstance(current, Value) and is_undecided(written, current.type.shape):
        network.undecided(contract.span)
    elif isinstance(current, Value):
        _broken(network, contract, written, current)
    _go_on_with(network, written, contract.span)


def _as_meant(contract: ast.Contract, found: Diagnostic) -> Diagnostic:
    from .contract_slips import shape_meant  # what only a contract needs that has no shape

    return shape_meant(contract, found)


def _agreed(network: NetworkElaborator, written: tuple[int | None, ...], value: Value) -> Value:
    """Which of the two, what a broken contract asserted or what is really there, this contract agrees with."""
    if matches(written, value.type.shape):
        network.actual.pop(value, None)
        return value
    real = network.as_it_is(value)
    return real if matches(written, real.type.shape) else value


def _go_on_with(network: NetworkElaborator, written: tuple[int | None, ...], span: Span) -> None:
    """The asserted shape, so that what follows is checked as the author thinks of it."""
    shape = tuple(extent for extent in written if extent is not None)
    found, network.current = network.current, None
    if len(shape) == len(written):
        network.current = Value(TensorType(shape))
        network.spans[network.current] = span
        if isinstance(found, Value):
            network.actual[network.current] = found.type
        elif network.flattened_early:  # the `flatten` that came too early is missing here, which has been reported
            network.actual[network.current] = TensorType((element_count(shape),))


def _broken(network: NetworkElaborator, contract: ast.Contract, written: tuple[int | None, ...], value: Value) -> None:
    shape = format_shape(value.type.shape)
    maker = origin(network, value)
    trail = Trail(network, value)
    order = _order(written, value)
    found = [] if order else ways(trail, written, contract.span, of_input=True)
    if found and found[0].edits in network.suggested:  # a block that is used again has the same mistake again
        network.failed = True
        return
    if not order:
        found = _with_others(network, trail, written, contract.span, found)
    network.suggested.update(way.edits for way in found)
    meant = as_meant(network) if trail.start is network.input else None
    found = [meant, *found] if meant is not None else found
    helps = [way.text for way in found] or list(_vector(trail, written, value))
    network.report(
        Diagnostic(
            shapes.CONTRACT_BROKEN,
            f"the shape here is {shape}, not {format_shape(written)}",
            Label(contract.span, f"asserts {format_shape(written)}"),
            (Label(maker, f"gives {shape}"),) if maker else (),
            notes=_how(trail, written),
            help=(*helps, f"{'or ' if helps else order}assert `-> {shape}`"),
            fixes=(*(way.fix for way in found), Fix(f"assert `{shape}`", (Edit(contract.span, shape),))),
        )
    )


def _with_others(
    network: NetworkElaborator, trail: Trail, written: tuple[int | None, ...], place: Span, found: list[Way]
) -> list[Way]:
    """What else would do besides another attribute of one layer: a layer more or less, and another size of the input."""
    layers = other_layers(trail, written, place)
    doubled = [way for way in layers if "repeats" in way.text]
    found = doubled or [*found, *layers]
    if doubled or any("an input of" in way.text for way in found):
        return found
    input_ = input_giving(network, trail.value, written)
    return [*found, input_] if input_ is not None else found


def _order(written: tuple[int | None, ...], value: Value) -> str:
    """What to say before the shape if the one asserted has its channels last, or the batch first."""
    shape = value.type.shape
    if written[1:] == shape:
        return "the shape is that of one sample, without the batch: "
    return "channels come first: " if len(shape) > 1 and written == (*shape[1:], shape[0]) else ""


def _how(trail: Trail, written: tuple[int | None, ...]) -> tuple[str, ...]:
    """How the shape came about: by windows, or by a `concat` whose channels add up."""
    sizes = trail.value.type.shape[1:]
    if matches(written[1:], sizes):
        return (*trail.joined_channels(), *trail.formulas(), *trail.shapes())
    return (*(trail.formulas() or trail.formulas_before()), *trail.shapes())


def _vector(trail: Trail, written: tuple[int | None, ...], value: Value) -> tuple[str, ...]:
    """What the vector that is asserted has to do with an image."""
    shape = value.type.shape
    if len(written) != 1 or written[0] is None or is_free(shape):
        return ()
    if len(shape) > 1:
        return (f"`flatten` makes {element_count(shape)} of it, a vector",)
    image = trail.nodes[0].input.type.shape if trail.nodes and trail.nodes[0].operator.name == "flatten" else ()
    side = isqrt(written[0] // image[0]) if image else 0
    if len(image) != 3 or image[0] * side * side != written[0]:
        return ()
    return (f"{written[0]} is {image[0]}*{side}*{side}, and `flatten` is given {format_shape(image)}",)
