"""A window that does not fit, on a line whose contract says what was to come of it: the layer that keeps the promise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ..ir import Node, Value
from ..ops import Operator, OperatorError, Shape, TensorType, format_shape
from ..ops.extent import Undecided, is_free
from ..ops.remedies import remedies
from ..source import Span
from .rewriting import rewriting
from .way import Way

if TYPE_CHECKING:
    from .network import NetworkElaborator
    from .place import Place

__all__ = ["ways_to_keep_promise"]

_CONTRACT = re.compile(r"[^\n#{}]*->[ \t]*([0-9]+(?:x[0-9]+)+)[ \t]*(?=[\r\n#}]|$)")
_MOST_WAYS = 2


def ways_to_keep_promise(
    network: NetworkElaborator, operator: Operator, call: Span, spans: Mapping[str, Span], x: Value, place: Place
) -> list[Way]:
    """Changes of a refused layer that give the shape asserted at the end of its line, if that is one of its own rank."""
    found = _CONTRACT.match(call.source.text, call.end)
    wanted = tuple(map(int, found[1].split("x"))) if found else ()
    if is_free(x.type.shape) or len(wanted) != len(x.type.shape):
        return []
    resolved = operator.resolve(x.type)
    node = Node("", resolved, (x,), (Value(TensorType(wanted)),), call, spans, place.block)
    tried = list(_tried(network, node, wanted))
    return [way for changes, way in tried if "kernel_size" in changes] or [way for _, way in tried][:_MOST_WAYS]


def _tried(network: NetworkElaborator, node: Node, wanted: Shape) -> Iterator[tuple[Mapping[str, object], Way]]:
    x = node.input.type
    channels = getattr(node.operator, "out_channels", wanted[0])
    own = {"out_channels": wanted[0]} if channels != wanted[0] else {}
    for remedy in remedies(node.operator, x, tuple((extent,) for extent in wanted[1:])):
        changes = {**own, **remedy.changes}
        try:
            fits = node.operator.replace(**changes).infer(x).shape == wanted
        except (OperatorError, Undecided):
            continue
        written = rewriting(network, node, changes) if fits else None
        if written is not None:
            yield changes, Way(f"`{written.text}` gives {format_shape(wanted)}, as asserted", written.edits)
