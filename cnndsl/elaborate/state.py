"""The walk through one network: the value that flows, the layers so far, and the rules by which statements are elaborated.

Rules are registered where they are written, with ``@rule(ast.Let)`` and ``@structure("seq")``; this module knows none of them.
One mistake is one problem: what a statement that failed would have made is unknown, and nothing is said of what depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from .. import problems
from ..attributes import LARGEST, Declared
from ..ir import Block, Head, Node, Value
from ..ops import Operator, OperatorError, Shape, TensorType
from ..ops.free_size import Undecided, free_shape, is_above, is_free
from ..problems import Problem, Sink, Stop, Written
from ..source import Span
from ..syntax import ast
from .arguments import Bound, bind
from .budget import MAX_OPERATORS, MAX_STATEMENTS, take_steps
from .evaluate import EvaluationError
from .scope import Place, Scope, label_text
from .values import SEVERAL, UNKNOWN, BlockReference, Current

__all__ = ["RULES", "STRUCTURE_RULES", "Layer", "Rule", "State", "keyword", "rule", "structure"]

_LAYER_STEPS = 8

_D = TypeVar("_D", bound=Declared)

Rule = Callable[["State", ast.Statement, Any, Place], None]

RULES: dict[type[ast.Syntax], Rule] = {}
"""How each sort of action is elaborated."""

STRUCTURE_RULES: dict[str, Rule] = {}
"""How a call of each structure is elaborated."""


def rule(*actions: type[ast.Syntax]) -> Callable[[Rule], Rule]:
    """Register how some sorts of actions are elaborated."""

    def register(function: Rule) -> Rule:
        RULES.update(dict.fromkeys(actions, function))
        return function

    return register


def structure(*words: str) -> Callable[[Rule], Rule]:
    """Register how the calls of some structures are elaborated."""

    def register(function: Rule) -> Rule:
        STRUCTURE_RULES.update(dict.fromkeys(words, function))
        return function

    return register


def keyword(action: ast.Action) -> ast.Name:
    """The word that an action begins with: ``conv``, ``residual``, ``let``."""
    if isinstance(action, ast.Call):
        return action.word
    text = type(action).__name__.lower()
    return ast.Name(Span(action.span.source, action.span.start, action.span.start + len(text)), text)


class Layer(NamedTuple):
    """An operator as it is written, where, and what it is given; ``node`` is None if it refuses that.

    ``place`` tells what the names in its arguments mean; None if it has none and is right, which saves room.
    """

    path: str
    operator: Operator
    inputs: tuple[Value, ...]
    action: ast.Call | ast.Residual
    node: Node | None
    place: Place | None


class State:
    """Where the elaboration of a network stands, and what it has found: nodes, values, problems.

    ``place`` holds the parameters. ``extents`` gives the shape of an input that is written in some way. With ``asserted``, a
    list, contracts are not checked but put down there, each with the value that it is about.
    """

    def __init__(
        self,
        network: ast.Definition,
        place: Place,
        sink: Sink,
        *,
        extents: Callable[[Written, Span], Shape] = lambda written, span: free_shape(written),
        asserted: list[tuple[ast.Contract, Written, Value]] | None = None,
        expectation: ast.Expect | None = None,
    ) -> None:
        self.network = network
        self.library = place.library
        self.settings: Mapping[str, Any] = dict(place.variables)
        self.extents = extents
        self.asserted = asserted
        self.expectation = expectation
        """What the network is built for, if not at its defaults."""
        self.place = place
        """Where the statement stands that is being elaborated."""
        self.calls: list[tuple[ast.Call, BlockReference]] = []
        """The calls of blocks that lead there, the outermost first."""
        self.nodes: list[Node] = []
        self.layers: list[Layer] = []
        """Every layer that was tried, as it is written."""
        self.heads: list[Head] = []
        self.expectations: list[ast.Expect] = []
        self.input: Value | None = None
        self.current: Current = None
        self.started = False
        """Whether there is an input, or should have been."""
        self.anchors: dict[Value, Span] = {}
        """Where values are written that no layer makes: the input, and those that a contract asserts after a mistake."""
        self.failed = False
        """Whether there was a mistake: in the statement that is being elaborated, or so far."""
        self.sink = sink
        self._statements = 0

    # Problems

    def report(self, problem: Problem | None) -> None:
        """Report a mistake, or note with None that there is one that has been reported."""
        self.failed = True
        if problem is not None:
            self.sink(problem, self)

    def stop(self, problem: Problem) -> None:
        """Report that a limit is passed, and give the network up."""
        self.report(problem)
        raise Stop

    # Statements

    def body(self, body: ast.Body, place: Place) -> None:
        """Elaborate the statements of some braces, in order."""
        around = self.place
        for statement in body.statements:
            self.statement(statement, place)
        self.place = around

    def statement(self, statement: ast.Statement, place: Place, rule: Rule | None = None) -> None:
        """Elaborate one statement, by a rule of its own if need be, check its contract, and let its label name the value."""
        self._statements += 1
        if self._statements > MAX_STATEMENTS:
            self.stop(problems.TooMany(statement.span, "statements", MAX_STATEMENTS))
        take_steps(4 + len(place.variables) // 32, statement.span)  # braces copy the variables that they see
        self.place = place
        self._tell_channels(place)
        self._try(rule or RULES[type(statement.action)], statement, statement.action, place)
        if statement.contract is not None:
            self._try(RULES[ast.Contract], statement, statement.contract, place)
        if statement.labels and self.current is not SEVERAL:
            self.name(statement.labels[0], self.current, place)

    def _tell_channels(self, place: Place) -> None:
        """Let ``in_channels`` be what enters a statement of a network; in a block it stays what enters the block.

        Nothing enters after a ``split``: it stays what was split.
        """
        if self.calls or not self.started or self.current is SEVERAL or place.origin("in_channels") is not None:
            return
        known = isinstance(self.current, Value) and self.current.type.shape
        place.variables["in_channels"] = known[0] if known else UNKNOWN

    def _try(self, rule: Rule, statement: ast.Statement, part: ast.Action | ast.Contract, place: Place) -> None:
        try:
            rule(self, statement, part, place)
            return
        except EvaluationError as error:
            self.report(error.problem)
        except Undecided:
            self.report(problems.Undecided(part.span if isinstance(part, ast.Contract) else keyword(part).span))
        self.current = None
        place.scope.is_counted = False

    def require_bare(self, statement: ast.Statement, *, contract: bool) -> None:
        """Report the label of a statement that can have none, and its contract if it may not have one either."""
        word = keyword(statement.action).text
        if statement.labels:
            self.report(problems.HasNo(statement.labels[0].span, word, "label"))
        if statement.contract is not None and not contract:
            self.report(problems.HasNo(statement.contract.span, word, "contract"))

    # Names

    def path(self, statement: ast.Statement, place: Place) -> str:
        """The path of the layer or braces of a statement."""
        if not statement.labels:
            return place.scope.position()
        for label in statement.labels[1:]:
            self.report(problems.SecondLabel(label.span))
        return self.labelled(statement.labels[0], place)

    def labelled(self, label: ast.Label, place: Place, *, counts: bool = True) -> str:
        """The path that a label gives."""
        path, problem = place.scope.labelled(label_text(label, place.variables), label.span, counts=counts)
        if problem is not None:
            self.report(problem)
        return path

    def name(self, label: ast.Label, value: Current, place: Place) -> None:
        """Let a label name a value, or one that is not known."""
        try:
            text = label_text(label, place.variables)
        except EvaluationError:
            return  # which has been reported where the label gave a path
        place.scope.name(text, value if isinstance(value, Value) else None)

    def inside(self, statement: ast.Statement, place: Place) -> Place:
        """The place in the braces of a structure: with a label a scope of their own, else the names go on."""
        if not statement.labels:
            return place.inner()
        scope = Scope(self.path(statement, place), place.scope)
        return place.inner(scope, Block("", scope.path, {}, statement.span, place.block))

    # Layers

    def bind(
        self, declared: type[_D], word: ast.Name, arguments: tuple[ast.Argument, ...], place: Place
    ) -> Bound[_D] | None:
        """The declared class filled from the arguments of a call, or None if a mistake was reported."""
        return bind(declared, word, arguments, place.variables, self.report)

    def require_current(self, word: ast.Name) -> None:
        """Report it if there is no value to work on, which is then unknown."""
        if self.current is SEVERAL:
            self.current = None
            self.report(problems.AfterSplit(word.span, word.text))
        elif not self.started:
            self.started = True
            self.report(self._without_input(word))

    def _without_input(self, word: ast.Name) -> Problem:
        late = next((each for each in self.network.body.statements if _is_input(each)), None)
        if late is None:
            return problems.BeforeInput(word.span, word.text)
        return problems.LateInput(late.span, late, word.span)

    def take_current(self, word: ast.Name) -> Value | None:
        """The current value, which a layer uses up; None if it is unknown or there is none."""
        self.require_current(word)
        source, self.current = self.current, None
        return source if isinstance(source, Value) else None

    def add(
        self,
        operator: Operator,
        inputs: tuple[Value, ...],
        path: str,
        action: ast.Call | ast.Residual,
        place: Place,
        spans: Mapping[str, Span] = {},
    ) -> Node | None:
        """Add a node, or report why the operator refuses its inputs.

        Raises:
            Undecided: If that depends on the size of a free input.
        """
        node: Node | None = None
        try:
            resolved, types = _inferred(operator, [value.type for value in inputs])
            node = Node(path, resolved, inputs, tuple(map(Value, types)), action.span, spans, place.block)
        except OperatorError as error:
            span = spans.get(error.attribute or "", keyword(action).span)
            self.report(problems.Refused(span, operator, error, inputs, action, spans))
        finally:
            kept = place if spans or node is None else None
            self.layers.append(Layer(path, operator, inputs, action, node, kept))
        return None if node is None else self._added(node)

    def _added(self, node: Node) -> Node | None:
        if any(is_above(extent, LARGEST) for value in node.outputs for extent in value.type.shape):
            self.report(problems.TooLarge(node.span, f"a size of {node.output.type} is larger than {LARGEST:,}"))
            return None
        take_steps(_LAYER_STEPS, node.span)
        self.nodes.append(node)
        if len(self.nodes) > MAX_OPERATORS:
            self.stop(problems.TooMany(node.span, "operators", MAX_OPERATORS))
        return node


def _inferred(operator: Operator, types: Sequence[TensorType]) -> tuple[Operator, tuple[TensorType, ...]]:
    """An operator resolved for its inputs, and the types of its outputs."""
    resolved = operator.resolve(*types)
    outputs = resolved.outputs(*types)
    if any(is_free(type_.shape) for type_ in types):
        resolved.parameters(*types)  # whose sizes may depend on the free input
    return resolved, outputs


def _is_input(statement: ast.Statement) -> bool:
    return isinstance(statement.action, ast.Call) and statement.action.word.text == "input"
