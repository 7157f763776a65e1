"""Inputs as other frameworks write them: channels last or left out, and a batch before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..diagnostics import Edit
from ..ops import format_shape
from ..ops.extent import is_free
from ..source import Span
from .ways import Way

if TYPE_CHECKING:
    from .network import NetworkElaborator

__all__ = ["as_meant"]

_COLORS = (1, 3, 4)


def as_meant(network: NetworkElaborator) -> Way | None:
    """The input as it seems to be meant: with its channels first for 28x28x1 and 28x28, without its batch for 32x1x28x28."""
    if network.input is None or network.input not in network.spans or is_free(network.input.type.shape):
        return None
    shape, span = network.input.type.shape, network.spans[network.input]
    if len(shape) == 3 and shape[2] in _COLORS and min(shape[:2]) > max(_COLORS):
        meant: tuple[int, ...] = (shape[2], *shape[:2])
        why = "channels come first"
    elif len(shape) == 2 and shape[0] == shape[1]:
        meant, why = (1, *shape), "an image has channels"
    elif len(shape) == 4:
        image = shape[1:]
        meant = (image[2], *image[:2]) if image[2] in _COLORS and min(image[:2]) > max(_COLORS) else image
        why = "the batch is no part of the shape"
    else:
        return None
    written = format_shape(shape)
    place = span.text.find(written)
    if place < 0:
        return None
    where = Span(span.source, span.start + place, span.start + place + len(written))
    return Way(f"{why}: `input {format_shape(meant)}`", (Edit(where, format_shape(meant)),))
