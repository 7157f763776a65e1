"""The patch of the input that one output depends on.

From the input on, a window of extent F (with its dilation) and stride S turns size r and jump j into r + (F - 1)*j and j*S
(Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019). Upsampling and
transposed convolutions divide the jump, so that outputs take turns in what they see; the size is that of the largest patch.
Padding counts as input here, so the size can exceed the image; what one output truly depends on says
:mod:`cnndsl.analysis.patch`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..ir import Graph, Node, Value
from ..ops.extent import Undecided
from ..ops.geometry import AXES, dilated
from ..ops.merge import Concat
from ..ops.sight import OWN, Sight, Sights
from ..ops.types import Shape
from ..record import Record

__all__ = ["ReceptiveField", "receptive_fields", "window_formulas"]


class ReceptiveField(Record):
    """What one output sees: ``size`` in input pixels per axis, and ``jump``, the pixels between neighbouring outputs.

    ``everything`` means that every output depends on the whole input; the size is then the input's and there is no jump.
    The jump is a fraction where the value is larger than the input.
    """

    size: tuple[int, ...]
    jump: tuple[int | float, ...] | None
    everything: bool = False

    def __str__(self) -> str:
        return "all" if self.everything else "x".join(map(str, self.size))


_Chain = tuple[Sight, ...] | None
"""What a value sees of the network's input along each axis; None is everything."""


def receptive_fields(graph: Graph) -> dict[Value, ReceptiveField]:
    """What each value of the graph sees of the graph's input."""
    shape = graph.input.type.shape
    extents = shape[1:] or shape  # the channels are no place to look at
    chains: dict[Value, _Chain] = {graph.input: (OWN,) * len(extents)}
    for node in graph.nodes:
        chain = _chain(node, [chains[value] for value in node.inputs])
        chains.update(dict.fromkeys(node.outputs, chain))
    return {value: _field(chain, extents) for value, chain in chains.items()}


def window_formulas(before: ReceptiveField, window: Any) -> tuple[str, ...]:
    """How a :class:`~cnndsl.ops.geometry.Window` widens a field, with the numbers filled in; once if the axes agree.

    Empty where outputs take turns in what they see, which no such formula says.
    """
    if before.jump is None or any(isinstance(jump, float) for jump in before.jump):
        return ()
    texts = [
        f"{size} + ({dilated(kernel, dilation)} - 1)*{jump} = {size + (dilated(kernel, dilation) - 1) * jump}"
        for size, jump, kernel, dilation in zip(
            before.size, before.jump, window.kernel_size, window.dilation, strict=True
        )
    ]
    if len(set(texts)) == 1:
        return (texts[0],)
    return tuple(f"{axis}: {text}" for axis, text in zip(AXES, texts, strict=True))


def _field(chain: _Chain, extents: tuple[int, ...]) -> ReceptiveField:
    if chain is None:
        return ReceptiveField(extents, None, everything=True)
    sizes = tuple(max(map(len, sight.taps)) for sight in chain)
    return ReceptiveField(sizes, tuple(sight.jump for sight in chain))


def _chain(node: Node, chains: list[_Chain]) -> _Chain:
    """What the outputs of a node see, from what its inputs see: where branches meet, all that any of them sees."""
    if node.operator.is_view and not node.operator.sees_everything:
        return chains[0]  # a place that is cut out or laid flat saw the same before
    try:
        sights = node.operator.sights(*node.input_types)
    except Undecided:
        return None  # of a free extent, more than its own place is all that is known
    if isinstance(node.operator, Concat):
        sights = ((OWN,) * len(node.output.type.shape),) * len(chains)  # wherever a value lies beside the others
    whole, *others = map(_behind, sights, chains)
    for other in others:
        whole = _beside(whole, other, node.output.type.shape)
    return whole


def _behind(sights: Sights, chain: _Chain) -> _Chain:
    spatial = sights[1:] or sights
    if chain is None or None in spatial:
        return None
    if len(spatial) != len(chain):
        return chain if all(sight == OWN for sight in spatial) else None
    return _known([sight.behind(earlier) for sight, earlier in zip(spatial, chain, strict=True) if sight is not None])


def _beside(one: _Chain, other: _Chain, shape: Shape) -> _Chain:
    if one is None or other is None:
        return None
    extents = shape[1:] or shape
    return _known([left.beside(right, extent) for left, right, extent in zip(one, other, extents, strict=True)])


def _known(sights: Sequence[Sight | None]) -> _Chain:
    known = tuple(sight for sight in sights if sight is not None)
    return known if len(known) == len(sights) else None
