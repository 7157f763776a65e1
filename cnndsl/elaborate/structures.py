"""The words that say how values flow: input, seq, from, split, joins of branches, heads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from ..attributes import Declared, Number, attribute, format_value
from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import names
from ..diagnostics.suggest import nearest
from ..ir import Block, Head, Value, join_path
from ..ops import OPERATORS, TensorType
from ..source import Span
from ..syntax import ast
from .control import chosen_body, rounds
from .expressions import UNKNOWN, EvaluationError, evaluate, evaluate_argument, fail
from .place import Place
from .references import NOTHING, ValueReference
from .scope import Scope
from .shapes import written_shape

if TYPE_CHECKING:
    from .network import NetworkElaborator

__all__ = ["STRUCTURE_RULES"]

_Rule = Callable[["NetworkElaborator", ast.Statement, ast.Call, Place], None]


def _input(network: NetworkElaborator, statement: ast.Statement, action: ast.Call, place: Place) -> None:
    """``input 1x32x32``, once, before all layers; ``of=token`` for whole numbers."""
    if network.input is not None or not place.top:
        if network.input is None and network.calls and network.diagnostics.has(names.INPUT_PLACE):
            return  # of a block that is called where there is no input, which has been reported
        message = "`input` stands once, at the top of a network, before all layers"
        network.error(names.INPUT_PLACE, message, action.span, "remove this one")
        return
    network.started = True
    place.variables["in_channels"] = UNKNOWN
    if statement.labels:
        network.error(names.WRONG_PLACE, "an `input` has no label", statement.labels[0].span)
    shapes = [argument for argument in action.arguments if argument.name is None]
    if len(shapes) != 1 or action.body:
        network.error(names.WRONG_VALUE, "`input` takes one shape", action.span, "write `input 1x32x32`, CxHxW")
        return
    dtype = _input_dtype(network, action, place)
    shape = written_shape(shapes[0].value, place.variables)
    extents = network.input_extents(shape, shapes[0].span)
    if extents is None:
        return
    network.input = network.current = Value(TensorType(extents, dtype))
    network.spans[network.input] = action.span
    place.variables["in_channels"] = extents[0]


def _input_dtype(network: NetworkElaborator, action: ast.Call, place: Place) -> str:
    dtype = "float"
    for argument in action.arguments:
        if argument.name is None:
            continue
        if argument.name.text != "of":
            message = f"`input` has no attribute `{argument.name.text}`"
            network.error(names.UNKNOWN_ATTRIBUTE, message, argument.name.span, "it takes a shape, and `of=token`")
            continue
        dtype = evaluate_argument(argument.value, place.variables)
        if dtype not in ("float", "token"):
            meant = nearest(str(dtype), ("float", "token"))
            help_ = (f"did you mean `{meant}`?",) if meant else ()
            message = f"expected float or token, found {format_value(dtype)}"
            raise fail(names.WRONG_VALUE, message, argument.value.span, *help_)
    return str(dtype)


def _seq(network: NetworkElaborator, statement: ast.Statement, action: ast.Call, place: Place) -> None:
    """``seq { ... }``: a sequence with a scope of its own."""
    path = network.path(statement, place)
    body = _body_of(network, action)
    if body is not None:
        block = Block("", path, "", statement.span, place.block)
        network.body(body, place.within(block, Scope(path, place.scope)))


def _body_of(network: NetworkElaborator, action: ast.Call) -> ast.Body | None:
    """The body of a structure that takes one and nothing else."""
    word = action.word.text
    if action.body is None:
        network.report(_bodiless(action))
        network.current = None
    elif action.arguments:
        network.error(names.TOO_MANY_ARGUMENTS, f"`{word}` takes a body and nothing else", action.arguments[0].span)
    return action.body


def _bodiless(action: ast.Call) -> Diagnostic:
    """What is wrong with ``branch``, and with ``branch skip`` and ``branch conv 64 1x1``, which lack the braces alone."""
    word = action.word
    found = Diagnostic(names.MISSING_ATTRIBUTE, f"`{word.text}` needs a body", Label(word.span))
    if not action.arguments or not isinstance(action.arguments[0].value, ast.Variable):
        return found.replace(help=(f"write `{word.text} {{ ... }}`",))
    inside = Span(word.span.source, action.arguments[0].span.start, action.arguments[-1].span.end)
    is_layer = action.arguments[0].span.text in OPERATORS
    text = f"{{ {inside.text} }}" if is_layer or word.text != "branch" else f"{{ from {inside.text} }}"
    fix = Fix(f"write `{text}`", (Edit(inside, text),), is_layer or len(action.arguments) == 1)
    return found.replace(help=(f"write `{word.text} {text}`",), fixes=(fix,))


def _from(network: NetworkElaborator, statement: ast.Statement, action: ast.Call, place: Place) -> None:
    """``from enc1``: go on from a named value."""
    if statement.labels:
        network.error(names.WRONG_PLACE, "`from` makes no value to name", statement.labels[0].span)
    if len(action.arguments) != 1 or action.arguments[0].name or action.body:
        network.current = None
        network.error(names.WRONG_VALUE, "`from` takes the name of one value", action.span, "write `from enc1`")
        return
    network.current = _value(network, action.arguments[0].value, place)


def _value(network: NetworkElaborator, expression: ast.Expression, place: Place) -> Value | None:
    """The value that an expression names.

    Raises:
        EvaluationError: If it names none.
    """
    meaning = place.variables.get(expression.name) if isinstance(expression, ast.Variable) else None
    if isinstance(expression, ast.Variable) and meaning is None:
        found, value = place.scope.find(expression.name)
        if found:
            return value
        raise place.unknown_value(expression.name, expression.span)
    if meaning is None:
        meaning = evaluate(expression, place.variables)
    if meaning is UNKNOWN:
        raise EvaluationError(None)
    if isinstance(meaning, ValueReference):
        return meaning.value
    before = network.nodes[-1].output if network.nodes else None
    raise EvaluationError(
        _no_value(expression, meaning, [place.scope.find(name)[1] is not before for name in _listed(expression)])
    )


def _listed(expression: ast.Expression) -> list[str]:
    """The names in ``[a, b]``, ``(a, b)`` and ``"a"``; none if something else stands there."""
    if not isinstance(expression, ast.List | ast.Tuple | ast.String):
        return []
    items = (expression,) if isinstance(expression, ast.String) else expression.items
    found = [
        item.name if isinstance(item, ast.Variable) else item.value
        for item in items
        if isinstance(item, ast.Variable | ast.String)
    ]
    return found if len(found) == len(items) and all(map(str.isidentifier, found)) else []


def _no_value(expression: ast.Expression, meaning: Any, others: list[bool]) -> Diagnostic:
    """What is wrong with ``[a, b]`` or ``"a"`` where names stand bare; ``others`` are not the value before anyway."""
    message = f"expected the name of a value, found {format_value(meaning)}"
    found = Diagnostic(names.WRONG_VALUE, message, Label(expression.span))
    listed = _listed(expression)
    kept = [name for name, other in zip(listed, others, strict=True) if other]
    if not kept:
        return found
    written = " ".join(kept)
    without = "quotes" if isinstance(expression, ast.String) else "brackets and commas" if listed[1:] else "brackets"
    notes = ("the value before is joined without being named",) if len(kept) < len(listed) else ()
    fix = Fix(f"write `{written}`", (Edit(expression.span, written),), len(kept) == 1)
    return found.replace(notes=notes, help=(f"write `{written}` without {without}",), fixes=(fix,))


def _split(network: NetworkElaborator, statement: ast.Statement, action: ast.Call, place: Place) -> None:
    """``left, right: split 2``: several outputs, each with a label, and no current value."""
    source = network.take_current(action.word)
    bound = network.bind(OPERATORS["split"], action.word, action.arguments, place)
    paths = [network.labelled(label, place, counts=False) for label in statement.labels]
    node = None
    if bound is not None and source is not None:
        path = paths[0] if paths else place.scope.path
        node = network.apply_all(bound.value, (source,), path, action, place, bound.spans)
    values = node.outputs if node is not None else (None,) * len(paths)
    if len(values) != len(paths):
        example = ", ".join(f"part{index + 1}" for index in range(min(len(values), 4)))
        help_ = f"write `{example}{', ...' if len(values) > 4 else ''}: split {len(values)}`"
        message = f"each of the {len(values)} parts needs a label, and there {_are(len(paths))}"
        network.error(names.WRONG_VALUE, message, action.span, help_)
        values, node = (None,) * len(paths), None
        place.scope.duplicated.update(label.text for label in statement.labels)  # so no name is missing behind it
    for label, value in zip(statement.labels, values, strict=True):
        place.scope.values[label.text] = value
    network.current = NOTHING if node is not None else None


def _are(count: int) -> str:
    return "is one" if count == 1 else f"are {count or 'none'}"


def _join(network: NetworkElaborator, statement: ast.Statement, action: ast.Call, place: Place) -> None:
    """``concat { branch ... }`` or ``concat enc1``; ``add`` and ``mul`` alike."""
    if action.body is None:
        values, attributes = _named_values(network, action, place)
        inner = place
    else:
        attributes = tuple(argument for argument in action.arguments if argument.name)
        extra = [argument for argument in action.arguments if not argument.name]
        if extra:
            message = f"`{action.word.text}` takes names or branches, not both"
            network.error(names.TOO_MANY_ARGUMENTS, message, extra[0].span)
        inner = network.inner_scope(statement, place)
        values = _branches(network, action.body, inner)
    bound = network.bind(OPERATORS[action.word.text], action.word, attributes, place)
    network.current = None
    if bound is None or None in values:
        network.failed = True
        return
    known = tuple(value for value in values if value is not None)
    if len(known) < 2:
        word = action.word.text
        help_ = f"put each `branch {{ ... }}` on a line of its own inside the braces, or name a value: `{word} enc1`"
        network.error(names.WRONG_VALUE, f"`{word}` joins at least two values", action.word.span, help_)
        return
    network.current = network.apply(bound.value, known, inner.scope.path, action, inner, bound.spans)


def _named_values(
    network: NetworkElaborator, action: ast.Call, place: Place
) -> tuple[list[Value | None], tuple[ast.Argument, ...]]:
    """The current value and those named, and what is left of the arguments."""
    values: list[Value | None] = []
    if network.current is not NOTHING:
        values.append(network.take_current(action.word))
    attributes = []
    for argument in action.arguments:
        if argument.name:
            attributes.append(argument)
            continue
        try:
            values.append(_value(network, argument.value, place))
        except EvaluationError as error:
            network.report(error.diagnostic)
            values.append(None)
    return values, tuple(attributes)


def _branches(network: NetworkElaborator, body: ast.Body, place: Place) -> list[Value | None]:
    """The values at the ends of the branches in some braces."""
    entering = network.current
    if not network.started:
        network.take_current(ast.Name(body.span, "branch"))
    values: list[Value | None] = []
    collector = _BranchCollector(network, values, entering)
    collector.collect(body, place)
    return values


def _no_branches(body: ast.Body, place: Place) -> Diagnostic:
    """What is wrong with the braces of a join that hold other statements than branches, with the edit for all of them."""
    structures = (ast.If, ast.For, ast.Repeat, ast.Let, ast.Error)
    others = [
        statement
        for statement in body.statements
        if not isinstance(statement.action, structures)
        and not (isinstance(statement.action, ast.Call) and statement.action.word.text == "branch")
    ]
    message = "only branches stand in the braces of a join"
    found = Diagnostic(
        names.WRONG_PLACE, message, Label(others[0].span), tuple(Label(each.span) for each in others[1:])
    )
    listed = body.span.text.strip("{} \t\r\n").split()
    if len(others) == len(body.statements) and all(place.scope.find(word)[0] for word in listed):
        written = " ".join(listed)
        start = len(body.span.source.text[: body.span.start].rstrip(" \t"))
        whole = Span(body.span.source, start, body.span.end)
        fix = Fix(f"write `{written}` without braces", (Edit(whole, f" {written}"),), True)
        return found.replace(help=(f"values that are named stand without braces: `{written}`",), fixes=(fix,))
    one_a_line = "|" not in body.span.text
    edits = tuple(Edit(each.span, f"branch {{ {_inside(each)} }}") for each in others)
    fix = Fix("write `branch { ... }` around each", edits, one_a_line)
    return found.replace(help=("write `branch { ... }` around each",), fixes=(fix,))


def _inside(statement: ast.Statement) -> str:
    """The text of a statement, without a label that says `branch`."""
    labelled = statement.labels and statement.labels[0].text == "branch"
    return statement.action.span.text if labelled else statement.span.text


class _BranchCollector:
    """Walks the braces of a join, where only branches, and what repeats or chooses them, may stand."""

    def __init__(self, network: NetworkElaborator, values: list[Value | None], entering: Any) -> None:
        self.network = network
        self.values = values
        self.entering = entering

    def collect(self, body: ast.Body, place: Place) -> None:
        for statement in body.statements:
            action = statement.action
            if isinstance(action, ast.Call) and action.word.text == "branch":
                self._branch(statement, action, place)
            elif isinstance(action, ast.If | ast.For | ast.Repeat | ast.Let | ast.Error):
                self._structure(statement, action, place)
            else:
                if None not in self.values:
                    self.network.report(_no_branches(body, place))
                self.values.append(None)

    def _branch(self, statement: ast.Statement, action: ast.Call, place: Place) -> None:
        self.network.current = self.entering
        inner = self.network.inner_scope(statement, place)
        body = _body_of(self.network, action)
        if body is not None:
            self.network.body(body, inner)
        if statement.contract is not None:
            self.network.check_contract(statement.contract, place)
        self.network.name_output(statement, place)
        current = self.network.current
        if current is NOTHING:
            message = "this branch has no value to join"
            self.network.error(names.WRONG_PLACE, message, action.word.span, "begin it with `from`")
        self.values.append(current if isinstance(current, Value) else None)

    def _structure(self, statement: ast.Statement, action: Any, place: Place) -> None:
        if isinstance(action, ast.If):
            inner = self.network.inner_scope(statement, place)
            chosen = chosen_body(action, place)
            if chosen is not None:
                self.collect(chosen, inner)
        elif isinstance(action, ast.For | ast.Repeat):
            for body_place in rounds(self.network, statement, action, place):
                self.collect(action.body, body_place)
        else:
            self.network.statement(statement, place)
        if isinstance(action, ast.Error):
            self.values.append(None)  # it may have been a branch


def _stray_branch(network: NetworkElaborator, statement: ast.Statement, action: ast.Call, place: Place) -> None:
    message = "a `branch` stands in the braces of `concat`, `add` or `mul`"
    network.error(names.WRONG_PLACE, message, action.word.span, "put `concat { }` around the branches")
    network.current = None


class _HeadSettings(Declared):
    """What a ``head`` is given."""

    name: ClassVar = "head"
    weight: float = attribute("factor of its loss", Number(0))


def _head(network: NetworkElaborator, statement: ast.Statement, action: ast.Call, place: Place) -> None:
    """``head weight=0.3 { ... }``: a side output for training; the current value goes on."""
    entering = network.current
    bound = network.bind(_HeadSettings, action.word, action.arguments, place)
    inner = network.inner_scope(statement, place)
    if action.body is None:
        help_ = "write `head weight=0.3 { ... }`"
        network.error(names.MISSING_ATTRIBUTE, "`head` needs a body", action.word.span, help_)
        return
    network.body(action.body, inner)
    if isinstance(network.current, Value) and bound is not None:
        network.heads.append(Head(join_path(inner.scope.path, ""), network.current, bound.value.weight))
    network.current = entering


STRUCTURE_RULES: dict[str, _Rule] = {
    "input": _input,
    "seq": _seq,
    "from": _from,
    "split": _split,
    "concat": _join,
    "add": _join,
    "mul": _join,
    "branch": _stray_branch,
    "head": _head,
}
