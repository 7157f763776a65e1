"""A layer too few or too many: a pooling that was left out, a line that stands twice. Each is tried before it is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..diagnostics import Edit
from ..ir import Node
from ..ops import OPERATORS, Operator, OperatorError, TensorType
from ..ops.extent import Undecided, is_free
from ..source import Span
from .lines import line_removed, repeats_the_line_above
from .rewriting import put_before
from .shapes import matches
from .trail import Trail, is_written, shown_span
from .way import Way

__all__ = ["other_layers"]

_MOST_POOLS = 3


def other_layers(trail: Trail, wanted: tuple[int | None, ...], place: Span) -> list[Way]:
    """One layer less, or one pooling more, since the last shape that was asserted, that gives the wanted shape."""
    if is_free(trail.value.type.shape) or trail.value.type.shape[1:] == wanted[1:]:
        return []
    nodes = _since_asserted(trail)
    removed = list(_without_one(trail, nodes, wanted))
    return removed or list(_with_a_pooling(trail, nodes, wanted, place))[:1]


def _since_asserted(trail: Trail) -> list[Node]:
    """The layers of the network's own text behind the last shape that was found right, the first of them first."""
    nodes: list[Node] = []
    home = trail.network.network.span.source
    for node in trail.nodes:
        if node.span.source is not home or not is_written(node):
            break
        nodes.insert(0, node)
        if node.input in trail.network.asserted:
            break
    return nodes


def _without_one(trail: Trail, nodes: Sequence[Node], wanted: tuple[int | None, ...]) -> Iterator[Way]:
    for index, node in enumerate(nodes):
        again = repeats_the_line_above(node.span)
        others = [each.operator for each in (*nodes[:index], *nodes[index + 1 :])]
        if again is not None and _gives(others, nodes[0].input.type, wanted):
            yield again
        elif node.operator.name.endswith("pool") and _gives(others, nodes[0].input.type, wanted):
            line = node.span.position[0]
            alone = trail.network.network.span.source.line(line).partition("#")[0].strip() == node.span.text
            edits = (line_removed(node.span),) if alone else ()
            if edits:
                yield Way(f"without `{node.span.text}` on line {line} it is {_shown(wanted)}", edits)


def _with_a_pooling(trail: Trail, nodes: Sequence[Node], wanted: tuple[int | None, ...], place: Span) -> Iterator[Way]:
    """A pooling that the network has already, or of 2x2, before one of the layers."""
    known = {
        node.operator: shown_span(trail.network, node).text for node in reversed(trail.network.nodes) if _pools(node)
    }
    pools = [*list(known.items())[:_MOST_POOLS], *(() if known else ((_halving(), "maxpool 2x2"),))]
    for index, node in enumerate(nodes):
        for pool, text in pools:
            operators = [each.operator for each in nodes]
            operators.insert(index, pool)
            if _gives(operators, nodes[0].input.type, wanted):
                where = "" if node.span.position[0] == place.position[0] else f" on line {node.span.position[0]}"
                yield Way(
                    f"`{text}` before `{node.span.text}`{where} gives {_shown(wanted)}",
                    (_put_before(node.span, text),),
                )


def _put_before(span: Span, text: str) -> Edit:
    return put_before(span, text)


def _pools(node: Node) -> bool:
    return node.operator.name in ("maxpool", "avgpool") and is_written(node)


def _halving() -> Operator:
    return OPERATORS["maxpool"](kernel_size=(2, 2), stride=(2, 2))


def _shown(wanted: tuple[int | None, ...]) -> str:
    return "x".join("?" if extent is None else str(extent) for extent in wanted)


def _gives(operators: Sequence[Operator], x: TensorType, wanted: tuple[int | None, ...]) -> bool:
    try:
        for operator in operators:
            x = operator.resolve(x).infer(x)
    except (OperatorError, Undecided):
        return False
    return matches(wanted, x.shape)
