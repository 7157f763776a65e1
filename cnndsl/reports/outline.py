"""A network as nested blocks in which equal blocks in a row are one: what tables and pictures show of a deep network.

Two blocks are equal if they compute the same, but for the rates of dropout: operators, shapes, and how values run through
them, including which of them are used outside; what their layers are called does not matter. They fold if each reads what
the one before it gives and nothing else reads it; branches that are side by side, however equal, stay apart.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping

from ..ir import Block, Graph, Node, Value
from ..ops.dropout import Dropout, Dropout2d, StochasticDepth

__all__ = ["Fold", "Part", "outline"]

_Link = tuple[int, ...]

_LONGEST_SEQUENCE = 16

_DROPOUTS = (Dropout, Dropout2d, StochasticDepth)
"""Their rates do not matter: in deep networks they grow from block to block."""


class Part:
    """A layer, or a block with what it holds: the nodes from ``start`` to before ``stop`` in the order of the graph.

    ``node`` is None for a block, and ``block`` for a layer; a sequence that no block surrounds has neither. ``inputs`` are
    the values that it reads from outside, in the order of their first use, and ``outputs`` those of its own that are used
    outside. Equal parts have equal ``signature``.
    """

    __slots__ = ("block", "folds", "inputs", "node", "outputs", "signature", "start", "stop")

    def __init__(
        self,
        contents: Node | Block | None,
        folds: tuple[Fold, ...],
        extent: tuple[int, int],
        values: tuple[tuple[Value, ...], tuple[Value, ...]],
        signature: int,
    ) -> None:
        self.node = contents if isinstance(contents, Node) else None
        self.block = contents if isinstance(contents, Block) else None
        self.folds = folds
        self.start, self.stop = extent
        self.inputs, self.outputs = values
        self.signature = signature

    @property
    def path(self) -> str:
        """The name of the layer or block; that of a join is the path of the block around it."""
        contents = self.node or self.block
        return contents.path if contents else ""

    @property
    def is_sequence(self) -> bool:
        """Whether it is several layers or blocks in a row that no block of their own surrounds."""
        return self.node is None and self.block is None


class Fold:
    """Equal parts, each after the other; mostly there is one."""

    __slots__ = ("copies",)

    def __init__(self, copies: tuple[Part, ...]) -> None:
        self.copies = copies

    @property
    def count(self) -> int:
        return len(self.copies)

    @property
    def first(self) -> Part:
        return self.copies[0]

    @property
    def last(self) -> Part:
        return self.copies[-1]


def outline(graph: Graph, *, sequences: bool = False, marks: Mapping[Node, str] | None = None) -> tuple[Fold, ...]:
    """The layers and outermost blocks of a network in order, with what they hold; takes time in proportion to its size.

    With ``sequences`` not only equal parts fold but also repeated sequences of up to 16 of them, such as the three layers of
    ``repeat 4 { conv 512 3x3 pad=1 | bn | relu }``. Layers with different ``marks`` are not equal.
    """
    return _Outliner(graph, _LONGEST_SEQUENCE if sequences else 1, marks or {}).folds()


class _Outliner:
    """Builds the parts from the inside out. Signatures are numbers: equal descriptions get the same one."""

    def __init__(self, graph: Graph, longest: int, marks: Mapping[Node, str]) -> None:
        self.marks = marks
        self.nodes = graph.nodes
        self.longest = longest
        self.chains = _chains(graph)
        self.last_use = {value: place for place, node in enumerate(graph.nodes) for value in node.inputs}
        self.last_use |= dict.fromkeys((graph.output, *(head.value for head in graph.heads)), len(graph.nodes))
        self.signatures: dict[Hashable, int] = {}

    def folds(self) -> tuple[Fold, ...]:
        return self._folded(tuple(self._parts(0, len(self.nodes), 0)))

    def _parts(self, start: int, stop: int, level: int) -> Iterator[Part]:
        """The parts of a range of nodes that lie in the same blocks down to a level."""
        place = start
        while place < stop:
            chain = self.chains[place]
            if len(chain) == level:
                yield self._layer(place)
                place += 1
                continue
            block, first = chain[level], place
            while place < stop and self.chains[place][level : level + 1] == (block,):
                place += 1
            yield self._joined(block, tuple(self._parts(first, place, level + 1)))

    def _layer(self, place: int) -> Part:
        node = self.nodes[place]
        inputs = tuple(dict.fromkeys(node.inputs))
        outputs = tuple(value for value in node.outputs if self._used_behind(value, place + 1))
        wiring = (tuple(map(inputs.index, node.inputs)), tuple(map(node.outputs.index, outputs)))
        operator = node.operator.name if isinstance(node.operator, _DROPOUTS) else node.operator
        description = (
            operator,
            node.input_types,
            tuple(value.type for value in node.outputs),
            wiring,
            self.marks.get(node),
        )
        return Part(node, (), (place, place + 1), (inputs, outputs), self._signature(description))

    def _joined(self, block: Block | None, parts: tuple[Part, ...]) -> Part:
        """The parts of a block as one, or those of a sequence."""
        start, stop = parts[0].start, parts[-1].stop
        numbers: dict[Value, int] = {}  # each value by the order in which it is met: the same in every equal block
        inputs: list[Value] = []
        wiring = []
        for part in parts:
            inputs += [value for value in part.inputs if value not in numbers]
            for value in (*part.inputs, *part.outputs):
                numbers.setdefault(value, len(numbers))
            wiring.append((part.signature, tuple(numbers[value] for value in part.inputs)))
        outputs = tuple(value for part in parts for value in part.outputs if self._used_behind(value, stop))
        description = (block and block.name, tuple(wiring), tuple(numbers[value] for value in outputs))
        values = (tuple(inputs), outputs)
        folds = self._folded(parts) if block else tuple(Fold((part,)) for part in parts)
        return Part(block, folds, (start, stop), values, self._signature(description))

    def _signature(self, description: Hashable) -> int:
        return self.signatures.setdefault(description, len(self.signatures))

    def _used_behind(self, value: Value, stop: int) -> bool:
        return self.last_use.get(value, -1) >= stop

    def _folded(self, parts: tuple[Part, ...]) -> tuple[Fold, ...]:
        folds = []
        place = 0
        while place < len(parts):
            length, copies = self._run(parts, place)
            folds.append(Fold(tuple(copies)))
            place += length * len(copies)
        return tuple(folds)

    def _run(self, parts: tuple[Part, ...], start: int) -> tuple[int, list[Part]]:
        """The copies of the shortest sequence that repeats from here on, and how many parts each has; else one part.

        Where the last repetition breaks off, the sequence is to start later, so that it ends where the repetition does:
        after another convolution, `bn relu conv bn relu conv bn relu` holds two times `conv bn relu`.
        """
        signatures = [part.signature for part in parts[start : start + 2 * self.longest]]
        for length in range(1, len(signatures) // 2 + 1):
            if signatures[:length] == signatures[length : 2 * length]:
                copies = self._copies(parts, start, length)
                stop = start + length * len(copies)
                breaks_off = stop < len(parts) and parts[stop].signature == signatures[0] and length > 1
                if len(copies) > 1:
                    return (1, [parts[start]]) if breaks_off else (length, copies)
        return 1, [parts[start]]

    def _copies(self, parts: tuple[Part, ...], start: int, length: int) -> list[Part]:
        """A sequence and those after it that are equal to it and linked alike."""
        copies: list[Part] = []
        link: _Link | None = None
        for place in range(start, len(parts) - length + 1, length):
            part = parts[place] if length == 1 else self._joined(None, parts[place : place + length])
            found = self._link(copies[-1], part) if copies else None
            if copies and (found is None or link not in (None, found)):
                break
            copies.append(part)
            link = found
        return copies

    def _link(self, before: Part, part: Part) -> _Link | None:
        """Where an equal part finds its inputs: among the outputs of the part before it, or among that part's inputs."""
        if before.signature != part.signature or any(self._used_behind(value, part.stop) for value in before.outputs):
            return None
        places = {value: -1 - place for place, value in enumerate(before.inputs)}
        places |= {value: place for place, value in enumerate(before.outputs)}
        if not all(value in places for value in part.inputs):
            return None
        link = tuple(places[value] for value in part.inputs)
        return link if max(link, default=-1) >= 0 else None


def _chains(graph: Graph) -> list[tuple[Block, ...]]:
    """For each node the blocks around it, the outermost first."""
    known: dict[Block | None, tuple[Block, ...]] = {None: ()}
    for node in graph.nodes:
        if node.block not in known and node.block is not None:
            known[node.block] = node.block.chain
    return [known[node.block] for node in graph.nodes]
