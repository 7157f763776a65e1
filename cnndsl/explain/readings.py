"""The ways to read one argument of a call. To teach another one, write a function and put it into the table at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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
from .foreign.names import NOT_SHARED, SHARING
from .values import accepts, spelt

__all__ = ["read_call", "word_of"]

_BY_NAME = "a value follows its name after `=`"
_HARMLESS = ("inplace", "device")
_ALWAYS = ("track_running_stats", "trainable")


def read_call(word: ast.Name, target: Target, arguments: tuple[ast.Argument, ...], context: Context) -> Reading | None:
    """What the arguments of a call were meant for; None if there are too many to try."""
    return read(Call(word, target, arguments, context), _steps)


def _steps(call: Call, index: int) -> Iterator[Step]:
    for way in _OF_NAMED if call.arguments[index].name is not None else _OF_BARE:
        yield from way(call, index)


# Arguments without a name


def _to_a_place(call: Call, index: int) -> Iterator[Step]:
    """To one of the places, or by name to what has none: ``conv 64 3x3 2``."""
    argument, sure = call.arguments[index], isinstance(call.values[index], Word)
    why = f"only {listed(call.places)} may go without a name" if call.places and not sure else _BY_NAME
    for order, name in enumerate(call.types):
        if name in call.places:
            yield from call.give(index, Step(1, name, by_place=True))
        else:
            edit = Edit(argument.span, f"{call.short(name)}={argument.span.text}")
            yield from call.give(index, Step(1, name, NAMED + order, (edit,), why, certain=sure))


def _after_its_name(call: Call, index: int) -> Iterator[Step]:
    """``stride 2``, ``nesterov``, ``nobias``."""
    word, span = _bare_word(call, index), call.arguments[index].span
    off = word.removeprefix("no").removeprefix("_") if word.startswith("no") else ""
    if off in call.types and isinstance(call.types[off], Boolean):
        yield Step(1, off, SLIGHT, (Edit(span, f"{off}=false"),), _BY_NAME)
    name = call.named(word)
    following = call.arguments[index + 1] if len(call.arguments) > index + 1 else None
    if name is None:
        return
    if isinstance(call.types[name], Boolean):
        yield Step(1, name, SLIGHT, (Edit(span, f"{name}=true"),), _BY_NAME)
    elif following is not None and following.name is None:
        edit = Edit(span.to(following.span), f"{call.short(name)}={following.span.text}")
        for step in call.give(index + 1, Step(1, name, SLIGHT, (edit,), _BY_NAME)):
            yield step.replace(count=2)


def _joined_to_its_name(call: Call, index: int) -> Iterator[Step]:
    """``s2``, ``pad1``, ``padsame``, ``biasfalse``."""
    word, span = _bare_word(call, index), call.arguments[index].span
    for length in range(len(word) - 1, 0, -1):
        name, value = call.named(word[:length].rstrip("_")), spelt(word[length:])
        type_ = call.types[name] if name else None
        if name and (not isinstance(value, Word) if type_ is None else accepts(type_, value)):
            yield Step(1, name, SLIGHT, (Edit(span, f"{call.short(name)}={word[length:]}"),), _BY_NAME)


def _size_with_blanks(call: Call, index: int) -> Iterator[Step]:
    """``3 x 3``, ``3 x3``, ``kernel_size=3 x 3``."""
    argument, following = call.arguments[index], call.arguments[index + 1 : index + 3]
    texts = [argument.value.span.text.lower(), *(each.span.text.lower() for each in following if each.name is None)]
    count = 3 if texts[1:2] == ["x"] else 2
    size = "".join(texts[:count])
    if len(texts) < count or not texts[1].startswith("x") or not size.replace("x", "").isdecimal():
        return
    found = call.find(argument.name.text) if argument.name is not None else None
    names = call.places if argument.name is None else [found.name] if found is not None else []
    edit = Edit(argument.value.span.to(call.arguments[index + count - 1].span), size)
    step = Step(count, "", SLIGHT, (edit,), "a size has no blanks", by_place=argument.name is None)
    yield from _as_one(call, names, step, size.split("x"))


def _numbers_of_one(call: Call, index: int) -> Iterator[Step]:
    """``permute 1 2 0``, ``reshape 16 5 5``."""
    texts = [argument.span.text for argument in call.arguments if argument.name is None]
    if index or len(texts) < 2 or not all(map(str.isdecimal, texts)):
        return
    edit = Edit(call.arguments[0].span.to(call.arguments[len(texts) - 1].span), f"({', '.join(texts)})")
    step = Step(len(texts), "", SLIGHT, (edit,), "several numbers stand in parentheses", by_place=True)
    yield from _as_one(call, call.places, step, texts)


def _as_one(call: Call, names: Iterable[str], step: Step, numbers: list[str]) -> Iterator[Step]:
    for name in names:
        type_ = call.types[name]
        if type_ is not None and accepts(type_, tuple(map(int, numbers))):
            yield step.replace(name=name)


def _doubled(call: Call, index: int) -> Iterator[Step]:
    """``conv conv 64 3x3``, ``pad=1 pad=1``, ``lr lr=0.1``: what stands twice, side by side or under one name."""
    argument, text = call.arguments[index], call.arguments[index].span.text
    before = call.arguments[index - 1].span.text.rpartition("=")[2] if index else call.word.text
    following = call.arguments[index + 1].name if index + 1 < len(call.arguments) else None
    again = argument.name is not None and text in [each.span.text for each in call.arguments[:index]]
    if again or (argument.name is None and (text == before or (following is not None and text == following.text))):
        yield Step(1, "", SLIGHT, (removed(argument.span),), f"`{text}` stands here twice")


def _contract(call: Call, index: int) -> Iterator[Step]:
    """``conv 64 3x3 64x30x30``: a shape after a layer is asserted."""
    argument = call.arguments[index]
    if call.is_layer and index == len(call.arguments) - 1 and isinstance(argument.value, ast.Size):
        edit = Edit(argument.span, f"-> {argument.span.text}")
        cost = SLIGHT if len(argument.value.extents) > 2 else DROPPED
        yield Step(1, "", cost, (edit,), "a shape is asserted after `->`")


def _next_layer(call: Call, index: int) -> Iterator[Step]:
    """``conv 64 3x3 relu``."""
    word = _bare_word(call, index)
    if word in OPERATORS and call.is_layer:
        edit = Edit(call.arguments[index].span, f"| {word}")
        yield Step(len(call.arguments) - index, "", DISORDER, (edit,), f"`{word}` is the next layer")


def _other_layer(call: Call, index: int) -> Iterator[Step]:
    """``relu 6``, ``avgpool global``: a layer of its own, which needs nothing that this one needs."""
    word, text = call.word.text, call.arguments[index].span.text
    for joined in (f"{word}{text}", f"{text}_{word}"):
        if joined in OPERATORS and len(call.arguments) == 1:
            edit = Edit(call.word.span.to(call.arguments[index].span), joined)
            cost = SLIGHT - LEFT_WRONG * len(call.required)
            yield Step(1, "", cost, (edit,), f"`{joined}` is a layer of its own")


def _value_before(call: Call, index: int) -> Iterator[Step]:
    """``conv skip 64 3x3``, ``conv 64 3x3 from skip``."""
    word = _bare_word(call, index)
    count = 2 if word in ("from", "on", "of", "with", "input") else 1
    yield from _from(call, index, count, word if count == 1 else _bare_word(call, index + 1))


def _from(call: Call, index: int, count: int, name: str) -> Iterator[Step]:
    place = call.context.place
    if place is None or not name or not place.scope.find(name)[0] or place.library.find(name) is not None:
        return
    statement = call.context.tree.statement(call.word.span)
    begin = insertion(statement.span if statement is not None else call.word.span, f"from {name} | ")
    taken = removed(call.arguments[index].span.to(call.arguments[index + count - 1].span))
    message = f"`{name}` is a value, and a layer works on the value before it"
    why = f"`from {name}` before the layer goes on from it"
    yield Step(count, "", SLIGHT, (begin, taken), why, instead=(names.WRONG_PLACE, message))


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
    if _is_known(call, name.text):
        yield from call.give(index, Step(1, found.name))
    elif name.text not in LEFT_OUT:
        edit = Edit(name.span, call.short(found.name))
        yield from call.give(index, Step(1, found.name, CHANGED, (edit,), "", found.question, found.certain))


def _nothing(call: Call, index: int) -> Iterator[Step]:
    """``stride=None``: what is not wanted is not written."""
    argument, found = call.arguments[index], call.find(_name(call, index).text)
    if argument.value.span.text not in ("None", "null", "nil") or found is None or found.name in call.required:
        return
    default = None if isinstance(call.target, ast.Definition) else call.target.attributes()[found.name].default
    why = "leave it out" if default is None else f"without it `{found.name}` is {format_value(default)}"
    instead = (names.WRONG_VALUE, f"`{found.name}` cannot be `{argument.value.span.text}`")
    yield Step(1, found.name, SLIGHT, (removed(argument.span),), why, certain=default is None, instead=instead)


def _said_elsewhere(call: Call, index: int) -> Iterator[Step]:
    """What is known, or said in another way: ``inplace=true``, ``in_channels=3``, ``name="conv1"``, ``input=skip``."""
    argument, name = call.arguments[index], _name(call, index).text
    text, taken = word_of(argument), removed(argument.span)
    if not call.is_layer or _is_known(call, name):
        return
    if name in LEFT_OUT and name != "activation":
        is_so = name in _ALWAYS and argument.value.span.text.lower() == "true"
        sure = name in _HARMLESS or is_so or call.values[index] == _entering(call)
        yield Step(1, "", SLIGHT, (taken,), LEFT_OUT[name].removesuffix(": leave it out"), certain=sure)
    elif name in ("name", "label", "id") and text.isidentifier():
        begin = insertion(call.word.span, f"{text}: ")
        yield Step(1, "", SLIGHT, (begin, taken), "a name stands before its layer")
    elif name in ("input", "inputs", "x", "from"):
        yield from _from(call, index, 1, text)


def _activation(call: Call, index: int) -> Iterator[Step]:
    """``activation=relu``."""
    argument, name = call.arguments[index], _name(call, index).text
    meant = activation_meant(word_of(argument)) if name in ("activation", "act") and call.is_layer else None
    if meant is None or _is_known(call, name):
        return
    taken, end = removed(argument.span), call.arguments[-1].span.end
    after = Edit(Span(argument.span.source, end, end), f" | {meant}")
    edits = (taken, after) if meant else (taken,)
    if meant and end == argument.span.end:
        edits = (taken.replace(replacement=f" | {meant}"),)
    statement = call.context.tree.statement(call.word.span)
    sure = statement is None or not statement.labels  # a label would name the output of the activation
    yield Step(1, "", SLIGHT, edits, "an activation is a layer of its own", certain=sure)


def _left_wrong(call: Call, index: int) -> Iterator[Step]:
    """Nothing can be said of it."""
    name = call.arguments[index].name
    found = call.find(name.text) if name is not None else None
    taken = f"this is `{found.name}`, which is given already" if found else ""
    label = taken if found is None or found.offered else found.differs or found.question
    given = name.text if name is not None else ""
    label = label or (NOT_SHARED if given in SHARING else LEFT_OUT.get(given, "") if call.is_layer else "")
    yield Step(1, "", LEFT_WRONG, label=label, certain=False)


_OF_BARE = (
    _to_a_place,
    _after_its_name,
    _joined_to_its_name,
    _size_with_blanks,
    _numbers_of_one,
    _doubled,
    _contract,
    _next_layer,
    _other_layer,
    _value_before,
    _known_input,
    _left_wrong,
)
_OF_NAMED = (_to_its_name, _size_with_blanks, _doubled, _nothing, _said_elsewhere, _activation, _left_wrong)


# Facts


def _bare_word(call: Call, index: int) -> str:
    """The word that an argument without a name is, and that no variable has; empty if it is none."""
    argument = call.arguments[index] if index < len(call.arguments) else None
    if argument is None or argument.name is not None or not isinstance(argument.value, ast.Variable):
        return ""
    return "" if argument.value.name in call.context.variables else argument.value.name


def _name(call: Call, index: int) -> ast.Name:
    name = call.arguments[index].name
    assert name is not None
    return name


def word_of(argument: ast.Argument) -> str:
    """The word that the value of an argument is, in quotes or bare; empty if it is something else."""
    value = argument.value
    return value.value if isinstance(value, ast.String) else value.name if isinstance(value, ast.Variable) else ""


def _is_known(call: Call, name: str) -> bool:
    return name in call.types or (
        not isinstance(call.target, ast.Definition) and bool(call.target.find_attribute(name))
    )


def _entering(call: Call) -> int | None:
    """The channels or features of the value that a layer works on, if they are known."""
    value = call.context.entering
    return value.type.shape[0] if value is not None and value.type.shape else None
