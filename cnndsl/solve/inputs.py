"""Which sizes of the input suit a network: legal ones, those that lose no rows, those that meet its contracts.

The elaborator itself walks through the network with extents that stand for every candidate at once
(``candidates.py``), and once more for the sizes that a walk puts aside, until none are left: what is true of a
size here is what ``check`` says of it. Legal is what has no error, contracts and expectations apart. Rows are lost where
real input rows, not padding, lie after the last window of a layer; windows of 1x1 skip rows by design and do not count.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..diagnostics import Diagnostic, Diagnostics, Label
from ..diagnostics.kinds import limits
from ..elaborate import Library, collect, limited_steps
from ..elaborate.scope import Place
from ..elaborate.settings import parameters
from ..ir import Node
from ..ops import Shape
from ..problems import Sink
from ..record import Record
from ..syntax import ast
from .candidates import Box
from .one_walk import Asked, Walk, as_node, lost_rows, written_input
from .size_set import SizeSet

__all__ = ["MAX_WALKS", "InputSizes", "Loss", "Question", "Refusal", "free_axes", "solve_input"]

MAX_WALKS = 5_000
"""How many times a network may be walked through for one answer."""


class Refusal(Record):
    """Why an input of these sizes is not legal: the mistake, and the layer where it shows if it shows in one."""

    sizes: tuple[int, ...]
    diagnostic: Diagnostic
    layer: Node | None


class Loss(Record):
    """A layer whose last window leaves so many rows of its input, and columns, unread."""

    layer: Node
    rows: tuple[int, ...]


class InputSizes(Record):
    """The sizes from 1 to ``most`` of the extents that are None in ``shape``, by what holds of them.

    ``written`` is the input as the spec has it. ``contracts`` are legal sizes, all of them if ``has_contracts`` is false,
    and so are those that are ``lossless``. ``refusals`` tell what sets the least size of each axis: each is one less than
    the smallest legal input, or the spec's own size if none is legal. ``losses`` are those at the spec's own size.
    """

    network: str
    shape: Asked
    written: Asked
    most: int
    legal: SizeSet
    lossless: SizeSet
    contracts: SizeSet
    has_contracts: bool
    refusals: tuple[Refusal, ...] = ()
    losses: tuple[Loss, ...] = ()

    @property
    def own(self) -> tuple[int, ...] | None:
        """The spec's own sizes of the extents that are asked about, if it has them all."""
        own = tuple(size for size, asked in zip(self.written, self.shape, strict=True) if asked is None)
        return None if None in own else tuple(size for size in own if size is not None)

    def filled(self, sizes: Sequence[int]) -> Shape:
        """The whole shape of an input of these sizes."""
        left = iter(sizes)
        return tuple(next(left) if extent is None else extent for extent in self.shape)


class Question:
    """One network at its settings, whose input is to be found."""

    def __init__(
        self,
        network: ast.Definition,
        settings: Mapping[str, Any],
        library: Library,
        diagnostics: Diagnostics,
        sink: Callable[[Diagnostics], Sink] = collect,
    ) -> None:
        self.network = network
        self.settings = settings
        self.library = library
        self.diagnostics = diagnostics
        self.sink = sink
        """Makes what takes the problems that are reported as diagnostics."""

    def place(self) -> Place | None:
        """A new place of the network's body; None if a mistake was reported."""
        return parameters(self.network, self.settings, self.library, self.sink(self.diagnostics))

    def written(self) -> Asked | None:
        """The input as it is written; None if a mistake was reported that comes before it."""
        place = self.place()
        if place is None:
            return None
        with limited_steps(self.sink(self.diagnostics)):
            return written_input(self.network, place, self.sink(self.diagnostics))
        return None

    def walk(self, shape: Asked, box: Box) -> Walk:
        """One walk, for some sizes of the extents that are None."""
        place = self.place()
        assert place is not None
        walk = Walk(self.network, place, shape, box, self.sink)
        with limited_steps(self.sink(walk.diagnostics)):
            walk.go()
        return walk

    def refusal(self, sizes: InputSizes, tried: tuple[int, ...]) -> Refusal | None:
        """Why an input is not legal; None if it is."""
        walk = self.walk(sizes.filled(tried), ())
        found = walk.diagnostics.sorted()
        if not found:
            return None
        refused = as_node(walk.layers[-1]) if len(walk.layers) > len(walk.nodes) else None
        return Refusal(tried, found[0], refused)


def free_axes(written: Asked) -> Asked:
    """What is asked of an input unless it is said: the extents that are free, else all but the channels."""
    if None in written:
        return written
    return (None,) if len(written) == 1 else (written[0], *(None for _ in written[1:]))


def solve_input(question: Question, written: Asked, shape: Asked, most: int) -> InputSizes | None:
    """Ask which sizes from 1 to ``most`` suit; None and an error if that would take too many walks."""
    rank = shape.count(None)
    aside: list[Box] = [(tuple(range(1, most + 1)),) * rank]
    legal: list[Box] = []
    lossless: list[SizeSet] = []
    contracts: list[SizeSet] = []
    has_contracts = False
    walks = 0
    while aside:
        walks += 1
        if walks > MAX_WALKS:
            question.diagnostics.report(_too_many(question.network))
            return None
        walk = question.walk(shape, aside.pop())
        aside += walk.field.aside
        has_contracts |= walk.has_contracts
        legal += walk.legal
        lossless.append(walk.lossless())
        contracts.append(walk.contracts())
    found = InputSizes(
        network=question.network.name.text,
        shape=shape,
        written=written,
        most=most,
        legal=SizeSet.of(rank, legal),
        lossless=SizeSet.union(rank, lossless),
        contracts=SizeSet.union(rank, contracts),
        has_contracts=has_contracts,
    )
    return found.replace(refusals=_refusals(question, found), losses=_losses(question, found))


def _refusals(question: Question, found: InputSizes) -> tuple[Refusal, ...]:
    if found.legal:
        smallest = found.legal.smallest()
        tried = [(*smallest[:axis], size - 1, *smallest[axis + 1 :]) for axis, size in enumerate(smallest) if size > 1]
    else:
        tried = [found.own or (found.most,) * found.legal.rank]
    refusals = (question.refusal(found, sizes) for sizes in tried)
    return tuple(refusal for refusal in refusals if refusal is not None)


def _losses(question: Question, found: InputSizes) -> tuple[Loss, ...]:
    if found.own is None or found.own not in found.legal or found.own in found.lossless:
        return ()
    walk = question.walk(found.filled(found.own), ())
    return tuple(Loss(node, lost) for node in walk.nodes if any(lost := lost_rows(node)))


def _too_many(network: ast.Definition) -> Diagnostic:
    message = f"more than {MAX_WALKS:,} cases of sizes differ in this network"
    help_ = ("ask about fewer of them, as in `--up-to 256` or `--input 3x?x224`",)
    return Diagnostic(limits.TOO_MANY_STEPS, message, Label(network.name.span), help=help_)
