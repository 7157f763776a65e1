"""The ways to read one argument of a call. To teach another one, write a function and put it into the table at the end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ..attributes import Boolean, Word, format_value
from ..diagnostics import Edit
from ..diagnostics.kinds import names
from ..ops import OPERATORS
from ..problems import Target, listed
from ..source import Span
from ..syntax import ast
from .arguments import CHANGED, DISORDER, DROPPED, LEFT_WRONG, NAMED, SLIGHT, Call, Reading, Step, read
from .context import Context
from .edits import insertion, removed
from .foreign import LEFT_OUT, activation_meant
from .values import accepts, spelt

__all__ = ["read_call", "twice", "word_of"]

_BY_NAME = "a value follows its name after `=`"
_HARMLESS = ("inplace", "device")
_ALWAYS = ("track_running_stats", "trainable")


def read_call(word: ast.Name, target: Target, arguments: tuple[ast.Argument, ...], context: Context) -> Reading | None:
    """What the arguments of a call were meant for; None if there are too many to try."""
    return read(Call(word, target, arguments, context), _steps)


def _steps(call: Call, index: int) -> Iterator[Step]:
    for way in _OF_NAMED if call.arguments[index].name is not None else _OF_BARE:
        yield from way(call, index)
    yield Step(1, "", LEFT_WRONG, certain=False)


# Arguments without a name


def _to_a_place(call: Call, index: int) -> Iterator[Step]:
    """To one of the places, or by name to what has none: ``conv 64 3x3 2``."""
    span, sure = call.arguments[index].span, isinstance(call.values[index], Word)
    why = f"only {listed(call.places)} may go without a name" if call.places and not sure else _BY_NAME
    for order, name in enumerate(call.names):
        if name in call.places:
            yield from call.give(index, Step(1, name, by_place=True))
        else:
            edit = Edit(span, f"{call.short(name)}={span.text}")
            yield from call.give(index, Step(1, name, NAMED + order, (edit,), why, certain=sure))


def _after_its_name(call: Call, index: int) -> Iterator[Step]:
    """``stride 2``, ``nesterov``."""
    span, name = call.arguments[index].span, call.named(_bare_word(call, index))
    following = call.arguments[index + 1] if len(call.arguments) > index + 1 else None
    if name is not None and isinstance(call.type(name), Boolean):
        yield Step(1, name, SLIGHT, (Edit(span, f"{name}=true"),), _BY_NAME)
    elif name is not None and following is not None and following.name is None:
        edit = Edit(span.to(following.span), f"{call.short(name)}={following.span.text}")
        for step in call.give(index + 1, Step(1, name, SLIGHT, (edit,), _BY_NAME)):
            yield step.replace(count=2)


def _joined_to_its_name(call: Call, index: int) -> Iterator[Step]:
    """``s2``, ``pad1``, ``padsame``, ``biasfalse``."""
    word, span = _bare_word(call, index), call.arguments[index].span
    for length in range(len(word) - 1, 0, -1):
        name, value = call.named(word[:length].rstrip("_")), spelt(word[length:])
        type_ = call.type(name) if name else None
        if name and (not isinstance(value, Word) if type_ is None else accepts(type_, value)):
            yield Step(1, name, SLIGHT, (Edit(span, f"{call.short(name)}={word[length:]}"),), _BY_NAME)


def _doubled(call: Call, index: int) -> Iterator[Step]:
    """``conv conv 64 3x3``, ``pad=1 1``, ``pad pad=1``: what stands twice, one after the other."""
    again = twice(call.word.span, call.arguments)
    if again == call.arguments[index].span:
        yield Step(1, "", SLIGHT, (removed(again),), f"`{again.text}` stands here twice")


def twice(word: Span, arguments: tuple[ast.Argument, ...]) -> Span | None:
    """The word or argument of a call that stands there once more, as a whole or without its name or value."""
    for before, after in pairwise([word, *(argument.span for argument in arguments)]):
        if after.text in (before.text, before.text.rpartition("=")[2]):
            return after
        if before != word and before.text == after.text.partition("=")[0]:
            return before
    return None


def _next_layer(call: Call, index: int) -> Iterator[Step]:
    """``conv 64 3x3 relu``."""
    word = _bare_word(call, index)
    if word in OPERATORS and call.is_layer:
        edit = Edit(call.arguments[index].span, f"| {word}")
        yield Step(len(call.arguments) - index, "", DISORDER, (edit,), f"`{word}` is the next layer")


def _value_before(call: Call, index: int) -> Iterator[Step]:
    """``conv skip 64 3x3``."""
    name = _bare_word(call, index)
    if not call.context.is_value(name):
        return
    statement = call.context.tree.of(ast.Statement, call.word.span)
    begin = insertion(statement.span if statement is not None else call.word.span, f"from {name} | ")
    message = f"`{name}` is a value, and a layer works on the value before it"
    why = f"`from {name}` before the layer goes on from it"
    taken = removed(call.arguments[index].span)
    yield Step(1, "", SLIGHT, (begin, taken), why, instead=(names.WRONG_PLACE, message))


def _known_input(call: Call, index: int) -> Iterator[Step]:
    """The channels or features of the value before, which other frameworks want first: ``conv 3 64 3x3``, ``bn 64``."""
    first = call.places[0] if call.places else ""
    if not call.is_layer or index or (first and not first.startswith("out_")):
        return
    same = call.values[index] == _entering(call)
    likely = not first or any(isinstance(value, tuple) for value in call.values[2:])
    cost = SLIGHT if same else NAMED - 1 if likely else DROPPED
    why = f"{f'`in_{first[4:]}` is' if first else 'what it needs is'} known from the value before"
    yield Step(1, "", cost, (removed(call.arguments[index].span),), why, certain=same)


# Arguments with a name


def _to_its_name(call: Call, index: int) -> Iterator[Step]:
    """To what its name says, or was meant to say: ``filters=64``."""
    name = _name(call, index)
    found = call.find(name.text)
    if found is None or not found.offered:
        return
    if call.knows(name.text):
        yield from call.give(index, Step(1, found.text))
    elif name.text not in LEFT_OUT:
        edit = Edit(name.span, call.short(found.text))
        yield from call.give(index, Step(1, found.text, CHANGED, (edit,), certain=found.certain))


def _nothing(call: Call, index: int) -> Iterator[Step]:
    """``stride=None``: what is not wanted is not written."""
    argument, found = call.arguments[index], call.find(_name(call, index).text)
    info = call.attributes.get(found.text) if found is not None else None
    if found is None or info is None or info.required or word_of(argument) not in ("None", "null"):
        return
    why = "leave it out" if info.default is None else f"without it `{found.text}` is {format_value(info.default)}"
    instead = (names.WRONG_VALUE, f"`{found.text}` cannot be `{word_of(argument)}`")
    certain = info.default is None
    yield Step(1, found.text, SLIGHT, (removed(argument.span),), why, certain=certain, instead=instead)


def _said_elsewhere(call: Call, index: int) -> Iterator[Step]:
    """What is known, or said in another way: ``inplace=true``, ``in_channels=3``, ``name="conv1"``, ``activation=relu``."""
    argument, name = call.arguments[index], _name(call, index).text
    text, taken = word_of(argument), removed(argument.span)
    if not call.is_layer or call.knows(name):
        return
    if name in ("activation", "act"):
        yield from _activation(call, taken, activation_meant(text))
    elif name in LEFT_OUT:
        is_so = name in _ALWAYS and argument.value.span.text.lower() == "true"
        sure = name in _HARMLESS or is_so or call.values[index] == _entering(call)
        yield Step(1, "", SLIGHT, (taken,), LEFT_OUT[name].removesuffix(": leave it out"), certain=sure)
    elif name in ("name", "label") and text.isidentifier():
        begin = insertion(call.word.span, f"{text}: ")
        yield Step(1, "", SLIGHT, (begin, taken), "a name stands before its layer")


def _activation(call: Call, taken: Edit, meant: str | None) -> Iterator[Step]:
    if meant is None:
        return
    end, statement = call.arguments[-1].span.end, call.context.tree.of(ast.Statement, call.word.span)
    after = Edit(Span(taken.span.source, end, end), f" | {meant}")
    edits = (taken, after) if meant else (taken,)
    if meant and end == taken.span.end:
        edits = (taken.replace(replacement=after.replacement),)
    sure = statement is None or not statement.labels  # a label would name the output of the activation
    yield Step(1, "", SLIGHT, edits, "an activation is a layer of its own", certain=sure)


_OF_BARE = (
    _to_a_place,
    _after_its_name,
    _joined_to_its_name,
    _doubled,
    _next_layer,
    _value_before,
    _known_input,
)
_OF_NAMED = (_to_its_name, _doubled, _nothing, _said_elsewhere)


# Facts


def _bare_word(call: Call, index: int) -> str:
    """The word that an argument without a name is, and that no variable has; empty if it is none."""
    argument = call.arguments[index]
    word = word_of(argument) if argument.name is None and isinstance(argument.value, ast.Variable) else ""
    return "" if word in call.context.variables else word


def _name(call: Call, index: int) -> ast.Name:
    name = call.arguments[index].name
    assert name is not None
    return name


def word_of(argument: ast.Argument) -> str:
    """The word that the value of an argument is, in quotes or bare; empty if it is something else."""
    value = argument.value
    return value.value if isinstance(value, ast.String) else value.name if isinstance(value, ast.Variable) else ""


def _entering(call: Call) -> int | None:
    """The channels or features of the value that a layer works on, if they are known."""
    value = call.context.entering
    return value.type.shape[0] if value is not None and value.type.shape else None
