"""For one layer of a network: what to change of it, one attribute at a time, so that its output has a wanted size."""

from __future__ import annotations

from collections.abc import Sequence

from ..diagnostics import Diagnostic, DiagnosticError, DiagnosticKind
from ..diagnostics.kinds import names
from ..diagnostics.suggest import nearest
from ..elaborate.state import Layer
from ..ir import Node
from ..ops import OperatorError, Shape, TensorType, format_shape
from ..record import Record
from .advice import Advice, has_size_attributes, sizes_giving
from .one_walk import as_node

__all__ = ["LARGEST_SIZE", "LayerSizes", "find_layer", "solve_layer"]

LARGEST_SIZE = 16_384
"""Beyond it there would be too many values to try."""

_LISTED = 6


class LayerSizes(Record):
    """A layer, what it gives as it is written (or why it is refused), and the changes after which it gives ``wanted``."""

    layer: Node
    gives: TensorType | None
    refused: str
    wanted: tuple[int, ...]
    advice: tuple[Advice, ...]

    @property
    def is_given(self) -> bool:
        """Whether nothing needs to change."""
        return self.gives is not None and self.gives.shape[1:] == self.wanted


def find_layer(layers: Sequence[Layer], name: str) -> Layer:
    """The layer with a path, or the only one whose path ends in this label.

    Raises:
        DiagnosticError: E0208 if there is none, or several.
    """
    exact = [layer for layer in layers if layer.path == name]
    found = exact or [layer for layer in layers if layer.path.split(".")[-1] == name]
    if len(found) == 1:
        return found[0]
    if found:
        help_ = f"there are {_listed([layer.path for layer in found])}"
        raise _error(names.UNKNOWN_NAME, f"{len(found)} layers are called `{name}`", help_)
    meant = nearest(name, [layer.path for layer in layers if layer.path])
    help_ = f"did you mean `{meant}`?" if meant else _windows(layers)
    raise _error(names.UNKNOWN_NAME, f"no layer is called `{name}`", help_)


def solve_layer(layer: Layer, output: Shape) -> LayerSizes:
    """What to change of a layer for an output of this shape: CxHxW as it has it, HxW, or one number for all axes.

    Raises:
        DiagnosticError: E0206 if the layer has no window, or the shape cannot be its output.
    """
    x = layer.inputs[0].type
    if not has_size_attributes(layer.operator):
        message = f"`{layer.operator.name}` has no window to change"
        raise _error(names.WRONG_VALUE, message, "choose a convolution or a pooling layer")
    if len(x.shape) < 2:
        message = f"`{layer.operator.name}` slides no window over a vector of {format_shape(x.shape)}"
        raise _error(names.WRONG_VALUE, message, "give it an image CxHxW or a line CxL")
    wanted = _wanted(layer, output)
    gives, refused = None, ""
    try:
        gives = layer.operator.resolve(x).infer(x)
    except OperatorError as error:
        refused = error.message
    if max(*wanted, *x.shape[1:]) > LARGEST_SIZE:
        message = f"sizes are tried up to {LARGEST_SIZE:,}"
        raise _error(names.OUT_OF_RANGE, message, "ask about a smaller input and output")
    return LayerSizes(as_node(layer), gives, refused, wanted, _advice(layer, x, wanted))


def _advice(layer: Layer, x: TensorType, wanted: tuple[int, ...]) -> tuple[Advice, ...]:
    try:
        return sizes_giving(layer.operator, x, wanted)
    except ValueError as error:
        raise _error(names.WRONG_VALUE, str(error), "give it an input that it takes") from None


def _wanted(layer: Layer, output: Shape) -> tuple[int, ...]:
    axes = len(layer.inputs[0].type.shape) - 1
    if len(output) == 1:
        return output * axes
    channels = getattr(layer.operator, "out_channels", layer.inputs[0].type.shape[0])
    if len(output) == axes + 1 and output[0] == channels:
        return output[1:]
    if len(output) == axes:
        return output
    like = "x".join((str(channels), *("55",) * axes))
    message = f"`{layer.action.span.text}` never gives {format_shape(output)}"
    raise _error(names.WRONG_VALUE, message, f"write a size, `55`, or a shape, `{like}`")


def _windows(layers: Sequence[Layer]) -> str:
    paths = [layer.path for layer in layers if layer.path and has_size_attributes(layer.operator)]
    return f"layers with a window are {_listed(paths)}" if paths else "the network has no layer with a window"


def _listed(paths: Sequence[str]) -> str:
    shown = ", ".join(f"`{path}`" for path in paths[:_LISTED])
    return shown + (f" and {len(paths) - _LISTED} more" if len(paths) > _LISTED else "")


def _error(kind: DiagnosticKind, message: str, help_: str) -> DiagnosticError:
    return DiagnosticError(Diagnostic(kind, message, help=(help_,)))
