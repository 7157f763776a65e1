"""One network from its syntax tree: names resolved, arguments bound, every shape inferred as its layer is met.

One mistake gives one error. After a layer that failed, the current value is unknown and only what does not depend on it is
checked; after a broken contract, the shape that it asserts goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from ..attributes import LARGEST, format_value
from ..diagnostics import Diagnostic, DiagnosticKind, Diagnostics, Edit, Fix, Label
from ..diagnostics.kinds import limits, names, shapes
from ..diagnostics.suggest import nearest
from ..ir import Graph, Node, Value
from ..ops import OPERATORS, OperatorError, TensorType, format_shape
from ..source import Span
from ..syntax import ast
from .bind import bind
from .expressions import EvaluationError, bind_pattern, condition, evaluate
from .scope import Scope
from .shapes import matches, written_shape

__all__ = ["MAX_OPERATORS", "MAX_PARAMETERS", "NetworkElaborator"]

MAX_OPERATORS = 100_000
MAX_PARAMETERS = 10**12

Variables = Mapping[str, Any]


class _TooMany(Exception):
    """The network grew past the limit; everything has been reported."""


class NetworkElaborator:
    """Walks one network's body once, with fixed parameters, and collects nodes and diagnostics."""

    def __init__(self, network: ast.Definition, settings: Variables, diagnostics: Diagnostics) -> None:
        self.network = network
        self.settings = settings
        self.diagnostics = diagnostics
        self.nodes: list[Node] = []
        self.input: Value | None = None
        self.current: Value | None = None
        self.started = False
        self.failed = False
        self.expectations: list[ast.Expect] = []
        self._spans: dict[Value, Span] = {}

    def run(self) -> Graph | None:
        """The graph, or None if a mistake was reported."""
        try:
            self._body(self.network.body, dict(self.settings), Scope(), top=True)
        except _TooMany:
            return None
        except RecursionError:
            self._error(limits.TOO_DEEP, "statements are nested too deeply", self.network.name.span)
            return None
        if not self.started and not self.failed:
            message = f"network `{self.network.name.text}` has no `input`"
            self._error(names.INPUT_PLACE, message, self.network.name.span, "begin its body with `input 1x32x32`")
        if self.failed or self.input is None or self.current is None:
            return None
        name, doc = self.network.name.text, self.network.doc
        graph = Graph(name, self.input, tuple(self.nodes), self.current, self.settings, doc)
        return self._within_limits(graph)

    def _within_limits(self, graph: Graph) -> Graph | None:
        if graph.parameter_count <= MAX_PARAMETERS:
            return graph
        message = f"the network has {graph.parameter_count:,} parameters, and the limit is {MAX_PARAMETERS:,}"
        self._error(limits.TOO_MANY_PARAMETERS, message, self.network.name.span)
        return None

    # Reporting

    def _report(self, diagnostic: Diagnostic | None) -> None:
        self.failed = True
        if diagnostic is not None:
            self.diagnostics.report(diagnostic)

    def _error(self, kind: DiagnosticKind, message: str, span: Span, *help_: str, label: str = "") -> None:
        self._report(Diagnostic(kind, message, Label(span, label), help=help_))

    # Statements

    def _body(self, body: ast.Body, variables: dict[str, Any], scope: Scope, *, top: bool = False) -> None:
        for statement in body.statements:
            self._statement(statement, variables, scope, top)

    def _statement(self, statement: ast.Statement, variables: dict[str, Any], scope: Scope, top: bool) -> None:
        action = statement.action
        if isinstance(action, ast.Expect):
            self._expect(action, top)
            return
        try:
            self._RULES[type(action)](self, statement, action, variables, scope)
        except EvaluationError as error:
            self._report(error.diagnostic)
            self.current = None
        if statement.contract is not None:
            self._contract(statement.contract, variables)

    def _broken(self, statement: ast.Statement, action: ast.Error, variables: dict[str, Any], scope: Scope) -> None:
        self.failed = True
        self.started = True
        self.current = None

    def _unsupported(self, statement: ast.Statement, action: Any, variables: dict[str, Any], scope: Scope) -> None:
        self._not_built(statement.span, type(action).__name__.lower())

    def _not_built(self, span: Span, what: str) -> None:
        self._error(names.NOT_SUPPORTED, f"`{what}` is part of the language and not built yet", span)
        self.current = None

    def _expect(self, action: ast.Expect, top: bool) -> None:
        if top:
            self.expectations.append(action)
            return
        message = "`expect` speaks of the whole network"
        self._error(names.WRONG_PLACE, message, action.span, "move it to the top level of the network's body")

    def _let(self, statement: ast.Statement, action: ast.Let, variables: dict[str, Any], scope: Scope) -> None:
        if isinstance(action.value, ast.Match):
            value = self._match(action.value, variables)
        else:
            value = evaluate(action.value, variables)
        variables.update(bind_pattern(action.pattern, value))

    def _match(self, match: ast.Match, variables: Variables) -> Any:
        subject = evaluate(match.subject, variables)
        keys = [evaluate(case.key, variables) for case in match.cases]
        if subject in keys:
            return evaluate(match.cases[keys.index(subject)].value, variables)
        listed = ", ".join(format_value(key) for key in keys)
        message = f"no case for {format_value(subject)}"
        raise EvaluationError(
            Diagnostic(names.BAD_EXPRESSION, message, Label(match.subject.span), help=(f"there are {listed}",))
        )

    def _if(self, statement: ast.Statement, action: ast.If, variables: dict[str, Any], scope: Scope) -> None:
        if condition(action.condition, variables):
            self._body(action.body, dict(variables), scope)
        elif isinstance(action.otherwise, ast.If):
            self._if(statement, action.otherwise, variables, scope)
        elif action.otherwise is not None:
            self._body(action.otherwise, dict(variables), scope)

    def _repeat(self, statement: ast.Statement, action: ast.Repeat, variables: dict[str, Any], scope: Scope) -> None:
        count = evaluate(action.count, variables)
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            message = f"expected a whole number of at least 0, found {format_value(count)}"
            raise EvaluationError(Diagnostic(names.WRONG_VALUE, message, Label(action.count.span)))
        inner = self._inner_scope(statement, scope)
        for index in range(count if action.body.statements else 0):
            self._body(action.body, {**variables, **self._counted(action.index, index)}, inner)

    def _for(self, statement: ast.Statement, action: ast.For, variables: dict[str, Any], scope: Scope) -> None:
        items = evaluate(action.items, variables)
        if not isinstance(items, list | tuple):
            message = f"expected a list, found {format_value(items)}"
            raise EvaluationError(Diagnostic(names.WRONG_VALUE, message, Label(action.items.span)))
        inner = self._inner_scope(statement, scope)
        for index, item in enumerate(items):
            bound = {**bind_pattern(action.pattern, item), **self._counted(action.index, index)}
            self._body(action.body, {**variables, **bound}, inner)

    @staticmethod
    def _counted(name: ast.Name | None, index: int) -> dict[str, Any]:
        return {} if name is None else {name.text: index}

    def _inner_scope(self, statement: ast.Statement, scope: Scope) -> Scope:
        """Braces with a label are a scope of their own; without one the names go on in the scope around."""
        return Scope(self._path(statement, scope)) if statement.labels else scope

    def _path(self, statement: ast.Statement, scope: Scope) -> str:
        if not statement.labels:
            return scope.position()
        for label in statement.labels[1:]:
            self._error(names.WRONG_PLACE, "only `split` has several outputs to name", label.span)
        first = statement.labels[0]
        path, problem = scope.labelled(first.text, first.span)
        if problem is None and not _valid_label(first.text):
            message = f"`{first.text}` cannot be a label"
            self._error(names.WRONG_VALUE, message, first.span, "a label has letters, digits, `_` and `-`")
        if problem is not None:
            self._report(problem)
        return path

    # Calls

    def _call(self, statement: ast.Statement, action: ast.Call, variables: dict[str, Any], scope: Scope) -> None:
        word = action.word.text
        if word == "input":
            self._input(statement, action, variables)
        elif word == "seq":
            self._seq(statement, action, variables, scope)
        elif word in _STRUCTURES:
            self._not_built(action.word.span, word)
        elif word in OPERATORS:
            self._layer(statement, action, variables, scope)
        else:
            self._unknown_layer(action)
            self._path(statement, scope)

    def _unknown_layer(self, action: ast.Call) -> None:
        word = action.word
        meant = nearest(word.text, (*OPERATORS, *_STRUCTURES, "input", "seq"))
        fixes = (Fix(f"write `{meant}`", (Edit(word.span, meant),), True),) if meant else ()
        self._report(
            Diagnostic(
                names.UNKNOWN_LAYER,
                f"no layer is called `{word.text}`",
                Label(word.span, f"did you mean `{meant}`?" if meant else ""),
                help=() if meant else (f"there are {', '.join(OPERATORS)}",),
                fixes=fixes,
            )
        )
        self.current = None

    def _input(self, statement: ast.Statement, action: ast.Call, variables: Variables) -> None:
        if self.started:
            self._error(names.INPUT_PLACE, "`input` stands once, before all layers", action.span)
            return
        self.started = True
        if statement.labels:
            self._error(names.WRONG_PLACE, "an `input` has no label", statement.labels[0].span)
        if len(action.arguments) != 1 or action.arguments[0].name or action.body:
            message = "`input` takes one shape"
            self._error(names.WRONG_VALUE, message, action.span, "write `input 1x32x32`: channels x height x width")
            return
        argument = action.arguments[0].value
        shape = written_shape(argument, variables)
        extents = tuple(extent for extent in shape if extent is not None)
        if len(extents) != len(shape):
            self._error(names.NOT_SUPPORTED, "free extents `?` in an input are not built yet", argument.span)
            return
        self.input = self.current = Value(TensorType(extents))
        self._spans[self.input] = action.span

    def _seq(self, statement: ast.Statement, action: ast.Call, variables: dict[str, Any], scope: Scope) -> None:
        path = self._path(statement, scope)
        if action.body is None or action.arguments:
            self._error(names.WRONG_VALUE, "`seq` takes a body and nothing else", action.span, "write `seq { ... }`")
            self.current = None
            return
        self._body(action.body, dict(variables), Scope(path))

    def _layer(self, statement: ast.Statement, action: ast.Call, variables: Variables, scope: Scope) -> None:
        path = self._path(statement, scope)
        source = self._take_current(action)
        if action.body is not None:
            self._error(names.WRONG_PLACE, f"`{action.word.text}` takes no body", action.body.span)
        bound = bind(OPERATORS[action.word.text], action.word, action.arguments, variables, self.diagnostics)
        if bound is None:
            self.failed = True
        if bound is None or source is None:
            return
        try:
            operator = bound.value.resolve(source.type)
            type_ = operator.infer(source.type)
        except OperatorError as error:
            self._report(self._located(error, action, bound.spans, source))
            return
        if max(type_.shape, default=0) > LARGEST:
            self._error(limits.EXTENT_TOO_LARGE, f"an extent of {type_} is larger than {LARGEST}", action.span)
            return
        self.current = Value(type_)
        self._spans[self.current] = action.span
        self._add(Node(path, operator, (source,), (self.current,), action.span, bound.spans))

    def _take_current(self, action: ast.Call) -> Value | None:
        """The current value, which the layer uses up; unknown if the layer fails."""
        if not self.started:
            self.started = True
            message = f"`{action.word.text}` has no value to work on"
            self._error(names.INPUT_PLACE, message, action.word.span, "begin the network with `input 1x32x32`")
        source, self.current = self.current, None
        return source

    def _add(self, node: Node) -> None:
        self.nodes.append(node)
        if len(self.nodes) > MAX_OPERATORS:
            message = f"the network has more than {MAX_OPERATORS:,} operators"
            self._error(limits.TOO_MANY_OPERATORS, message, node.span)
            raise _TooMany

    def _located(self, error: OperatorError, action: ast.Call, spans: Mapping[str, Span], source: Value) -> Diagnostic:
        """An operator's complaint at the place where the user wrote what is to blame."""
        blamed = spans.get(error.attribute or "", action.word.span)
        origin = self._spans.get(source)
        secondary = (Label(origin, f"this value is {source.type}"),) if origin else ()
        return Diagnostic(error.kind, error.message, Label(blamed, error.label), secondary, error.notes, error.help)

    # Contracts

    def _contract(self, contract: ast.Contract, variables: Variables) -> None:
        try:
            written = written_shape(contract.shape, variables)
        except EvaluationError as error:
            self._report(error.diagnostic)
            return
        if self.current is None:
            self._go_on_with(written, contract.span)
            return
        if matches(written, self.current.type.shape):
            return
        self._contract_broken(contract, written, self.current)
        self._go_on_with(written, contract.span)

    def _go_on_with(self, written: tuple[int | None, ...], span: Span) -> None:
        """The asserted shape, so that what follows is checked as the author thinks of it."""
        shape = tuple(extent for extent in written if extent is not None)
        self.current = None
        if len(shape) == len(written):
            self.current = Value(TensorType(shape))
            self._spans[self.current] = span

    def _contract_broken(self, contract: ast.Contract, written: tuple[int | None, ...], value: Value) -> None:
        shape = format_shape(value.type.shape)
        node = self.nodes[-1] if self.nodes and self.nodes[-1].output is value else None
        origin = self._spans.get(value)
        fix = Fix(f"assert `{shape}`", (Edit(contract.span, shape),), False)
        self._report(
            Diagnostic(
                shapes.CONTRACT_BROKEN,
                f"the shape here is {shape}, not {format_shape(written)}",
                Label(contract.span, f"asserts {format_shape(written)}"),
                (Label(origin, f"gives {shape}"),) if origin else (),
                notes=self._formulas(node),
                help=(f"change the layer, or assert `-> {shape}`",),
                fixes=(fix,),
            )
        )

    def _formulas(self, node: Node | None) -> tuple[str, ...]:
        """The formulas of the last layer that had any: a shape is explained by the window that made it."""
        for earlier in reversed(self.nodes if node is not None else []):
            formulas = earlier.operator.formulas(*earlier.input_types)
            if formulas:
                return tuple(f"`{earlier.span.text}`: {formula}" for formula in formulas)
        return ()

    _RULES: ClassVar[dict[type, Callable[[NetworkElaborator, ast.Statement, Any, dict[str, Any], Scope], None]]] = {
        ast.Call: _call,
        ast.Let: _let,
        ast.If: _if,
        ast.Repeat: _repeat,
        ast.For: _for,
        ast.Residual: _unsupported,
        ast.Error: _broken,
    }


_STRUCTURES = ("from", "split", "concat", "add", "mul", "branch", "head", "identity")


def _valid_label(text: str) -> bool:
    return bool(text) and all(char.isascii() and (char.isalnum() or char in "_-") for char in text)


def parameter_names(parameters: Iterable[ast.Parameter]) -> list[str]:
    """The names of the parameters of a network."""
    return [parameter.name.text for parameter in parameters]
