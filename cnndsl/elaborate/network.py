"""One network from its syntax tree: names resolved, arguments bound, every shape inferred as its layer is met.

One mistake gives one error. After a layer that failed, the current value is unknown and only what does not depend on it is
checked; after a broken contract, the shape that it asserts goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar

from ..attributes import LARGEST, format_value
from ..diagnostics import Diagnostic, DiagnosticKind, Diagnostics, Edit, Fix, Label
from ..diagnostics.kinds import limits, names
from ..diagnostics.suggest import nearest
from ..ir import Block, Graph, Head, Node, Value
from ..ops import Operator, OperatorError
from ..source import Span
from ..syntax import ast
from .bind import bind
from .blocks import call_block
from .contracts import check_contract
from .counting import count_operators
from .expressions import UNKNOWN, EvaluationError, bind_pattern, condition, evaluate, evaluate_argument
from .labels import label_text
from .limits import MAX_OPERATORS, MAX_PARAMETERS, MAX_STATEMENTS
from .place import Place
from .references import NOTHING, BlockReference, Current, LayerReference, Library
from .residual import residual
from .scope import Scope
from .structures import STRUCTURE_RULES

__all__ = ["NetworkElaborator"]

_SHOWN_CALLS = 3


class _Stop(Exception):
    """A limit was passed and reported; nothing more can be said of this network."""


class NetworkElaborator:
    """Walks one network's body once, with fixed parameters, and collects nodes and diagnostics."""

    def __init__(
        self, network: ast.Definition, settings: Mapping[str, Any], library: Library, diagnostics: Diagnostics
    ) -> None:
        self.network = network
        self.settings = settings
        self.library = library
        self.diagnostics = diagnostics
        self.nodes: list[Node] = []
        self.heads: list[Head] = []
        self.expectations: list[ast.Expect] = []
        self.input: Value | None = None
        self.current: Current = None
        self.started = False
        self.failed = False
        self.spans: dict[Value, Span] = {}
        self.calls: list[tuple[str, Span]] = []
        self._reported: set[tuple[str, Span | None]] = set()
        self._statements = 0

    def run(self) -> Graph | None:
        """The graph, or None if a mistake was reported."""
        try:
            self._walk()
        except _Stop:
            return None
        except RecursionError:
            self.error(limits.TOO_DEEP, "statements are nested too deeply", self.network.name.span)
            return None
        if self.failed or self.input is None or not isinstance(self.current, Value):
            return None
        name, doc = self.network.name.text, self.network.doc
        graph = Graph(name, self.input, tuple(self.nodes), self.current, self.settings, doc, tuple(self.heads))
        return self._within_limits(graph)

    def _walk(self) -> None:
        place = Place({**self.settings, "in_channels": UNKNOWN}, Scope(), self.library, top=True)
        counted = count_operators(self.network.body, place)
        if counted > MAX_OPERATORS:
            self.stop(f"the network expands to {_many(counted)} operators", self.network.name.span)
        self.body(self.network.body, place)
        if not self.started and not self.failed:
            message = f"network `{self.network.name.text}` has no `input`"
            self.error(names.INPUT_PLACE, message, self.network.name.span, "begin its body with `input 1x32x32`")
        elif self.current is NOTHING:
            message = f"network `{self.network.name.text}` ends in no value"
            self.error(names.WRONG_PLACE, message, self.network.name.span, "choose one behind the `split` with `from`")

    def _within_limits(self, graph: Graph) -> Graph | None:
        if graph.parameter_count <= MAX_PARAMETERS:
            return graph
        message = f"the network has {graph.parameter_count:,} parameters, and the limit is {MAX_PARAMETERS:,}"
        self.error(limits.TOO_MANY_PARAMETERS, message, self.network.name.span)
        return None

    # Reporting

    def report(self, diagnostic: Diagnostic | None) -> None:
        """Report a mistake, once however often its place is expanded, with the calls that led there."""
        self.failed = True
        if diagnostic is None:
            return
        key = (diagnostic.kind.code, diagnostic.primary.span if diagnostic.primary else None)
        if key in self._reported:
            return
        self._reported.add(key)
        calls = reversed(self.calls[-_SHOWN_CALLS:])
        trail = tuple(Label(span, f"in this call of `{name}`") for name, span in calls)
        self.diagnostics.report(diagnostic.replace(secondary=(*diagnostic.secondary, *trail)))

    def error(self, kind: DiagnosticKind, message: str, span: Span, *help_: str, label: str = "") -> None:
        """Report a mistake at a place."""
        self.report(Diagnostic(kind, message, Label(span, label), help=help_))

    def stop(self, message: str, span: Span) -> None:
        """Report that a limit is passed, and give the network up."""
        help_ = f"the limit is {MAX_OPERATORS:,} operators and {MAX_STATEMENTS:,} statements"
        self.error(limits.TOO_MANY_OPERATORS, message, span, help_)
        raise _Stop

    # Statements

    def body(self, body: ast.Body, place: Place) -> None:
        """Elaborate the statements of some braces, in order."""
        for statement in body.statements:
            self.statement(statement, place)

    def statement(self, statement: ast.Statement, place: Place) -> None:
        """Elaborate one statement and check its contract."""
        self._statements += 1
        if self._statements > MAX_STATEMENTS:
            self.stop(f"the network expands to more than {MAX_STATEMENTS:,} statements", statement.span)
        try:
            self._RULES[type(statement.action)](self, statement, statement.action, place)
        except EvaluationError as error:
            self.report(error.diagnostic)
            self.current = None
        if statement.contract is not None:
            self.check_contract(statement.contract, place)

    def check_contract(self, contract: ast.Contract, place: Place) -> None:
        """Compare the current shape with the one that the author asserts."""
        check_contract(self, contract, place.variables)

    def _broken(self, statement: ast.Statement, action: ast.Error, place: Place) -> None:
        self.failed = True
        self.started = True
        self.current = None

    def _expect(self, statement: ast.Statement, action: ast.Expect, place: Place) -> None:
        if place.top:
            self.expectations.append(action)
            return
        message = "`expect` speaks of the whole network"
        self.error(names.WRONG_PLACE, message, action.span, "move it to the top level of the network's body")

    def _let(self, statement: ast.Statement, action: ast.Let, place: Place) -> None:
        for name in action.pattern.names:
            place.variables[name.text] = UNKNOWN
        if isinstance(action.value, ast.Match):
            value = self._match(action.value, place)
        else:
            value = place.resolve(evaluate_argument(action.value, place.variables), action.value.span)
        place.variables.update(bind_pattern(action.pattern, value))

    @staticmethod
    def _match(match: ast.Match, place: Place) -> Any:
        subject = evaluate(match.subject, place.variables)
        keys = [evaluate(case.key, place.variables) for case in match.cases]
        if subject in keys:
            case = match.cases[keys.index(subject)]
            return place.resolve(evaluate_argument(case.value, place.variables), case.value.span)
        listed = ", ".join(format_value(key) for key in keys)
        message = f"no case for {format_value(subject)}"
        help_ = (f"there are {listed}",)
        raise EvaluationError(Diagnostic(names.BAD_EXPRESSION, message, Label(match.subject.span), help=help_))

    def _if(self, statement: ast.Statement, action: ast.If, place: Place) -> None:
        inner = self.inner_scope(statement, place)
        chosen: ast.Body | ast.If | None = action
        while isinstance(chosen, ast.If):
            chosen = chosen.body if condition(chosen.condition, place.variables) else chosen.otherwise
        if chosen is not None:
            self.body(chosen, inner)

    def _loop(self, statement: ast.Statement, action: ast.Repeat | ast.For, place: Place) -> None:
        for inner in self.rounds(statement, action, place):
            self.body(action.body, inner)

    def rounds(self, statement: ast.Statement, action: ast.Repeat | ast.For, place: Place) -> Iterator[Place]:
        """The place of each round of a loop."""
        if not action.body.statements:
            return
        if isinstance(action, ast.Repeat):
            items: Iterable[Any] = range(self._count(action, place))
        else:
            items = self._items(action, place)
        around = self.inner_scope(statement, place)
        for index, item in enumerate(items):
            bound = bind_pattern(action.pattern, item) if isinstance(action, ast.For) else {}
            if action.index is not None:
                bound[action.index.text] = index
            yield around.inner(bound)

    @staticmethod
    def _count(action: ast.Repeat, place: Place) -> int:
        count = evaluate(action.count, place.variables)
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            message = f"expected a whole number of at least 0, found {format_value(count)}"
            raise EvaluationError(Diagnostic(names.WRONG_VALUE, message, Label(action.count.span)))
        return count

    @staticmethod
    def _items(action: ast.For, place: Place) -> list[Any] | tuple[Any, ...]:
        items = evaluate(action.items, place.variables)
        if not isinstance(items, list | tuple):
            message = f"expected a list, found {format_value(items)}"
            raise EvaluationError(Diagnostic(names.WRONG_VALUE, message, Label(action.items.span)))
        return items

    def inner_scope(self, statement: ast.Statement, place: Place) -> Place:
        """The place in the braces of a structure: with a label a scope of their own, else the names go on."""
        if not statement.labels:
            return place.inner()
        scope = Scope(self.path(statement, place), place.scope)
        return place.within(Block("", scope.path, "", statement.span, place.block), scope)

    def path(self, statement: ast.Statement, place: Place) -> str:
        """The path of the layer or braces of a statement."""
        if not statement.labels:
            return place.scope.position()
        for label in statement.labels[1:]:
            self.error(names.WRONG_PLACE, "only a `split` has several outputs to name", label.span)
        return self.labelled(statement.labels[0], place)

    def labelled(self, label: ast.Label, place: Place, *, counts: bool = True) -> str:
        """The path that a label gives."""
        text = label_text(label, place.variables, self.diagnostics)
        path, problem = place.scope.labelled(text, label.span, counts=counts)
        if problem is not None:
            self.report(problem)
        return path

    def name_output(self, statement: ast.Statement, place: Place) -> None:
        """Let the label of a statement name the value that it has made."""
        if statement.labels:
            text = label_text(statement.labels[0], place.variables, self.diagnostics)
            place.scope.values[text] = self.current if isinstance(self.current, Value) else None

    # Calls

    def _call(self, statement: ast.Statement, action: ast.Call, place: Place) -> None:
        word = action.word.text
        meaning = place.variables.get(word)
        if meaning is None and word in STRUCTURE_RULES and word not in place.library.blocks:
            STRUCTURE_RULES[word](self, statement, action, place)
        else:
            self._layer_or_block(statement, action, place, meaning)
        if word != "split":
            self.name_output(statement, place)

    def _layer_or_block(self, statement: ast.Statement, action: ast.Call, place: Place, meaning: Any) -> None:
        if meaning is None:
            meaning = place.library.find(action.word.text)
        if isinstance(meaning, LayerReference):
            self._layer(meaning.operator, statement, action, place)
        elif isinstance(meaning, BlockReference):
            call_block(self, meaning, statement, action, place)
        else:
            self.path(statement, place)
            self.current = None
            if meaning is None:
                self._unknown_layer(action, place)
            elif meaning is not UNKNOWN:
                message = f"`{action.word.text}` is {format_value(meaning)} here, not a layer"
                self.error(names.UNKNOWN_LAYER, message, action.word.span)
            self.failed = True

    def _unknown_layer(self, action: ast.Call, place: Place) -> None:
        word = action.word
        known = place.library.names
        meant = nearest(word.text, known)
        fixes = (Fix(f"write `{meant}`", (Edit(word.span, meant),), True),) if meant else ()
        help_ = () if meant else ("docs/reference/operators.md lists the layers; a block is defined above or with `use`",)
        place_ = Label(word.span, f"did you mean `{meant}`?" if meant else "")
        message = f"no layer is called `{word.text}`"
        self.report(Diagnostic(names.UNKNOWN_LAYER, message, place_, help=help_, fixes=fixes))

    def _layer(self, operator: type[Operator], statement: ast.Statement, action: ast.Call, place: Place) -> None:
        path = self.path(statement, place)
        source = self.take_current(action.word)
        if action.body is not None:
            self.error(names.WRONG_PLACE, f"`{action.word.text}` takes no body", action.body.span)
        bound = bind(operator, action.word, action.arguments, place.variables, self.diagnostics)
        if bound is None:
            self.failed = True
        elif source is not None:
            self.current = self.apply(bound.value, (source,), path, action, place, bound.spans)

    def take_current(self, word: ast.Name) -> Value | None:
        """The current value, which a layer uses up; None if it is unknown or there is none."""
        if not self.started:
            self.started = True
            message = f"`{word.text}` has no value to work on"
            self.error(names.INPUT_PLACE, message, word.span, "begin the network with `input 1x32x32`")
        elif self.current is NOTHING:
            message = f"`{word.text}` has no value to work on: a `split` has several outputs"
            self.error(names.WRONG_PLACE, message, word.span, "choose one of them with `from` first")
            self.current = None
        source, self.current = self.current, None
        return source if isinstance(source, Value) else None

    def apply(
        self,
        operator: Operator,
        inputs: tuple[Value, ...],
        path: str,
        action: ast.Call | ast.Residual | ast.Shortcut,
        place: Place,
        spans: Mapping[str, Span] | None = None,
    ) -> Value | None:
        """Add a node; its first output, or None if the operator refuses its inputs."""
        node = self.apply_all(operator, inputs, path, action, place, spans)
        return None if node is None else node.output

    def apply_all(
        self,
        operator: Operator,
        inputs: tuple[Value, ...],
        path: str,
        action: ast.Call | ast.Residual | ast.Shortcut,
        place: Place,
        spans: Mapping[str, Span] | None = None,
    ) -> Node | None:
        """Add a node, or report why the operator refuses its inputs."""
        types = [value.type for value in inputs]
        try:
            resolved = operator.resolve(*types)
            outputs = tuple(Value(type_) for type_ in resolved.outputs(*types))
        except OperatorError as error:
            self.report(self._located(error, action, spans or {}, inputs))
            return None
        node = Node(path, resolved, inputs, outputs, action.span, spans, place.block)
        if any(max(value.type.shape, default=0) > LARGEST for value in outputs):
            message = f"an extent of {node.output.type} is larger than {LARGEST}"
            self.error(limits.EXTENT_TOO_LARGE, message, action.span)
            return None
        self.nodes.append(node)
        self.spans.update(dict.fromkeys(outputs, action.span))
        if len(self.nodes) > MAX_OPERATORS:
            self.stop(f"the network has more than {MAX_OPERATORS:,} operators", node.span)
        return node

    def _located(
        self,
        error: OperatorError,
        action: ast.Call | ast.Residual | ast.Shortcut,
        spans: Mapping[str, Span],
        inputs: tuple[Value, ...],
    ) -> Diagnostic:
        """An operator's complaint at the place where the user wrote what is to blame."""
        whole = action.word.span if isinstance(action, ast.Call) else action.span.first_word
        blamed = spans.get(error.attribute or "", whole)
        secondary = tuple(
            Label(self.spans[value], f"this value is {value.type}") for value in dict.fromkeys(inputs) if value in self.spans
        )
        return Diagnostic(error.kind, error.message, Label(blamed, error.label), secondary, error.notes, error.help)

    def _residual(self, statement: ast.Statement, action: ast.Residual, place: Place) -> None:
        residual(self, statement, action, place)
        self.name_output(statement, place)

    _RULES: ClassVar[dict[type, Callable[[NetworkElaborator, ast.Statement, Any, Place], None]]] = {
        ast.Call: _call,
        ast.Let: _let,
        ast.If: _if,
        ast.Repeat: _loop,
        ast.For: _loop,
        ast.Residual: _residual,
        ast.Expect: _expect,
        ast.Error: _broken,
    }


def _many(count: int) -> str:
    return f"{count:,}" if count < 10**15 else "far too many"
