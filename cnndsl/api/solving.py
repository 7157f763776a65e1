"""Questions about the input of a network or about one of its layers, from a source."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from ..diagnostics import Diagnostic, DiagnosticError, Diagnostics
from ..diagnostics.kinds.names import NO_NETWORK, UNKNOWN_SETTING, WRONG_VALUE
from ..diagnostics.kinds.shapes import UNDECIDED
from ..elaborate import (
    build_library,
    find_network,
)
from ..ops import format_shape
from ..source import Source
from .checking import Explained, parse_text, read_file

if TYPE_CHECKING:
    from ..solve import InputSizes, LayerSizes, Question


__all__ = ["solve_layer_of", "solve_source"]


def _open_question(
    source: Source, settings: Mapping[str, Any] | None = None, network: str | None = None
) -> tuple[Question, tuple[int | None, ...]]:
    """A network whose input is to be found, and that input as it is written.

    Raises:
        DiagnosticError: With every mistake that is before the input: the others may be what the question is about.
    """
    from ..solve import Question

    diagnostics = Diagnostics()
    file = parse_text(source, diagnostics)
    sink = Explained(file, diagnostics)
    chosen = find_network(file, network, sink, whole=not diagnostics.has_errors)
    library = build_library(file, partial(read_file, diagnostics), sink)
    diagnostics.raise_errors()
    if chosen is None:
        raise DiagnosticError(Diagnostic(NO_NETWORK, f"`{source.name}` has no network"))
    question = Question(chosen, settings or {}, library, diagnostics, partial(Explained, file))
    written = question.written()
    diagnostics.raise_errors()
    if written is None:  # an input that never comes is found missing at its end
        question.walk((), ()).diagnostics.raise_errors()
    assert written is not None
    return question, written


def solve_source(
    source: Source,
    settings: Mapping[str, Any] | None = None,
    network: str | None = None,
    shape: tuple[int | None, ...] | None = None,
    up_to: int = 2048,
) -> InputSizes:
    """Which sizes of the input from 1 to ``up_to`` suit a network.

    ``shape`` has None for the sizes that are asked about: unless it is given those that are free, else all but the channels.

    Raises:
        DiagnosticError: With the mistakes of the spec, or if the shape is not of the input's rank.
    """
    from ..solve import free_axes, solve_input

    question, written = _open_question(source, settings, network)
    asked = free_axes(written) if shape is None else shape
    _require_askable(asked, written)
    found = solve_input(question, written, asked, up_to)
    question.diagnostics.raise_errors()
    assert found is not None
    return found


def _require_askable(asked: tuple[int | None, ...], written: tuple[int | None, ...]) -> None:
    """Refuse an input of another rank, and to ask about no axis or about more than two."""
    if len(asked) != len(written):
        message = f"an input of {format_shape(asked)} conflicts with `input {format_shape(written)}` in the spec"
        raise DiagnosticError(
            Diagnostic(UNKNOWN_SETTING, message, help=(f"write {len(written)} sizes, with `?` for those to find",))
        )
    if asked.count(None) not in (1, 2):
        message = f"an input of {format_shape(asked)} must leave one or two sizes to find"
        raise DiagnosticError(
            Diagnostic(WRONG_VALUE, message, help=("write `--input 3x?x?`, with `?` for what to find",))
        )


def solve_layer_of(
    source: Source,
    layer: str | None,
    output: tuple[int, ...],
    settings: Mapping[str, Any] | None = None,
    network: str | None = None,
    shape: tuple[int | None, ...] | None = None,
) -> LayerSizes:
    """What to change of one layer, the last one if it is not named, so that its output has a wanted size.

    The layer is looked for in a network whose contracts may be broken, and after which other layers may not fit.

    Raises:
        DiagnosticError: With the mistakes that leave no such layer.
    """
    from ..solve import find_layer, solve_layer

    question, written = _open_question(source, settings, network)
    if shape is not None and len(shape) != len(written):
        _require_askable(shape, written)
    own = tuple(extent for extent in shape or written if extent is not None)
    if len(own) != len(written):
        raise DiagnosticError(
            Diagnostic(UNDECIDED, "the size of the input is free", help=("give it with `--input 3x224x224`",))
        )
    walk = question.walk(own, ())
    if layer is None and not walk.layers:
        walk.diagnostics.raise_errors()
    return solve_layer(walk.layers[-1] if layer is None else find_layer(walk.layers, layer), output)
