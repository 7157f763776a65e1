"""The picture of a network as nested data: what every renderer reads, and all that it needs.

A :class:`Picture` holds boxes (layers, or blocks that are shut) and clusters (blocks that are open), and the edges between
boxes. Equal parts in a row are there once, with their number. Texts are as they were written: a renderer escapes them.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...record import Record
from ...source import Span

__all__ = ["Box", "Cluster", "Cost", "Edge", "Picture", "States", "Strip"]


class Cost(Record):
    """What one copy of a box or cluster costs for one sample: parameters, multiply-accumulates, bytes of activations."""

    parameters: int = 0
    macs: int = 0
    memory: int = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.parameters + other.parameters, self.macs + other.macs, self.memory + other.memory)


class Strip(Record):
    """A layer folded into the box of the one before it: normalisation, activation or dropout; ``mark`` is as that of a box."""

    kind: str
    heading: str
    path: str
    span: Span
    mark: str = ""


class Box(Record):
    """A layer, a block that is collapsed, or an end of the network.

    ``id`` is unique and plain (letters, digits, ``_-.``); ``kind`` is a key of :data:`~.palette.KINDS`; ``name`` is the
    path as seen from the cluster around it. It stands for ``count`` equal ones in a row, and all folds around it together
    for ``repeats``; ``cost`` is that of one. ``output`` is the shape that leaves it. A layer in columns has a box in each:
    ``column`` is which, and of how many. ``field`` is the receptive field: what one of its outputs sees of the input.
    Of a block that is collapsed, ``holds`` is the kind of most of its parameters. ``mark`` is what changed of
    it where two networks are compared, a key of :data:`~.marks.MARKS`.
    """

    id: str
    kind: str
    heading: str
    name: str = ""
    path: str = ""
    details: tuple[str, ...] = ()
    count: int = 1
    repeats: int = 1
    cost: Cost = Cost()
    strips: tuple[Strip, ...] = ()
    formulas: tuple[str, ...] = ()
    output: str = ""
    field: str = ""
    holds: str = ""
    span: Span | None = None
    column: tuple[int, int] = (0, 1)
    mark: str = ""


class Cluster(Record):
    """A block that is open, with what it holds; ``title`` is how a spec calls it, empty for braces and sequences.

    ``shut`` is the box that stands for it where it is collapsed; a sequence never is.
    """

    id: str
    title: str
    name: str
    path: str
    count: int
    repeats: int
    cost: Cost
    children: tuple[Box | Cluster, ...]
    span: Span | None = None
    shut: Box | None = None


class Edge(Record):
    """A value on its way from one box to another, by their ids.

    ``is_changed`` if the box that it leaves gave it another shape; ``is_skip`` if another way leads there through boxes.
    Edges with the same ``value`` carry the same tensor: the id of the source, with a number after the first that leaves it.
    ``part`` is what the spec calls one of several outputs.
    """

    source: str
    target: str
    shape: str
    is_changed: bool = False
    is_skip: bool = False
    value: str = ""
    part: str = ""

    @property
    def label(self) -> str:
        """What is beside the line."""
        return f"{self.part} {self.shape}".strip()


class Picture(Record):
    """A network: its title, its facts in one line, what is in it in order, and how it is joined up.

    ``depth`` of ``deepest`` levels of blocks are open. ``insets`` are titles and pictures of blocks that are boxes in it.
    """

    name: str
    title: str
    subtitle: str
    children: tuple[Box | Cluster, ...]
    edges: tuple[Edge, ...]
    cost: Cost
    depth: int
    deepest: int
    insets: tuple[tuple[str, Picture], ...] = ()

    @property
    def boxes(self) -> Iterator[Box]:
        """Every box in the order of the network."""
        return _boxes(self.children)


class States(Record):
    """A picture, and ``whole``, the same network with every block open; ``open`` are the clusters of that which the picture
    opens, by their ids: what a page needs to open and collapse blocks by itself."""

    picture: Picture
    whole: Picture
    open: frozenset[str]


def _boxes(children: tuple[Box | Cluster, ...]) -> Iterator[Box]:
    for child in children:
        if isinstance(child, Cluster):
            yield from _boxes(child.children)
        else:
            yield child
