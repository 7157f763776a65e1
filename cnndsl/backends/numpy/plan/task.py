"""What a plan does for one node, or for several that a rewrite has made one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from ....ir import Graph, Node, Value
from ....ops import Operator, Shape
from ....ops.convolution import Conv
from ...schedule import results

if TYPE_CHECKING:  # operators are loaded by their words
    from ....ops.convolution_kinds import Depthwise
    from ....ops.merge import Concat

__all__ = ["Program", "Task"]


class Task:
    """One layer with what happens to its result before that is written.

    The result is that of ``operator``, normalised by ``norms``, plus ``residual``, under ``activation``. A task without
    ``adds_bias`` leaves its bias to the pooling after it, whose ``biased`` it is. In training a convolution does the work of
    the ``pool`` after it too. Of a task that ``is_frozen`` nothing changes.
    """

    def __init__(self, node: Node) -> None:
        self.node = node
        self.operator: Operator = _as_convolution(node)
        self.inputs: list[Value] = list(node.inputs)
        self.outputs: list[Value] = list(node.outputs)
        self.norms: tuple[Node, ...] = ()
        self.residual: Value | None = None
        self.activation: Operator | None = None
        self.adds_bias = True
        self.biased: Task | None = None
        self.members: tuple[Task, ...] = ()
        self.flattened: Shape | None = None
        self.pool: Task | None = None
        self.is_frozen = False

    def __repr__(self) -> str:
        return f"Task({self.node.path!r}, {self.operator.name})"

    @property
    def reads(self) -> tuple[Value, ...]:
        """All values that must be there before the task."""
        return (*self.inputs, self.residual) if self.residual is not None else tuple(self.inputs)

    @property
    def learns(self) -> bool:
        """Whether it has parameters that training changes."""
        return bool(self.node.parameters) and not self.is_frozen

    @property
    def is_convolution(self) -> bool:
        return type(self.operator) is Conv

    @property
    def joined_axis(self) -> int | None:
        """The axis along which it lays its inputs side by side; None if it does something else."""
        return cast("Concat", self.operator).axis if self.operator.name == "concat" else None


class Program:
    """The tasks of a pass in order, and the values that they are for; rewrites change it in place."""

    def __init__(self, graph: Graph, *, training: bool = False) -> None:
        self.input = graph.input
        self.results = list(results(graph, training))
        self.tasks = [Task(node) for node in graph.needed_nodes(self.results)]

    @property
    def output(self) -> Value:
        return self.results[0]

    def uses(self) -> Counter[Value]:
        """How often each value is read; results once more, by who asked for them."""
        return Counter([*self.results, *(value for task in self.tasks for value in task.reads)])

    def makers(self) -> dict[Value, Task]:
        """The task that each value comes from."""
        return {value: task for task in self.tasks for value in task.outputs}

    def remove(self, tasks: Iterable[Task]) -> None:
        gone = set(map(id, tasks))
        self.tasks = [task for task in self.tasks if id(task) not in gone]

    def replace(self, old: Value, new: Value) -> None:
        """Let every reader of a value read another."""
        self.results = [new if value is old else value for value in self.results]
        for task in self.tasks:
            task.inputs = [new if value is old else value for value in task.inputs]
            task.residual = new if task.residual is old else task.residual


def _as_convolution(node: Node) -> Operator:
    """A depthwise convolution is one with as many groups as channels."""
    if node.operator.name != "depthwise":
        return node.operator
    return cast("Depthwise", node.operator).convolution(node.input.type.shape[0])
