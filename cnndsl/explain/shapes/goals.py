"""What a change has to bring about for a problem to be gone: shapes that are right, a layer that fits, figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from ...elaborate.shapes import matches
from ...ir import Node, Value
from ...ops import Shape, TensorType, element_count
from ...problems import ContractBroken, OfResidual, Problem, Written
from .rerun import UNFIT, Rerun
from .retrace import Network, Run

__all__ = ["CHANNELS", "SIZES", "Goal"]

CHANNELS, SIZES = "channels", "sizes"


class Goal:
    """The end of a problem in a network, and, where it is the ``only`` one, of all that is wrong there.

    ``here`` is the last layer that may be to blame, and ``off`` what alone has to change, if it is channels or sizes.
    """

    def __init__(self, network: Network, problem: Problem, expected: Mapping[str, int], *, only: bool) -> None:
        self.network = network
        self.expected = expected if network.graph is not None else {}
        self.refused = network.refused
        self.pair: tuple[Value, Value] | None = None
        """The two values that have to be alike."""
        broken = [item for item in network.asserted if item[2] not in network.held]
        own = [item for item in broken if isinstance(problem, ContractBroken) and item[0].span == problem.span][:1]
        self.wanted = [(value, written) for _, written, value in (*own, *(broken if only else ()))]
        if isinstance(network.problem, OfResidual):
            self.pair = (network.problem.result, network.problem.passed)
        elif self.refused is not None and len(self.refused.inputs) == 2:
            self.pair = (self.refused.inputs[0], self.refused.inputs[1])
        others = network.state.expectations or network.asserted or len(network.state.anchors) > 1
        self.is_told = bool(self.pair or self.expected or others)
        """Whether anything tells the change that is meant from those that only fit."""
        self.here = self._place()
        self.off = self._off()

    def _place(self) -> int:
        network = self.network
        if self.refused is not None:
            return network.nodes.index(self.refused)
        values = self.pair or tuple(value for value, _ in self.wanted[:1])
        return max((network.makers.get(value, 0) for value in values), default=len(network.nodes) - 1)

    def _off(self) -> str | None:
        if self.pair is not None:
            one, other = (self.network.types[value].shape for value in self.pair)
            return _difference(other, one)
        if self.wanted:
            value, written = self.wanted[0]
            return _difference(written, self.network.types[value].shape)
        return None

    def result(self, rerun: Rerun) -> TensorType | None:
        """What is there where the problem was, after a change that ends it; None after any other."""
        if not rerun.fits or not all(matches(written, rerun.of(value).shape) for value, written in self.wanted):
            return None
        if any(self._counted(name, rerun) != count for name, count in self.expected.items()):
            return None
        if self.refused is not None:
            return self._of_refused(rerun, self.refused)
        if self.pair is not None:
            one, other = map(rerun.of, self.pair)
            return one if one == other else None
        return rerun.of(self.wanted[0][0] if self.wanted else self.network.nodes[-1].output)

    def _of_refused(self, rerun: Rerun, node: Node) -> TensorType | None:
        """What a layer gives that was refused; for a join, the value that is another one now."""
        try:
            type_ = rerun.output(node)
        except UNFIT:
            return None
        changed = [value for value in node.inputs if value in rerun.types]
        return rerun.of(changed[0]) if node.operator.is_join and changed else type_

    def missing(self, rerun: Rerun) -> int | None:
        """How much of the one number is missing that is too small or too large; None if it is not one number."""
        if not rerun.fits:
            return None
        if self.pair is not None:
            return rerun.of(self.pair[1]).shape[0] - rerun.of(self.pair[0]).shape[0]
        if not self.wanted:
            name = next(iter(self.expected), None)
            return None if name is None else self.expected[name] - self._counted(name, rerun)
        value, written = self.wanted[0]
        shape = rerun.of(value).shape
        return None if written[0] is None or len(shape) != len(written) else written[0] - shape[0]

    def _counted(self, name: str, rerun: Rerun) -> int:
        before = self._counts[name]
        runs = [(node, each) for node, each in rerun.runs.items() if node in before]
        return sum(before.values()) + sum(_count(name, each) - before[node] for node, each in runs)

    @cached_property
    def _counts(self) -> dict[str, dict[Node, int]]:
        """What each layer adds to each figure before any change."""
        graph, run = self.network.graph, self.network.run
        assert graph is not None
        nodes = {"params": graph.nodes, "macs": graph.needed_nodes((graph.output,))}
        return {name: {node: _count(name, [run(node)]) for node in nodes[name]} for name in self.expected}


def _count(name: str, runs: Sequence[Run]) -> int:
    """The parameters or the multiply-accumulates of a layer, as often as it runs."""
    if name == "macs":
        return sum(operator.macs(*inputs, output) for operator, inputs, output in runs)
    specs = [spec for operator, inputs, _ in runs for spec in operator.parameters(*inputs).values()]
    return sum(element_count(spec.shape) for spec in specs)


def _difference(wanted: Written, shape: Shape) -> str | None:
    """Whether the channels or the heights and widths alone differ."""
    if len(wanted) != len(shape) or len(shape) < 2 or matches(wanted, shape):
        return None
    if matches(wanted[:1], shape[:1]):
        return SIZES
    return CHANNELS if matches(wanted[1:], shape[1:]) else None
