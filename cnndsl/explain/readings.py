"""What the arguments of a call were meant for: the cheapest way to give each of them to something that takes it.

An argument is given by place or by name, by another name, with another value, in another order, or says what is known
without being said. All ways are tried together, and the call is written anew as the cheapest of them reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from typing import Any

from ..attributes import Boolean, Word, format_value
from ..diagnostics import DiagnosticKind
from ..diagnostics.kinds import names
from ..elaborate.evaluate import EvaluationError, evaluate_argument
from ..elaborate.values import UNKNOWN
from ..ops import OPERATORS, Operator
from ..problems import Target, listed
from ..record import Record
from ..source import Span
from ..syntax import ast
from ..translation.lookup import own_row
from ..translation.names import AMBIGUOUS_ATTRIBUTES, LEFT_OUT, NEAR_ATTRIBUTES, activation_meant
from .context import Context
from .edits import Suggestion, candidate
from .values import accepts, of_expression, spelt

__all__ = ["Call", "Reading", "read", "word_of"]

_MOST_ARGUMENTS, _MOST_TRIED = 12, 4_000
_SLIGHT, _DISORDER, _CHANGED, _NAMED, _DROPPED, _LEFT_WRONG = 5, 8, 10, 20, 30, 100
"""What changes cost: one that says the same, another order, another value or name, a name given, and what is lost."""

_BY_NAME = "a value follows its name after `=`"
_HARMLESS = ("inplace", "device")
_ALWAYS = ("track_running_stats", "trainable")


class Step(Record):
    """How ``count`` arguments are read: given to ``name``, or to nothing, as ``label=value`` or ``value``.

    ``certain`` if nothing was guessed. ``before`` and ``after`` stand around the call. ``wrong`` is what is wrong, if that is
    something else than what was found wrong.
    """

    name: str = ""
    value: str = ""
    cost: float = 0
    why: str = ""
    certain: bool = True
    label: str = ""
    count: int = 1
    before: str = ""
    after: str = ""
    wrong: tuple[DiagnosticKind, str, Span] | None = None

    @property
    def text(self) -> str:
        """What is written for it."""
        return f"{self.label}={self.value}" if self.label else self.value


class Reading(Record):
    """A call as it is read: what to write, why, what it costs, and what is wrong if that is something else."""

    text: str
    why: str
    cost: float
    certain: bool
    wrong: tuple[DiagnosticKind, str, Span] | None

    @property
    def is_whole(self) -> bool:
        """Whether something is changed, and nothing is left that is wrong."""
        return 0 < self.cost < _LEFT_WRONG


class Call:
    """The facts of a call: what can be given to it, and the values of what is."""

    def __init__(self, word: ast.Name, target: Target, arguments: tuple[ast.Argument, ...], context: Context) -> None:
        self.word, self.arguments, self.context = word, arguments, context
        self.values = [_value(argument, context) for argument in arguments]
        self.is_layer = not isinstance(target, ast.Definition) and issubclass(target, Operator)
        self.text = target.name if not isinstance(target, ast.Definition) and self.is_layer else word.text
        if isinstance(target, ast.Definition):
            self.infos = {}
            self.places = tuple(parameter.name.text for parameter in target.parameters)
            self.required = {each.name.text for each in target.parameters if each.default is None}
            self.known = {name: name for name in self.places}
            self.names = self.foreign = self.known
        else:
            self.infos = target.attributes()
            self.places = target.positional
            self.required = {name for name, info in self.infos.items() if info.required}
            self.known = {name: each for each, info in self.infos.items() for name in (each, *info.aliases)}
            self.names = {name: name for name in self.infos}
            parameters = [each for each in own_row(target).parameters if each.ours in self.infos]
            self.foreign = {name: each.ours for each in parameters for name in each.names}

    @property
    def span(self) -> Span:
        """The word and all arguments."""
        return self.word.span.to(self.arguments[-1].span) if self.arguments else self.word.span

    def short(self, name: str) -> str:
        """The shortest name of an attribute: ``pad``."""
        return min((known for known, each in self.known.items() if each == name), key=len)

    def find(self, word: str) -> Suggestion | None:
        """The attribute or parameter that a word names, or was meant to name."""
        near, differs = NEAR_ATTRIBUTES.get(word, ("", ""))
        if near in self.infos and word not in self.known:
            return Suggestion(near, differs, offered=False)
        if name := self.known.get(word) or self.foreign.get(word.lower()):
            return Suggestion(name, certain=word not in AMBIGUOUS_ATTRIBUTES or name == word)
        known = {**{name: each for name, each in self.foreign.items() if len(name) > 3}, **self.known}
        meant = candidate(word, self.known) or candidate(word, known)
        return meant.replace(text=known[meant.text]) if meant is not None else None

    def give(self, index: int, step: Step) -> Iterator[Step]:
        """The step that gives an argument to a name, if that takes its value or a small change of it."""
        argument, value = self.arguments[index].value, self.values[index]
        type_ = self.infos[step.name].type if step.name in self.infos else None
        step = step.replace(value=_text(self.arguments[index]))
        if value is UNKNOWN or type_ is None or accepts(type_, value):
            yield step
            return
        here = not isinstance(argument, ast.Variable) or argument.name not in self.context.variables
        if here and (meant := of_expression(type_, argument, value)):
            certain, cost = step.certain and meant.certain, step.cost + _CHANGED
            text = step.value.replace(argument.span.text, meant.text, 1)  # in the same parentheses
            yield step.replace(value=text, cost=cost, why=meant.why or step.why, certain=certain)


def _text(argument: ast.Argument) -> str:
    """The value of an argument as it is written."""
    name, text = argument.name.text if argument.name is not None else "", argument.span.text
    return text[len(name) :].lstrip(" =") if name else text


def _value(argument: ast.Argument, context: Context) -> Any:
    """The value of an argument; UNKNOWN if it has none, or none that can be known."""
    try:
        value = evaluate_argument(argument.value, context.variables)
    except EvaluationError:
        return UNKNOWN
    spelt = isinstance(argument.value, ast.String)
    return Word(value) if type(value) is str and not spelt else value  # a parameter holds a word as a string


def read(call: Call) -> Reading | None:
    """The cheapest reading of the arguments of a call; None if there are too many to try."""
    if len(call.arguments) > _MOST_ARGUMENTS:
        return None
    steps = [list(_steps(call, index)) for index in range(len(call.arguments))]
    waiting: list[tuple[float, int, tuple[Step, ...], Reading | None]] = [(0, 0, (), None)]
    best: Reading | None = None
    count = 0
    while waiting and count < _MOST_TRIED:
        cost, _, taken, made = heappop(waiting)
        if best is not None and cost > best.cost:
            return best
        if made is not None:
            best = made if best is None else best.replace(certain=best.certain and best.text == made.text)
            continue
        for further, reading in _further(call, steps, cost, taken):
            count += 1
            cost_of = reading.cost if reading is not None else cost + further[-1].cost
            heappush(waiting, (cost_of, -count, further, reading))
    return best


def _further(
    call: Call, steps: list[list[Step]], cost: float, taken: tuple[Step, ...]
) -> Iterator[tuple[tuple[Step, ...], Reading | None]]:
    """The steps with each that may come next, or all of them and the reading that they make."""
    index = sum(step.count for step in taken)
    if index < len(steps):
        names = {step.name for step in taken if step.name}
        yield from (((*taken, step), None) for step in steps[index] if step.name not in names)
    elif reading := _finished(call, cost, taken):
        yield taken, reading


def _finished(call: Call, cost: float, steps: tuple[Step, ...]) -> Reading | None:
    """The reading that some steps make, its arguments by place in their order; None if a place before them is empty."""
    placed = {step.name: step for step in steps if step.name and step.value and not step.label}
    places = [place for place in call.places if place in placed]
    if places != list(call.places[: len(places)]):
        return None
    cost += _LEFT_WRONG * len(call.required - {step.name for step in steps})
    whys = [step.why for step in steps]
    if list(placed) != places:
        cost += _DISORDER
        whys.append(f"the order is {listed(places)}")
    ordered = iter(places)
    texts = [placed[next(ordered)].text if placed.get(step.name) is step else step.text for step in steps]
    around = [step.before for step in steps], [f" | {step.after}" for step in steps if step.after]
    text = "".join((*around[0], " ".join((call.text, *filter(None, texts))), *around[1]))
    wrong = next((step.wrong for step in steps if step.wrong), None)
    why = ", and ".join(dict.fromkeys(filter(None, whys)))
    return Reading(text, why, cost, all(step.certain for step in steps), wrong)


def _steps(call: Call, index: int) -> Iterator[Step]:
    """The ways to read the argument of a number, and with it some after it."""
    argument = call.arguments[index]
    before = (call.word.span, *(each.span for each in call.arguments))[index]
    if argument.span.text in (before.text, before.text.rpartition("=")[2]):
        is_number = argument.span.text.isdecimal()
        if not is_number or index <= len(call.places) or "=" in before.text:
            yield Step(cost=_SLIGHT, why=f"`{argument.span.text}` is here twice", certain=not is_number)
    if argument.name is None:
        yield from _bare(call, index, argument)
    else:
        yield from _named(call, index, argument, argument.name.text)
    yield Step(value=argument.span.text, cost=_LEFT_WRONG, certain=False)


def _bare(call: Call, index: int, argument: ast.Argument) -> Iterator[Step]:
    """``64 3x3 2``, ``stride 2``, ``relu``, ``skip``."""
    is_word = isinstance(call.values[index], Word) and argument.span.text not in call.context.variables
    word, sure = argument.span.text if is_word else "", isinstance(call.values[index], Word)
    why = f"only {listed(call.places)} may go without a name" if call.places and not sure else _BY_NAME
    left = 1 + (len(call.arguments) - index) / 100  # the later argument is named sooner, and attributes stand in order
    for order, name in enumerate(call.names, 1):
        if name in call.places:
            yield from call.give(index, Step(name))
        else:
            label = call.short(name)
            yield from call.give(index, Step(name, cost=_NAMED + order * left, why=why, certain=sure, label=label))
    yield from _with_name(call, index, call.foreign.get(word))
    yield from _joined(call, word)
    if word in OPERATORS and call.is_layer:
        texts = [each.span.text for each in call.arguments[index:]]
        rest = " ".join(f"| {text}" if text in OPERATORS else text for text in texts).removeprefix("| ")
        yield Step(cost=_DISORDER, why=f"`{word}` is the next layer", after=rest, count=len(texts))
    if call.context.is_value(word) and not _labels(call):
        wrong = (names.WRONG_POSITION, f"`{word}` is a value, and a layer works on the value before it", argument.span)
        why = f"`from {word}` before the layer goes on from it"
        yield Step(cost=_SLIGHT, why=why, before=f"from {word} | ", wrong=wrong)
    if call.is_layer and not index:
        yield from _known_input(call)


def _with_name(call: Call, index: int, name: str | None) -> Iterator[Step]:
    """``stride 2``, ``nesterov``."""
    info = call.infos.get(name or "")
    if name is None or (index + 1 == len(call.arguments) and info is None):
        return
    if info is not None and isinstance(info.type, Boolean):
        yield Step(name, "true", _SLIGHT, _BY_NAME, label=name)
    elif index + 1 < len(call.arguments) and call.arguments[index + 1].name is None:
        yield from call.give(index + 1, Step(name, cost=_SLIGHT, why=_BY_NAME, label=call.short(name), count=2))


def _joined(call: Call, word: str) -> Iterator[Step]:
    """``s2``, ``pad1``: the sign between name and value is missing."""
    for length in range(1, len(word)):
        name, value = call.foreign.get(word[:length].rstrip("_")), spelt(word[length:])
        if name and (accepts(call.infos[name].type, value) if name in call.infos else not isinstance(value, Word)):
            yield Step(name, word[length:], _SLIGHT, _BY_NAME, label=call.short(name))


def _known_input(call: Call) -> Iterator[Step]:
    """The channels or features of the value before, which other frameworks want first: ``conv 3 64 3x3``, ``bn 64``."""
    first = call.places[0] if call.places else ""
    if first and not first.startswith("out_"):
        return
    same = call.values[0] == _entering(call)
    likely = not first or any(isinstance(value, tuple) for value in call.values[2:])
    known = f"`in_{first[4:]}`" if first else "what it needs"
    why = f"{known} is known from the value before" if call.infos else f"`{call.text}` takes no arguments"
    yield Step(cost=_SLIGHT if same else _NAMED - 1 if likely else _DROPPED, why=why, certain=same)


def _named(call: Call, index: int, argument: ast.Argument, word: str) -> Iterator[Step]:
    """``filters=64``, ``stride=None``, and what is known or said in another way: ``inplace=true``, ``activation=relu``."""
    found, text = call.find(word), word_of(argument)
    info = call.infos.get(found.text) if found is not None and found.offered else None
    if found is not None and found.offered and word in call.known:
        yield from call.give(index, Step(found.text, label=word))
    elif found is not None and found.offered and word not in LEFT_OUT:
        label = call.short(found.text)
        yield from call.give(index, Step(found.text, cost=_CHANGED, certain=found.certain, label=label))
    if found is not None and info is not None and not info.required and text.lower() in ("none", "null"):
        wrong = (names.WRONG_VALUE, f"`{found.text}` cannot be `{text}`", argument.value.span)
        why = "leave it out" if info.default is None else f"without it `{found.text}` is {format_value(info.default)}"
        yield Step(found.text, "", _SLIGHT, why, certain=info.default is None, wrong=wrong)
    if not call.is_layer or word in call.known:
        return
    if word in ("activation", "act") and (meant := activation_meant(text)) is not None:
        why = "an activation is a layer of its own"
        yield Step(cost=_SLIGHT, why=why, certain=not _labels(call), after=meant)
    elif word in ("name", "label") and text.isidentifier() and not _labels(call):
        yield Step(cost=_SLIGHT, why="the name of a layer comes before it", before=f"{text}: ")
    elif word in LEFT_OUT and word != "activation":
        is_so = word in _ALWAYS and argument.value.span.text.lower() == "true"
        sure = word in _HARMLESS or is_so or call.values[index] == _entering(call)
        yield Step(cost=_SLIGHT, why=LEFT_OUT[word].removesuffix(": leave it out"), certain=sure)


def _labels(call: Call) -> bool:
    """Whether the call has a label, which would name something else if more stood around it."""
    statement = call.context.tree.of(ast.Statement, call.word.span)
    return statement is not None and bool(statement.labels)


def word_of(argument: ast.Argument) -> str:
    """The word that the value of an argument is, in quotes or bare; empty if it is something else."""
    value = argument.value
    return value.value if isinstance(value, ast.String) else value.name if isinstance(value, ast.Variable) else ""


def _entering(call: Call) -> int | None:
    """The channels or features of the value that a layer works on, if they are known."""
    value = call.context.entering
    return value.type.shape[0] if value is not None and value.type.shape else None
