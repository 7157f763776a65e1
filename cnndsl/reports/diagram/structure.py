"""Which layers share a box, and which blocks are drawn around boxes: the skeleton of a picture, before any text.

Normalisation, activation and dropout go with the layer that they follow: drawn one by one they would make a network look
three times as long as people think of it. A layer that does nothing is only an edge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from ...ir import Graph, Node, Value
from ..outline import Fold, Part
from .palette import kind_of

__all__ = ["FOLDED", "Group", "IsOpen", "Leaf", "Structure", "collapsed", "leaves"]

FOLDED = ("norm", "activation", "dropout")

_NEARLY_ALL = 0.85

IsOpen = Callable[[Part, int], bool]
"""Whether a block is open that has so many blocks around it."""


class Leaf:
    """What becomes a box: a layer with those folded into it, or a block that is collapsed; ``count`` of them in a row.

    ``last`` is the part of the last of them; ``named`` is the part whose name it bears: the block around the layer, if that
    holds nothing else.
    """

    __slots__ = ("count", "folded", "last", "named", "part")

    def __init__(self, fold: Fold) -> None:
        self.part = part = fold.first
        self.last = fold.last
        self.count = fold.count
        self.folded: list[Node] = []
        self.named = part

    @property
    def output(self) -> Value | None:
        """What leaves it; None for a block of which nothing is used."""
        if self.folded:
            return self.folded[-1].output
        if self.part.node is not None:
            return self.part.node.output
        return self.part.outputs[-1] if self.part.outputs else None

    def can_take(self, node: Node) -> bool:
        """Whether a node reads the one output of this layer."""
        maker = self.part.node
        return self.count == 1 and maker is not None and len(maker.outputs) == 1 and node.input is self.output


Origin = tuple[Leaf | None, Value]
"""The leaf that a value leaves, None for what enters the network, and the value itself or its like in the first copy."""


class Group:
    """What becomes a cluster: a block that is open, or a sequence, ``count`` times in a row."""

    __slots__ = ("children", "fold", "part")

    def __init__(self, fold: Fold, children: list[Leaf | Group]) -> None:
        self.fold = fold
        self.part = fold.first
        self.children = children

    @property
    def count(self) -> int:
        return self.fold.count


class Structure:
    """The skeleton of a network, its blocks opened as ``is_open`` says; ``origins`` tells which leaf a value comes from.

    Blocks in ``framed`` get a frame even where they are but braces around a few layers.
    """

    def __init__(
        self, graph: Graph, folds: tuple[Fold, ...], is_open: IsOpen, framed: frozenset[Part] = frozenset()
    ) -> None:
        self.graph = graph
        self._is_open = is_open
        self._framed = framed
        self._uses = Counter(value for node in graph.nodes for value in node.inputs)
        self._uses.update((graph.output, *(head.value for head in graph.heads)))
        self.children: list[Leaf | Group] = []
        self._fill(self.children, folds, 0)
        self.leaves = list(leaves(self.children))
        self.origins = self._origins(folds)

    def _fill(self, children: list[Leaf | Group], folds: tuple[Fold, ...], level: int) -> None:
        for fold in folds:
            if fold.first.node is not None:
                self._add_layer(children, fold)
            else:
                self._add_block(children, fold, level)

    def _add_layer(self, children: list[Leaf | Group], fold: Fold) -> None:
        node = fold.first.node
        assert node is not None
        if _does_nothing(node):
            return
        taker = self._taker(children, node) if fold.count == 1 else None
        if taker is None:
            children.append(Leaf(fold))
        else:
            taker.folded.append(node)

    def _taker(self, children: list[Leaf | Group], node: Node) -> Leaf | None:
        """The box that a node is folded into: of a sort that is folded, and nothing else reads what it reads."""
        if kind_of(type(node.operator)) not in FOLDED or len(node.inputs) != 1 or len(node.outputs) != 1:
            return None
        if self._uses[node.input] != 1:
            return None
        return next((leaf for leaf in reversed(children) if isinstance(leaf, Leaf) and leaf.can_take(node)), None)

    def _add_block(self, children: list[Leaf | Group], fold: Fold, level: int) -> None:
        part = fold.first
        inside: list[Leaf | Group] = []
        self._fill(inside, part.folds, level + (not part.is_sequence))
        if not inside:
            return
        only = inside[0]
        if len(inside) == 1 and isinstance(only, Leaf) and 1 in (only.count, fold.count):
            self._add_single(children, only, fold)
        elif not part.is_sequence and not self._is_open(part, level):
            children.append(Leaf(fold))
        elif fold.count == 1 and part not in self._framed and self._is_plain(part, inside):
            for child in inside:
                self._append(children, child)
        else:
            children.append(Group(fold, inside))

    def _add_single(self, children: list[Leaf | Group], leaf: Leaf, fold: Fold) -> None:
        """A block of one box is that box: shut it would say less in the same room. So are braces of one shut block."""
        block = fold.first.block
        if _is_named_around_braces(fold.first, leaf.part):
            around = Leaf(fold)
            around.count *= leaf.count
            children.append(around)
            return
        leaf.count *= fold.count
        if block is not None:
            leaf.named = fold.first
        self._append(children, leaf)

    def _append(self, children: list[Leaf | Group], child: Leaf | Group) -> None:
        """Add a part that was inside a block which is not drawn; it may go with what comes before that."""
        node = child.part.node
        taker = (
            self._taker(children, node) if isinstance(child, Leaf) and node is not None and child.count == 1 else None
        )
        if taker is None or node is None or not isinstance(child, Leaf):
            children.append(child)
        else:
            taker.folded += [node, *child.folded]

    def _is_plain(self, part: Part, inside: list[Leaf | Group]) -> bool:
        """Whether no frame is drawn around a block: braces that only name a few layers, or nearly the whole network."""
        if part.block is not None and part.block.name:
            return False
        if part.stop - part.start > _NEARLY_ALL * len(self.graph.nodes):
            return True
        return all(isinstance(child, Leaf) and child.part.node is not None for child in inside)

    def _origins(self, folds: tuple[Fold, ...]) -> dict[Value, Origin]:
        """For each value the leaf that it leaves, None for what enters; a copy's values leave those of the first."""
        nodes = self.graph.nodes
        places: dict[Node, Leaf] = {}
        for leaf in self.leaves:
            inside = (*nodes[leaf.part.start : leaf.part.stop], *leaf.folded)
            places.update(dict.fromkeys(inside, leaf))
        firsts = list(range(len(nodes)))
        _trace(folds, firsts)
        entering = (self.graph.input, *(value for node in nodes for value in node.inputs))
        origins: dict[Value, Origin] = {value: (None, value) for value in entering}
        for place, node in enumerate(nodes):
            first = nodes[firsts[place]]
            maker = places.get(first)
            for value, drawn in zip(node.outputs, first.outputs, strict=True):
                origins[value] = origins[node.input] if maker is None else (maker, drawn)
        return origins


def collapsed(group: Group) -> Leaf:
    """The box of an open block where it is collapsed; that of the one block in it stands for both."""
    only = group.children[0] if len(group.children) == 1 else None
    if not isinstance(only, Group) or only.part.is_sequence or 1 not in (only.count, group.count):
        return Leaf(group.fold)
    leaf = collapsed(only)
    if _is_named_around_braces(group.part, leaf.part):
        around = Leaf(group.fold)
        around.count *= leaf.count
        return around
    leaf.count *= group.count
    leaf.named = group.part
    return leaf


def _is_named_around_braces(outer: Part, inner: Part) -> bool:
    return bool(outer.block and outer.block.name and inner.block and not inner.block.name)


def _does_nothing(node: Node) -> bool:
    return node.operator.name == "identity"


def leaves(children: list[Leaf | Group]) -> Iterator[Leaf]:
    """Every leaf in the order of the network."""
    for child in children:
        if isinstance(child, Group):
            yield from leaves(child.children)
        else:
            yield child


def _trace(folds: tuple[Fold, ...], firsts: list[int]) -> None:
    """For each node, by its place, the place of the one in the first of all copies around it."""
    for fold in folds:
        start, stop = fold.first.start, fold.first.stop
        _trace(fold.first.folds, firsts)
        for copy in fold.copies[1:]:
            firsts[copy.start : copy.stop] = firsts[start:stop]
