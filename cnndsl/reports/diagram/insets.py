"""Insets: each block that a picture shows as one box, drawn once beside it with all that it holds.

A box hides what a paper is about: the shortcut, the dense links, the gate. So a block gets an inset if values meet in it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from ...diagnostics.text import sanitize
from ...ir import Block, Graph, Node, Value
from ...record import Record
from ..outline import Fold, Part
from .labels import Figure, short_name
from .layout import Layout
from .model import Picture
from .sheet import Sheet, framed
from .structure import Leaf

__all__ = ["Hidden", "beside", "hidden_blocks"]

_MOST = 3
_TALLEST, _WIDEST = 1400.0, 1800.0
"""Beyond these a picture is not read any more: the last insets are left out."""


class Hidden(Record):
    """What is in a block: the nodes from ``start`` to before ``stop`` as a network of their own, and a title for it.

    Values of outside that it reads besides its input have ``names``: the block's own for them.
    """

    title: str
    path: str
    graph: Graph
    names: Mapping[Value, str]
    start: int
    stop: int


def hidden_blocks(graph: Graph, folds: Iterable[Fold], shown: Iterable[Leaf]) -> Iterator[Hidden]:
    """The networks inside blocks that are boxes and in which values meet; of blocks of one name the usual one.

    ``folds`` are all parts of the network, ``shown`` the boxes of its picture.
    """
    names = dict.fromkeys(name for leaf in shown for name in _names(graph, leaf.part))
    found: dict[str, list[tuple[Part, int]]] = defaultdict(list)
    for part, count in _parts(folds, 1):
        found[_name(part)].append((part, count))
    for name in list(names)[:_MOST]:
        count = sum(count for _, count in found[name])
        part = _usual(graph, found[name])
        title = f"{sanitize(name)}{f', {count} of them' if count > 1 else ''}"
        yield Hidden(title, part.path, _inside(graph, part), _value_names(graph, part), part.start, part.stop)


def _value_names(graph: Graph, part: Part) -> dict[Value, str]:
    """What a block calls values that it is given as arguments."""
    assert part.block is not None
    paths = {value: node.path for node in graph.nodes[: part.start] for value in node.outputs}
    texts = {str(text): name for name, text in part.block.settings.items()}
    names = {value: [text for text in texts if f"{paths.get(value)}.".startswith(f"{text}.")] for value in part.inputs}
    return {value: sanitize(texts[max(found, key=len)]) for value, found in names.items() if found}


def _usual(graph: Graph, parts: list[tuple[Part, int]]) -> Part:
    """The part whose layers most have; of as many, the one with the fewest layers: it shows how the block is built."""
    forms = [tuple(node.operator.name for node in graph.nodes[part.start : part.stop]) for part, _ in parts]
    counts: Counter[tuple[str, ...]] = Counter()
    for form, (_, count) in zip(forms, parts, strict=True):
        counts[form] += count
    usual = min(counts, key=lambda form: (-counts[form], len(form)))
    return parts[forms.index(usual)][0]


def _names(graph: Graph, part: Part) -> Iterator[str]:
    """The name of a block in which values meet; of braces those of the blocks in them, or their own if there are none."""
    if part.block is None or not _has_join(graph, part):
        return
    inside = [] if part.block.name else [name for fold in part.folds for name in _names(graph, fold.first)]
    own = [_name(part)] if len(part.outputs) == 1 and _name(part) else []
    yield from inside or own


def _name(part: Part) -> str:
    """What a block is called; braces by their label without its number."""
    if part.block is None:
        return ""
    return part.block.name or short_name(part.block.path).rstrip("0123456789")


def _parts(folds: Iterable[Fold], repeats: int) -> Iterator[tuple[Part, int]]:
    """Every part that is drawn, and how many times it is there."""
    for fold in folds:
        count = repeats * fold.count
        yield fold.first, count
        yield from _parts(fold.first.folds, count)


def _has_join(graph: Graph, part: Part) -> bool:
    return any(len(node.inputs) > 1 for node in graph.nodes[part.start : part.stop])


def _inside(graph: Graph, part: Part) -> Graph:
    """The network of the layers in a block."""
    assert part.block is not None
    around = frozenset(part.block.chain)
    known: dict[Block, Block | None] = {}
    nodes = tuple(_moved(node, around, known) for node in graph.nodes[part.start : part.stop])
    return Graph(part.block.name, part.inputs[0], nodes, part.outputs[0])


def _moved(node: Node, around: frozenset[Block], known: dict[Block, Block | None]) -> Node:
    """A node in the same blocks, but for those around the block that is drawn."""
    block = _cut(node.block, around, known)
    return Node(node.path, node.operator, node.inputs, node.outputs, node.span, node.attribute_spans, block)


def _cut(block: Block | None, around: frozenset[Block], known: dict[Block, Block | None]) -> Block | None:
    if block is None or block in around:
        return None
    if block not in known:
        known[block] = Block(block.name, block.path, block.settings, block.span, _cut(block.parent, around, known))
    return known[block]


def beside(
    picture: Picture, layout: Layout, figure: Figure, shape: float, *, across_page: bool
) -> tuple[Picture, Layout]:
    """A picture with its insets to the right of it or below, as many as fit, as one picture.

    It is nearer to this shape, height by width, than the other.
    """
    if not picture.insets:
        return picture, layout
    found = [
        framed(f"inset{number}", title, inset, figure, across_page=across_page)
        for number, (title, inset) in enumerate(picture.insets)
    ]
    tallest = max(_TALLEST, layout.height)
    for count in range(len(found), 0, -1):
        tried = [Sheet(picture, layout, found[:count], is_below) for is_below in (False, True)]
        fitting = [sheet for sheet in tried if sheet.height <= tallest and sheet.width <= _WIDEST]
        if fitting:
            best = min(fitting, key=lambda sheet: max(sheet.width, sheet.height / shape))
            return best.picture(), best.layout()
    return picture, layout
