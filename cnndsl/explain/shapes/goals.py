"""What other numbers have to bring about for a problem to be gone: a shape that is right, a layer that fits, a figure."""

from __future__ import annotations

from functools import cached_property

from ...elaborate.shapes import matches
from ...ir import Value
from ...ops import TensorType, element_count
from ...problems import ContractBroken, OfResidual, OutputOff, Written
from ...syntax import ast
from .literals import Numbers
from .network import Network, Run
from .rerun import Rerun

__all__ = ["Goal"]


class Goal:
    """The end of the problem in a network; ``here`` is the last layer that may be to blame.

    ``expected`` is the number of parameters that there should be, if that is the problem.
    """

    def __init__(self, network: Network, expected: int | None) -> None:
        self.network = network
        self.expected = expected
        self.wanted: tuple[Value, Written] | None = None
        self.pair: tuple[Value, Value] | None = None
        """The two values that have to be alike."""
        match network.problem:
            case ContractBroken(value=value, written=written):
                self.wanted = (value, written)
            case OutputOff(graph=graph, written=written):
                self.wanted = (graph.output, written)
            case OfResidual(result=result, passed=passed):
                self.pair = (result, passed)
        values = self.pair or (self.wanted or ())[:1]
        last = [network.makers.get(value, 0) for value in values]
        self.here = max(last, default=len(network.nodes) - 1)
        if network.refused is not None:
            self.here = network.nodes.index(network.refused)

    @cached_property
    def is_told(self) -> bool:
        """Whether anything tells the numbers that are meant from those that only fit."""
        refused, state = self.network.refused, self.network.state
        if refused is None or len(refused.inputs) > 1 or state.expectations:
            return True
        return any(isinstance(node, ast.Contract) for node in self.network.tree)

    def result(self, numbers: Numbers) -> TensorType | None:
        """What is there where the problem was, with numbers that end it; None with any others."""
        rerun = Rerun(self.network, numbers)
        if not rerun.reaches(self.here) or self._off(rerun) or not rerun.reaches(len(self.network.nodes) - 1):
            return None
        refused = self.network.refused
        if refused is None:
            values = self.pair or (self.wanted or (self.network.nodes[-1].output,))
            return rerun.of(values[0])
        changed = [value for value in refused.inputs if value in rerun.types] if refused.operator.is_join else []
        return rerun.of(changed[0]) if changed else rerun.runs[refused][2]

    def _off(self, rerun: Rerun) -> bool:
        """Whether the problem is there still."""
        if self.pair is not None:
            return rerun.of(self.pair[0]) != rerun.of(self.pair[1])
        if self.wanted is not None:
            return not matches(self.wanted[1], rerun.of(self.wanted[0]).shape)
        return self.expected is not None and self._parameters(rerun) != self.expected

    def _parameters(self, rerun: Rerun) -> int:
        """How many parameters there are."""
        before = sum(node.parameter_count for node in self.network.nodes if node not in rerun.runs)
        return before + sum(map(_count, rerun.runs.values()))


def _count(run: Run) -> int:
    operator, inputs, _ = run
    return sum(element_count(spec.shape) for spec in operator.parameters(*inputs).values())
