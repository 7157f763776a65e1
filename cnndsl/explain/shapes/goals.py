"""What a change has to bring about for a problem to be gone: shapes that are right, a layer that fits, figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from ...elaborate.shapes import matches
from ...ir import Node, Value
from ...ops import OPERATORS, Operator, Shape, TensorType, element_count
from ...problems import ContractBroken, OfResidual, Problem, Written
from ...record import Record
from ...source import Span
from ...syntax import ast
from ...syntax.walk import walk
from .network import Network, Run
from .rerun import UNFIT, Rerun
from .traced import plain

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
        self.written: Written | None = None
        """The shape that is asserted of the value in question."""
        self.pair: tuple[Value, Value] | None = None
        """The two values that have to be alike."""
        broken = [item for item in network.asserted if item[2] not in network.held]
        own = [item for item in broken if isinstance(problem, ContractBroken) and item[0].span == problem.span][:1]
        self.wanted = [(value, written) for _, written, value in (*own, *(broken if only else ()))]
        if isinstance(network.problem, OfResidual):
            self.pair = (network.problem.result, network.problem.passed)
        elif self.refused is not None and len(self.refused.inputs) == 2:
            self.pair = (self.refused.inputs[0], self.refused.inputs[1])
        self.after = _contract_after(network) if self.refused is not None else None
        self._counts: dict[tuple[str, Node], int] = {}
        self._totals: dict[str, int] = {}
        self.is_told = bool(self.wanted or self.pair or self.after or network.state.expectations)
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
        """What a layer gives that was refused, if that leads to what is asserted next."""
        try:
            type_ = last = rerun.output(node)
            for operator in self.after.operators if self.after else ():
                last = operator.resolve(last).outputs(last)[0]
        except UNFIT:
            return None
        if self.after is not None and not matches(self.after.written, last.shape):
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
        if name == "params":
            return self._total(name) + sum(
                _parameters(runs) - self._before(name, node) for node, runs in rerun.runs.items()
            )
        runs = {node: each for node, each in rerun.runs.items() if node in self._needed}
        return self._total(name) + sum(_macs(each) - self._before(name, node) for node, each in runs.items())

    def _before(self, name: str, node: Node) -> int:
        """What a layer had before any change."""
        if (name, node) not in self._counts:
            run = self.network.run(node)
            self._counts[name, node] = _parameters([run]) if name == "params" else _macs([run])
        return self._counts[name, node]

    def _total(self, name: str) -> int:
        if name not in self._totals:
            nodes = self.network.nodes if name == "params" else self._needed
            self._totals[name] = sum(self._before(name, node) for node in nodes)
        return self._totals[name]

    @cached_property
    def _needed(self) -> set[Node]:
        graph = self.network.graph
        assert graph is not None
        return set(graph.needed_nodes((graph.output,)))


def _parameters(runs: Sequence[Run]) -> int:
    specs = [spec for operator, inputs, _ in runs for spec in operator.parameters(*inputs).values()]
    return sum(element_count(spec.shape) for spec in specs)


def _macs(runs: Sequence[Run]) -> int:
    return sum(operator.macs(*inputs, output) for operator, inputs, output in runs)


class _After(Record):
    """Layers without arguments after one that was refused, and what is asserted of the last."""

    operators: tuple[Operator, ...]
    written: Written


def _contract_after(network: Network) -> _After | None:
    """What is asserted next after the layer that was refused, if only layers without arguments stand between."""
    assert network.refused is not None
    shapes = {span: value.type.shape for value, span in network.state.anchors.items()}
    operators: list[Operator] = []
    for statement in _from(network, network.refused.span):
        if operators or statement.action.span != network.refused.span:
            operator = _bare_operator(statement.action)
            if operator is None:
                return None
            operators.append(operator)
        if statement.contract is not None:
            written = shapes.get(statement.contract.span)
            return _After(tuple(operators), plain(written)) if written is not None else None
    return None


def _from(network: Network, span: Span) -> tuple[ast.Statement, ...]:
    """The statements of a body from one on."""
    for body in (node for tree in network.trees for node in walk(tree) if isinstance(node, ast.Body)):
        for place, statement in enumerate(body.statements):
            if statement.action.span == span:
                return body.statements[place:]
    return ()


def _bare_operator(action: ast.Action) -> Operator | None:
    if not isinstance(action, ast.Call) or action.arguments or action.body or action.word.text not in OPERATORS:
        return None
    operator = OPERATORS[action.word.text]
    return None if any(info.required for info in operator.attributes().values()) else operator()


def _difference(wanted: Written, shape: Shape) -> str | None:
    """Whether the channels or the heights and widths alone differ."""
    if len(wanted) != len(shape) or len(shape) < 2 or matches(wanted, shape):
        return None
    if matches(wanted[:1], shape[:1]):
        return SIZES
    return CHANNELS if matches(wanted[1:], shape[1:]) else None
