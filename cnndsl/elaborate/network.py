"""One network from its syntax tree: names resolved, arguments bound, every shape inferred as its layer is met.

One mistake gives one error. After a layer that failed, the current value is unknown and only what does not depend on it is
checked; after a broken contract, the shape that it asserts goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from ..attributes import LARGEST, Declared
from ..diagnostics import Diagnostic, Diagnostics, Edit
from ..diagnostics.kinds import limits, names, shapes
from ..ir import Block, Graph, Head, Node, Value
from ..ops import Operator, OperatorError, Shape, TensorType, format_shape
from ..ops.extent import Undecided, free_shape, is_above, is_free
from ..source import Span
from ..syntax import ast
from .bind import Bound, bind
from .calls import call
from .contracts import check_contract
from .control import broken, expect, if_, let, loop
from .counting import count_expansion
from .expressions import UNKNOWN, EvaluationError
from .labels import label_text
from .limits import MAX_OPERATORS, MAX_PARAMETERS, MAX_STATEMENTS
from .misplaced import input_first
from .place import Place
from .references import NOTHING, BlockReference, Current, Library
from .refusals import refusal
from .reporting import Reporter, Stop
from .residual import residual
from .scope import Scope
from .shapes import matches
from .steps import take_steps

__all__ = ["NetworkElaborator"]

_LAYER_STEPS = 8
_OF_VALUES = (names.WRONG_VALUE, names.OUT_OF_RANGE, names.BAD_EXPRESSION, names.UNKNOWN_LAYER, names.UNKNOWN_NAME)

_D = TypeVar("_D", bound=Declared)


class NetworkElaborator(Reporter):
    """Walks one network's body once, with fixed parameters, and collects nodes and diagnostics."""

    def __init__(
        self,
        network: ast.Definition,
        settings: Mapping[str, Any],
        library: Library,
        diagnostics: Diagnostics,
        input_shape: Shape | None = None,
        given: Mapping[str, Span] | None = None,
    ) -> None:
        super().__init__(network, settings, diagnostics, given or {})
        self.library = library
        self.input_shape = input_shape
        self.nodes: list[Node] = []
        self.heads: list[Head] = []
        self.expectations: list[ast.Expect] = []
        self.input: Value | None = None
        self.current: Current = None
        self.started = False
        self.spans: dict[Value, Span] = {}
        self.makers: dict[Value, Node] = {}
        self.asserted: set[Value] = set()
        self.actual: dict[Value, TensorType] = {}
        """What is really there behind a broken contract, for values whose type is what the contract asserts."""
        self.suggested: set[tuple[Edit, ...]] = set()
        """What broken contracts have been told to change: a contract that needs the same has the same mistake."""
        self.flattened_early = False
        self.uses: dict[Block, tuple[ast.Call, BlockReference]] = {}
        self.place: Place | None = None
        """Where the last statement that was begun stands."""
        self.blamed: set[tuple[int, str]] = set()
        """Parameters whose values are known to be wrong, by the calls that give them."""
        self._statements = 0
        self._mistaken: set[int] = set()

    def run(self) -> Graph | None:
        """The graph, or None if a mistake was reported."""
        try:
            self._walk()
        except Stop:
            return None
        except RecursionError:
            self.error(limits.TOO_DEEP, "statements are nested too deeply", self.network.name.span)
            return None
        if self.failed or self.input is None or not isinstance(self.current, Value):
            return None
        name, doc = self.network.name.text, self.network.doc
        graph = Graph(name, self.input, tuple(self.nodes), self.current, self.settings, doc, tuple(self.heads))
        return self.within_limits(graph)

    def _walk(self) -> None:
        place = Place(dict(self.settings), Scope(), self.library, top=True)
        counted = count_expansion(self.network.body, place)
        if counted.operators > MAX_OPERATORS:
            self.stop(f"the network expands to {_many(counted.operators)} operators", self.network.name.span)
        if counted.statements > MAX_STATEMENTS:
            self.stop(f"the network expands to {_many(counted.statements)} statements", self.network.name.span)
        self.body(input_first(self, self.network.body), place)
        if not self.started and not self.failed:
            message = f"network `{self.network.name.text}` has no `input`"
            self.error(names.INPUT_PLACE, message, self.network.name.span, "begin its body with `input 1x32x32`")
        elif self.current is NOTHING:
            message = f"network `{self.network.name.text}` ends in a `split` and so has no output"
            last = self.network.body.statements[-1].action.span
            self.error(names.WRONG_PLACE, message, last, "choose one of its parts with `from`, or join them")

    def within_limits(self, graph: Graph) -> Graph | None:
        """The graph, or None and an error if it has too many parameters."""
        if graph.parameter_count <= MAX_PARAMETERS:
            return graph
        message = f"the network has {graph.parameter_count:,} parameters, and the limit is {MAX_PARAMETERS:,}"
        self.error(limits.TOO_MANY_PARAMETERS, message, self.network.name.span)
        return None

    def report(self, diagnostic: Diagnostic | None) -> None:
        """Report a mistake: that of a value where the value is written, however often it is used."""
        if diagnostic is not None and diagnostic.kind in _OF_VALUES:
            from .blame import cause  # what only a wrong value needs

            found = cause(self, diagnostic)
            if found is not None:
                self.failed = True
                if found.key not in self.blamed:
                    self.blamed.add(found.key)
                    self.diagnostics.report(found.diagnostic)
                return
        super().report(diagnostic)

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
        if self.diagnostics.is_full:
            raise Stop
        take_steps(4 + len(place.variables) // 32, statement.span)  # braces copy the variables that they see
        failed, self.failed = self.failed, False
        self.place = place
        if self.was_mistaken(statement):
            self._leave_out(statement, place)
        else:
            self._elaborate(statement, place)
        if self.failed:
            self._mistaken.add(id(statement))
        self.failed |= failed
        if self.started:  # with an `input` that failed, or with an error in place of one
            place.variables.setdefault("in_channels", UNKNOWN)

    def was_mistaken(self, statement: ast.Statement) -> bool:
        """Whether a statement was found wrong, here or in another round of a loop."""
        return id(statement) in self._mistaken

    def _elaborate(self, statement: ast.Statement, place: Place) -> None:
        if isinstance(statement.action, ast.Let | ast.Expect):
            statement = self._bare(statement)
        try:
            _RULES[type(statement.action)](self, statement, statement.action, place)
        except EvaluationError as error:
            self.report(error.diagnostic)
            self.current = None
        except Undecided:
            self.undecided(statement.action.span.first_word)
            self.current = None
        if statement.contract is not None:
            made = self.current
            self.check_contract(statement.contract, place)
            if made is not self.current and isinstance(made, Value):  # a label names what is asserted, too
                self.name_output(statement, place)

    def _leave_out(self, statement: ast.Statement, place: Place) -> None:
        """A statement that was found wrong before, in another round of a loop: what it makes is not known."""
        defined = (
            [name.text for name in statement.action.pattern.names] if isinstance(statement.action, ast.Let) else ()
        )
        action = ast.Error(statement.action.span, tuple(defined))
        self._elaborate(statement.replace(action=action), place)

    def _bare(self, statement: ast.Statement) -> ast.Statement:
        """A statement that makes no value, without the label and the contract that it may not have."""
        word = statement.action.span.first_word.text
        for part, what in ((statement.labels and statement.labels[0], "label"), (statement.contract, "contract")):
            if part:
                self.error(names.WRONG_PLACE, f"`{word}` makes no value and has no {what}", part.span)
        return statement.replace(labels=(), contract=None)

    def input_extents(self, written: tuple[int | None, ...], span: Span) -> Shape | None:
        """The extents of the input, or None and an error if the shape asked for is not the one written."""
        if self.input_shape is None or matches(written, self.input_shape):
            return self.input_shape or free_shape(written)
        message = f"an input of {format_shape(self.input_shape)} was asked for, and this is {format_shape(written)}"
        free = "x".join([str(written[0]), *("?" for _ in written[1:])])
        self.error(names.UNKNOWN_SETTING, message, span, f"to ask for other sizes, write `input {free}`")
        return None

    def check_contract(self, contract: ast.Contract, place: Place) -> None:
        """Compare the current shape with the one that the author asserts."""
        check_contract(self, contract, place)

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
            known = None if text in place.scope.duplicated else self.current
            place.scope.values[text] = known if isinstance(known, Value) else None

    def bind(
        self, declared: type[_D], word: ast.Name, arguments: tuple[ast.Argument, ...], place: Place
    ) -> Bound[_D] | None:
        """The declared class filled from the arguments of a call, or None if a mistake was reported."""
        found = Diagnostics()
        bound = bind(declared, word, arguments, place.variables, found)
        for item in found.sorted():
            self.report(item)
        self.failed |= bound is None
        return bound

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

    def as_it_is(self, value: Value) -> Value:
        """The value, or behind a broken contract one of the shape that is really there."""
        type_ = self.actual.get(value)
        if type_ is None:
            return value
        real = Value(type_)
        if value in self.spans:
            self.spans[real] = self.spans[value]
        return real

    def _follow(self, operator: Operator, inputs: tuple[Value, ...], outputs: tuple[Value, ...]) -> None:
        """Keep what is really there along with what a broken contract made of it."""
        if self.actual.keys().isdisjoint(inputs):
            return
        try:
            _, types = _inferred(operator, [self.actual.get(value, value.type) for value in inputs])
        except (OperatorError, Undecided):
            return
        self.actual.update(zip(outputs, types, strict=True))

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
        try:
            resolved, types = _inferred(operator, [value.type for value in inputs])
        except OperatorError as error:
            really = tuple(map(self.as_it_is, inputs))
            if really != inputs and _suits(operator, really):  # the contract was wrong, which has been reported
                return self.apply_all(operator, really, path, action, place, spans)
            self.flattened_early |= error.kind is shapes.WRONG_RANK and len(inputs[0].type.shape) == 1
            self.report_made(partial(refusal, self, operator, error, action, spans or {}, inputs, place))
            return None
        outputs = tuple(map(Value, types))
        node = Node(path, resolved, inputs, outputs, action.span, spans, place.block)
        if any(is_above(extent, LARGEST) for value in outputs for extent in value.type.shape):
            message = f"an extent of {node.output.type} is larger than {LARGEST}"
            self.error(limits.EXTENT_TOO_LARGE, message, action.span)
            return None
        take_steps(_LAYER_STEPS, action.span)
        self.nodes.append(node)
        self.spans.update(dict.fromkeys(outputs, action.span))
        self.makers.update(dict.fromkeys(outputs, node))
        if self.actual:
            self._follow(operator, inputs, outputs)
        if len(self.nodes) > MAX_OPERATORS:
            self.stop(f"the network has more than {MAX_OPERATORS:,} operators", node.span)
        return node


def _inferred(operator: Operator, types: Sequence[TensorType]) -> tuple[Operator, tuple[TensorType, ...]]:
    """An operator resolved for its inputs, and the types of its outputs.

    Raises:
        OperatorError: If it refuses the inputs.
        Undecided: If the size of one of its tensors depends on a free input.
    """
    resolved = operator.resolve(*types)
    outputs = resolved.outputs(*types)
    if any(is_free(type_.shape) for type_ in types):
        resolved.parameters(*types)
    return resolved, outputs


def _suits(operator: Operator, inputs: tuple[Value, ...]) -> bool:
    try:
        _inferred(operator, [value.type for value in inputs])
    except (OperatorError, Undecided):
        return False
    return True


def _many(count: int) -> str:
    return f"{count:,}" if count < 10**15 else "far too many"


_RULES: dict[type, Callable[[NetworkElaborator, ast.Statement, Any, Place], None]] = {
    ast.Call: call,
    ast.Let: let,
    ast.If: if_,
    ast.Repeat: loop,
    ast.For: loop,
    ast.Residual: residual,
    ast.Expect: expect,
    ast.Error: broken,
}
