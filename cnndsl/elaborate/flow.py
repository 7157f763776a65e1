"""The words that say how values flow: input, seq, from, split, joins of branches, heads."""

from __future__ import annotations

from typing import ClassVar

from .. import problems
from ..attributes import Choice, Declared, Number, attribute
from ..ir import Block, Head, Value, join_path
from ..ops import OPERATORS, TensorType
from ..record import Record
from ..syntax import ast
from .evaluate import EvaluationError, evaluate, evaluate_argument
from .scope import Place, Scope
from .shapes import written_shape
from .state import State, structure
from .statements import chosen_body, rounds
from .values import SEVERAL, Current, ValueReference

_CONTENTS = ("float", "token")


class _InputSettings(Declared):
    """What an ``input`` is given besides its shape."""

    name: ClassVar = "input"
    of: str = attribute("what it holds", Choice(*_CONTENTS), default="float")


@structure("input")
def input_(state: State, statement: ast.Statement, action: ast.Call, place: Place) -> None:
    """``input 1x32x32``, once, before all layers; ``of=token`` for whole numbers."""
    if not place.top and state.started and state.input is None:
        return  # of a block that is called where there is no input, which has been reported
    if not place.top or state.input is not None:
        state.report(problems.SecondInput(action.span))
        return
    state.started = True
    state.require_bare(statement, contract=True)
    by_place = tuple(argument for argument in action.arguments if argument.name is None)
    if len(by_place) != 1 or action.body is not None:
        state.report(problems.InputNeedsShape(action.span, action))
        place.scope.values.update({item.name.text: None for item in action.arguments if item.name is not None})
        return
    named = tuple(argument for argument in action.arguments if argument.name is not None)
    _require_contents(named, place)
    bound = state.bind(_InputSettings, action.word, named, place)
    written = written_shape(by_place[0].value, place.variables)
    shape = state.extents(written, by_place[0].span)
    if bound is not None:
        state.input = state.current = Value(TensorType(shape, bound.value.of))
        state.anchors[state.input] = action.span
        place.variables["in_channels"] = shape[0]


def _require_contents(arguments: tuple[ast.Argument, ...], place: Place) -> None:
    for argument in arguments:
        value = evaluate_argument(argument.value, place.variables)
        if argument.name is not None and argument.name.text == "of" and value not in _CONTENTS:
            raise EvaluationError(problems.WrongValue(argument.value.span, "float or token", value, argument.value))


@structure("seq")
def seq(state: State, statement: ast.Statement, action: ast.Call, place: Place) -> None:
    """``seq { ... }``: a sequence with a scope of its own."""
    scope = Scope(state.path(statement, place), place.scope)
    body = _body_of(state, action)
    if body is not None:
        state.body(body, place.inner(scope, Block("", scope.path, {}, statement.span, place.block)))


def _body_of(state: State, action: ast.Call) -> ast.Body | None:
    """The body of a structure that takes one and nothing else."""
    if action.body is None:
        state.report(problems.NeedsBody(action.word.span, action))
        state.current = None
    elif action.arguments:
        state.report(problems.BodyOnly(action.arguments[0].span, action))
    return action.body


@structure("from")
def from_(state: State, statement: ast.Statement, action: ast.Call, place: Place) -> None:
    """``from enc1``: go on from a named value."""
    state.require_bare(statement, contract=True)
    state.current = None
    if len(action.arguments) != 1 or action.arguments[0].name or action.body:
        state.report(problems.FromNeedsName(action.span, action))
    else:
        state.current = _value(action.arguments[0].value, place)


def _value(expression: ast.Expression, place: Place) -> Value | None:
    """The value that an expression names.

    Raises:
        EvaluationError: If it names none.
    """
    if isinstance(expression, ast.Variable) and place.variables.get(expression.name) is None:
        found, value = place.scope.find(expression.name)
        if not found and place.scope.ambiguous:
            raise EvaluationError(None)
        if not found:
            raise EvaluationError(problems.UnknownValue(expression.span, expression.name, place.scope.visible()))
        return value
    meaning = evaluate(expression, place.variables)
    if not isinstance(meaning, ValueReference):
        raise EvaluationError(problems.WrongValue(expression.span, "the name of a value", meaning, expression))
    return meaning.value


@structure("split")
def split(state: State, statement: ast.Statement, action: ast.Call, place: Place) -> None:
    """``left, right: split 2``: several outputs, each with a label, and no current value."""
    source = state.take_current(action.word)
    bound = state.bind(OPERATORS["split"], action.word, action.arguments, place)
    paths = [state.labelled(label, place, counts=False) for label in statement.labels]
    node = None
    if bound is not None and source is not None:
        path = paths[0] if paths else place.scope.path
        node = state.add(bound.value, (source,), path, action, place, bound.spans)
    values: tuple[Value | None, ...] = (None,) * len(paths) if node is None else node.outputs
    if len(values) != len(paths):
        state.report(problems.PartsNeedLabels(action.span, action, len(values), len(paths)))
        values, node = (None,) * len(paths), None
    for label, path, value in zip(statement.labels, paths, values, strict=True):
        state.name(label, value, place)
        if value is not None:
            value.name = path.rpartition(".")[2]
    state.current = None if node is None else SEVERAL


@structure("concat", "add", "mul")
def join(state: State, statement: ast.Statement, action: ast.Call, place: Place) -> None:
    """``concat { branch ... }`` or ``concat enc1``; ``add`` and ``mul`` alike."""
    attributes = tuple(argument for argument in action.arguments if argument.name)
    names = tuple(argument for argument in action.arguments if not argument.name)
    inner = place
    if action.body is None:
        values = _named_values(state, action, names, place)
    else:
        if names:
            state.report(problems.NamesAndBranches(names[0].span, action))
        inner = state.inside(statement, place)
        values = _branches(state, action.body, inner)
    bound = state.bind(OPERATORS[action.word.text], action.word, attributes, place)
    state.current = None
    known = tuple(value for value in values if value is not None)
    if bound is None or len(known) < len(values):
        return
    if len(known) < 2:
        state.report(problems.TooFewValues(action.word.span, action))
        return
    node = state.add(bound.value, known, inner.scope.path, action, inner, bound.spans)
    state.current = node.output if node else None


def _named_values(state: State, action: ast.Call, names: tuple[ast.Argument, ...], place: Place) -> list[Value | None]:
    """The current value and those named."""
    values = [] if state.current is SEVERAL else [state.take_current(action.word)]
    for argument in names:
        try:
            values.append(_value(argument.value, place))
        except EvaluationError as error:
            state.report(error.problem)
            values.append(None)
    return values


def _branches(state: State, body: ast.Body, place: Place) -> list[Value | None]:
    """The values at the ends of the branches in some braces."""
    if state.current is not SEVERAL:
        state.require_current(ast.Name(body.span, "branch"))
    values: list[Value | None] = []
    _Branches(state, state.current, values).collect(body, place)
    return values


class _Branches(Record):
    """Walks the braces of a join, where only branches, and what repeats or chooses them, may stand."""

    state: State
    entering: Current
    values: list[Value | None]

    def collect(self, body: ast.Body, place: Place) -> None:
        """Elaborate the branches of some braces."""
        others = tuple(statement for statement in body.statements if not _may_stand_in_join(statement.action))
        if others:
            self.state.report(problems.OnlyBranches(others[0].span, body, others))
            self.values.append(None)
        for statement in body.statements:
            if _may_stand_in_join(statement.action):
                self._statement(statement, statement.action, place)

    def _statement(self, statement: ast.Statement, action: ast.Action, place: Place) -> None:
        if isinstance(action, ast.Call):
            self.state.current = self.entering
            self.state.statement(statement, place, _branch)
            self.values.append(self.state.current if isinstance(self.state.current, Value) else None)
        elif isinstance(action, ast.If):
            inner = self.state.inside(statement, place)
            chosen = chosen_body(action, place.variables)
            if chosen is not None:
                self.collect(chosen, inner)
        elif isinstance(action, ast.For | ast.Repeat):
            for inner in rounds(self.state, statement, action, place):
                self.collect(action.body, inner)
        else:
            self.state.statement(statement, place)
        if isinstance(action, ast.Error):
            self.values.append(None)  # it may have been a branch


def _may_stand_in_join(action: ast.Action) -> bool:
    if isinstance(action, ast.Call):
        return action.word.text == "branch"
    return isinstance(action, ast.If | ast.For | ast.Repeat | ast.Let | ast.Error)


def _branch(state: State, statement: ast.Statement, action: ast.Call, place: Place) -> None:
    inner = state.inside(statement, place)
    body = _body_of(state, action)
    if body is not None:
        state.body(body, inner)
    if state.current is SEVERAL:
        state.report(problems.EmptyBranch(action.word.span, action))
        state.current = None


@structure("branch")
def stray_branch(state: State, statement: ast.Statement, action: ast.Call, place: Place) -> None:
    """A ``branch`` that stands in no join."""
    state.report(problems.StrayBranch(action.word.span, action))
    state.current = None


class _HeadSettings(Declared):
    """What a ``head`` is given."""

    name: ClassVar = "head"
    weight: float = attribute("factor of its loss", Number(0))


@structure("head")
def head(state: State, statement: ast.Statement, action: ast.Call, place: Place) -> None:
    """``head weight=0.3 { ... }``: a side output for training; the current value goes on."""
    entering = state.current
    bound = state.bind(_HeadSettings, action.word, action.arguments, place)
    inner = state.inside(statement, place)
    if action.body is None:
        state.report(problems.NeedsBody(action.word.span, action))
        return
    state.body(action.body, inner)
    if isinstance(state.current, Value) and bound is not None:
        state.heads.append(Head(join_path(inner.scope.path, ""), state.current, bound.value.weight))
    state.current = entering
