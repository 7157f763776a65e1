"""From a graph to its picture: the structure gets its texts, costs and edges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from ...analysis.cost import LayerCost, network_cost
from ...analysis.receptive_field import ReceptiveField
from ...ir import Graph, Head, Node, Value
from ..outline import Part
from ..words import block_text, format_settings, title
from .box_texts import block_details, block_heading, details, formulas, heading, strip
from .frames import stands_in_grid
from .insets import Hidden, hidden_blocks
from .marks import joint_mark
from .model import Box, Cluster, Cost, Edge, Picture, States
from .opening import MOST_BOXES, Opened, open_blocks
from .palette import kind_of
from .parts import divided_leaves, part_of_node, reads_own_column
from .structure import Group, Leaf, Structure, collapsed, leaves

__all__ = ["draw_picture", "draw_states"]

_MOST_IN_INSET = 18
_MOST_IN_GRID = 20


def draw_picture(
    graph: Graph,
    *,
    depth: int | None = None,
    expand: Iterable[str] = (),
    collapse: Iterable[str] = (),
    insets: bool = True,
    marks: Mapping[Node, str] | None = None,
) -> Picture:
    """The picture of a network, with blocks opened as :func:`~.opening.open_blocks` says.

    With ``insets`` blocks that are boxes are drawn once more with what they hold, if values meet there. ``marks`` are what
    changed of each layer, words of :data:`~.marks.MARKS`.

    Raises:
        DiagnosticError: E0011 if no block has a name of ``expand`` or ``collapse``.
    """
    opened, picture = _drawn(graph, depth, expand, collapse, marks)
    hidden = [*hidden_blocks(graph, opened.folds, opened.structure.leaves)] if insets else ()
    layers = network_cost(graph).layers if hidden else ()
    return picture.replace(insets=tuple((each.title, _inset(each, layers)) for each in hidden))


def _drawn(
    graph: Graph,
    depth: int | None,
    expand: Iterable[str],
    collapse: Iterable[str],
    marks: Mapping[Node, str] | None = None,
    *,
    columns: bool = True,
) -> tuple[Opened, Picture]:
    """What is open, and the picture of that: a U is in few columns and is as high as it has boxes, so it gets fewer."""
    layers = network_cost(graph).layers
    for most in (MOST_BOXES, _MOST_IN_GRID):
        opened = open_blocks(graph, depth, expand, collapse, most, marks)
        picture = _Painter(graph, opened.structure, layers, marks=marks, columns=columns).picture(
            opened.depth, opened.deepest
        )
        if not stands_in_grid(picture):
            break
    return opened, picture


def _inset(hidden: Hidden, layers: tuple[LayerCost, ...]) -> Picture:
    """What is in a block, whose path the names in it leave out; ``layers`` are those of the whole network."""
    opened = open_blocks(hidden.graph, None, (), (), _MOST_IN_INSET)
    painter = _Painter(hidden.graph, opened.structure, layers[hidden.start : hidden.stop], hidden.path)
    return painter.picture(opened.depth, opened.deepest, hidden.names)


def draw_states(
    graph: Graph, *, depth: int | None = None, expand: Iterable[str] = (), collapse: Iterable[str] = ()
) -> States:
    """The same picture, with each layer as one box, and what is in its collapsed blocks.

    Raises:
        DiagnosticError: E0011 if no block has a name of ``expand`` or ``collapse``.
    """
    opened, picture = _drawn(graph, depth, expand, collapse, columns=False)
    painter = _Painter(graph, opened.opened(), network_cost(graph).layers, columns=False)
    whole = painter.picture(opened.deepest, opened.deepest)
    shown = set(_group_parts(opened.structure.children))
    return States(picture, whole, frozenset(id_ for id_, part in painter.cluster_parts.items() if part in shown))


def _group_parts(children: list[Leaf | Group]) -> Iterator[Part]:
    for child in children:
        if isinstance(child, Group):
            yield child.part
            yield from _group_parts(child.children)


class _Painter:
    """Makes the boxes, clusters and edges of one picture."""

    def __init__(
        self,
        graph: Graph,
        structure: Structure,
        layers: tuple[LayerCost, ...],
        above: str = "",
        marks: Mapping[Node, str] | None = None,
        *,
        columns: bool = True,
    ) -> None:
        self.graph = graph
        self.above = above
        self.marks = marks
        self.structure = structure
        self.layers = layers
        self.ids = _Ids()
        self.divided = divided_leaves(structure) if columns else {}
        self.box_ids: dict[Leaf, tuple[str, ...]] = {}
        self.cluster_parts: dict[str, Part] = {}
        self.values: dict[str, dict[Value, int]] = {}
        entering = dict.fromkeys(value for leaf, value in structure.origins.values() if leaf is None)
        self.entering = {value: self.ids.take("input") for value in dict.fromkeys((graph.input, *entering))}

    def picture(self, depth: int, deepest: int, names: Mapping[Value, str] | None = None) -> Picture:
        """The picture; ``names`` are those of what enters besides ``input``."""
        graph = self.graph
        ends = [
            Box(id=id_, kind="io", heading=(names or {}).get(value, "input"), output=str(value.type))
            for value, id_ in self.entering.items()
        ]
        last = [Box(id=self.ids.take("output"), kind="io", heading="output", output=str(graph.output.type))]
        heads = {head: self._head(head) for head in graph.heads}
        children = self._with_heads(heads)
        facts = (
            f"{graph.name} {format_settings(graph)}".strip(),
            f"{graph.parameter_count:,} parameters",
            f"{graph.macs:,} multiply-accumulates",
        )
        return Picture(
            name=graph.name,
            title=title(graph),
            subtitle=" | ".join(facts),
            children=(*ends, *children, *last),
            edges=_with_skips(self._edges(heads)),
            cost=self._cost(range(len(graph.nodes))),
            depth=depth,
            deepest=deepest,
        )

    def _head(self, head: Head) -> Box:
        details = ("in training only", f"loss x {head.weight:g}")
        return Box(
            id=self.ids.take(f"head-{head.path}"),
            kind="io",
            heading="head",
            name=head.path,
            path=head.path,
            details=details,
            output=str(head.value.type),
        )

    def _with_heads(self, heads: dict[Head, Box]) -> Iterator[Box | Cluster]:
        """The outermost parts, each head after the one that it belongs to."""
        made = [self._made(child, self.above, 1) for child in self.structure.children]
        for child, boxes in zip(self.structure.children, made, strict=True):
            yield from boxes
            inside = set(leaves([child]))
            yield from (box for head, box in heads.items() if self.structure.origins[head.value][0] in inside)

    def _children(self, children: list[Leaf | Group], above: str, repeats: int) -> tuple[Box | Cluster, ...]:
        return tuple(made for child in children for made in self._made(child, above, repeats))

    def _made(self, child: Leaf | Group, above: str, repeats: int) -> tuple[Box | Cluster, ...]:
        """What is drawn of a part: a box, one for each of its columns, or a cluster."""
        return (
            (self._cluster(child, above, repeats),) if isinstance(child, Group) else self._boxes(child, above, repeats)
        )

    def _cluster(self, group: Group, above: str, repeats: int) -> Cluster:
        part, block = group.part, group.part.block
        path = part.path or above
        id_ = self.ids.take(f"block-{part.path}")
        self.cluster_parts[id_] = part
        return Cluster(
            id=id_,
            title=block_text(block, group.fold.last.block) if block is not None and block.name else "",
            name=_below(part.path, above),
            path=part.path,
            count=group.count,
            repeats=repeats * group.count,
            cost=self._cost(range(part.start, part.stop)),
            children=self._children(group.children, path, repeats * group.count),
            span=block.span if block is not None else None,
            shut=self._described(collapsed(group), id_, above, repeats) if block is not None else None,
        )

    def _boxes(self, leaf: Leaf, above: str, repeats: int) -> tuple[Box, ...]:
        part, node = leaf.part, leaf.part.node
        kind = "layer" if node is not None else "block"
        count = self.divided.get(leaf, 1)
        self.box_ids[leaf] = tuple(self.ids.take(f"{kind}-{part.path}") for _ in range(count))
        boxes = tuple(self._described(leaf, id_, above, repeats) for id_ in self.box_ids[leaf])
        return tuple(_column(box, leaf, number, count) for number, box in enumerate(boxes)) if count > 1 else boxes

    def _described(self, leaf: Leaf, id_: str, above: str, repeats: int) -> Box:
        part, named, node = leaf.part, leaf.named, leaf.part.node
        block = part.block
        folded = [self._place[each] for each in leaf.folded]
        return Box(
            id=id_,
            kind=kind_of(type(node.operator)) if node is not None else "block",
            heading=heading(node) if node is not None else block_heading(leaf),
            name=_below(named.path, above) if node is None or len(node.outputs) == 1 else "",
            path=named.path,
            details=details(node) if node is not None else block_details(leaf),
            count=leaf.count,
            repeats=repeats * leaf.count,
            cost=self._cost((*range(part.start, part.stop), *folded)),
            strips=tuple(strip(each).replace(mark=self._mark([each])) for each in leaf.folded),
            formulas=formulas(node) if node is not None else (),
            output=str(leaf.output.type) if leaf.output is not None else "",
            field=self._field(leaf),
            holds=self._main_kind(part) if node is None else "",
            mark=self._mark(self.graph.nodes[part.start : leaf.last.stop]),
            span=node.span if node is not None else block.span if block is not None else None,
        )

    def _main_kind(self, part: Part) -> str:
        """The kind of the layers in a block that have most of its parameters; nothing if they have none."""
        sums: Counter[str] = Counter()
        for layer in self.layers[part.start : part.stop]:
            sums[kind_of(type(layer.node.operator))] += layer.parameters
        ((kind, parameters),) = sums.most_common(1) or (("", 0),)
        return kind if parameters else ""

    def _mark(self, nodes: Iterable[Node]) -> str:
        """What changed of layers together; nothing where no networks are compared."""
        return joint_mark(self.marks[node] for node in nodes) if self.marks is not None else ""

    def _field(self, leaf: Leaf) -> str:
        """What one output of a box sees of the input, and the stride between neighbours, in words; of several, the last."""
        outputs = leaf.last.outputs if leaf.part.node is None else leaf.last.node.outputs if leaf.last.node else ()
        field = self._fields.get(outputs[-1]) if outputs else None
        if field is None or field.everything:
            return "the whole input" if field else ""
        strides = dict.fromkeys(f"{jump:g}" for jump in field.jump or ())
        return f"{field}, stride {'x'.join(strides)}" if strides else str(field)

    @cached_property
    def _fields(self) -> dict[Value, ReceptiveField]:
        return {value: layer.receptive_field for layer in self.layers for value in layer.node.outputs}

    @cached_property
    def _place(self) -> dict[Node, int]:
        return {node: place for place, node in enumerate(self.graph.nodes)}

    def _cost(self, places: Iterable[int]) -> Cost:
        layers = [self.layers[place] for place in places]
        run: list[LayerCost] = [layer for layer in layers if layer.predicts]
        return Cost(
            parameters=sum(layer.parameters for layer in layers),
            macs=sum(layer.macs for layer in run),
            memory=sum(layer.activation_bytes for layer in run),
        )

    def _edges(self, heads: dict[Head, Box]) -> list[Edge]:
        """The edges in the order of the boxes that they enter, one for each time that a box reads a value."""
        edges = [
            edge
            for leaf in self.structure.leaves
            for value in (leaf.part.node.inputs if leaf.part.node is not None else leaf.part.inputs)
            for edge in self._columns_of(value, leaf)
        ]
        edges += [
            edge for head, box in heads.items() for edge in self._parts_of(self._edge(head.value, box.id), head.value)
        ]
        return [*edges, *self._parts_of(self._edge(self.graph.output, "output"), self.graph.output)]

    def _columns_of(self, value: Value, leaf: Leaf) -> Iterator[Edge]:
        """What each column of a box reads: its own column of a value where it is in as many, and else all of it."""
        for number, target in enumerate(self.box_ids[leaf]):
            edges = self._parts_of(self._edge(value, target), value)
            is_own = len(edges) == self.divided.get(leaf, 1) > 1 and reads_own_column(leaf)
            yield from edges[number : number + 1] if is_own else edges

    def _parts_of(self, edge: Edge, value: Value) -> list[Edge]:
        """An edge from each column of what gives a value."""
        leaf, _ = self.structure.origins[value]
        sources = self.box_ids[leaf] if leaf is not None else ()
        if len(sources) < 2:
            return [edge]
        channels, *sizes = value.type.shape
        shape = "x".join(map(str, (channels // len(sources), *sizes)))
        return [edge.replace(source=source, value=source, shape=shape) for source in sources]

    def _edge(self, value: Value, target: str) -> Edge:
        leaf, drawn = self.structure.origins[value]
        if leaf is None:
            id_ = self.entering[drawn]
            return Edge(id_, target, str(value.type), value=id_)
        before = leaf.part.node.inputs if leaf.part.node is not None else leaf.part.inputs
        source = self.box_ids[leaf][0]
        numbers = self.values.setdefault(source, {})
        number = numbers.setdefault(drawn, len(numbers))
        return Edge(
            source=source,
            target=target,
            shape=str(value.type),
            is_changed=any(each.type.shape != value.type.shape for each in before),
            value=f"{source}:{number}" if number else source,
            part=drawn.name or _part(leaf, drawn),
        )


def _column(box: Box, leaf: Leaf, number: int, count: int) -> Box:
    """One of several boxes of a layer, side by side: what it computes of it."""
    node, cost = part_of_node(leaf, count), box.cost
    return box.replace(
        heading=heading(node),
        details=details(node),
        formulas=formulas(node),
        cost=Cost(cost.parameters // count, cost.macs // count, cost.memory // count),
        output=str(node.output.type),
        column=(number, count),
    )


def _with_skips(edges: list[Edge]) -> tuple[Edge, ...]:
    """The edges with those marked past which another way leads through boxes.

    What comes before a box is kept as the bits of a number, by the order in which the boxes are met.
    """
    numbers: dict[str, int] = {}
    for edge in edges:
        numbers.setdefault(edge.source, len(numbers))
    before: dict[str, int] = {}
    entering: dict[str, list[Edge]] = {}
    for edge in edges:
        entering.setdefault(edge.target, []).append(edge)
    for target, found in entering.items():
        before[target] = 0
        for edge in found:
            before[target] |= before.get(edge.source, 0) | 1 << numbers[edge.source]
    return tuple(
        edge.replace(
            is_skip=any(before.get(other.source, 0) >> numbers[edge.source] & 1 for other in entering[edge.target])
        )
        for edge in edges
    )


def _part(leaf: Leaf, value: Value) -> str:
    """What one of several outputs is called that has no name."""
    outputs = leaf.part.node.outputs if leaf.part.node is not None else ()
    return f"part {outputs.index(value) + 1}" if len(outputs) > 1 else ""


class _Ids:
    """Gives out ids in plain characters, each once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, wanted: str) -> str:
        """Letters, digits, ``_``, ``-`` and ``.`` only, anything else as ``_`` and its code point; a number if it is taken."""
        plain = "".join(
            char if char.isascii() and (char.isalnum() or char in "_-.") else f"_{ord(char):x}" for char in wanted
        )
        unique, number = plain, 1
        while unique in self._taken:
            number += 1
            unique = f"{plain}-{number}"
        self._taken.add(unique)
        return unique


def _below(path: str, above: str) -> str:
    """A path as seen from the block around it; nothing is left of a join's, which is the block's own."""
    return path.removeprefix(above).removeprefix(".") if above and f"{path}.".startswith(f"{above}.") else path
