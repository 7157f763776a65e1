"""What the arguments of a call were meant for: the cheapest way to give each of them to something that takes it.

An argument can be read in a few ways (:mod:`cnndsl.explain.readings`): as it stands, by another name, as a small change of its
value, as the next layer, as what is known without being said. :func:`read` tries all together, and keeps the cheapest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..attributes import Attribute, AttributeType, Word
from ..diagnostics import DiagnosticKind, Edit
from ..elaborate.evaluate import EvaluationError, evaluate_argument
from ..elaborate.values import UNKNOWN
from ..ops import Operator
from ..problems import Target, listed
from ..record import Record
from ..syntax import ast
from .context import Context
from .edits import Suggestion, rewritten
from .foreign import attribute_named
from .foreign.names import AMBIGUOUS_ATTRIBUTES, NEAR_ATTRIBUTES
from .nearest import candidate
from .values import accepts, of_expression

__all__ = [
    "CHANGED",
    "DISORDER",
    "DROPPED",
    "LEFT_WRONG",
    "NAMED",
    "SLIGHT",
    "Call",
    "Reading",
    "Step",
    "Steps",
    "read",
]

_MOST_ARGUMENTS, _MOST_TRIED = 12, 4_000

SLIGHT, DISORDER, CHANGED, NAMED, DROPPED, LEFT_WRONG = 5, 8, 10, 20, 30, 100
"""What changes cost: one that says the same, another order, another value or name, a name given, and what is lost."""


class Step(Record):
    """How ``count`` arguments are read: given to ``name``, or to nothing, after ``edits``.

    ``certain`` if nothing was guessed. ``instead`` is what is wrong, if that is something else than what was found wrong.
    """

    count: int
    name: str = ""
    cost: int = 0
    edits: tuple[Edit, ...] = ()
    why: str = ""
    certain: bool = True
    by_place: bool = False
    instead: tuple[DiagnosticKind, str] | None = None


class Reading(Record):
    """One step for each argument or several, what they cost together, and all edits."""

    cost: int
    steps: tuple[Step, ...]
    edits: tuple[Edit, ...]
    certain: bool = True

    @property
    def is_whole(self) -> bool:
        """Whether something is changed, and nothing is left that is wrong."""
        return bool(self.edits) and self.cost < LEFT_WRONG

    @property
    def why(self) -> str:
        """The reasons for all changes."""
        return ", and ".join(dict.fromkeys(step.why for step in self.steps if step.why))


class Call:
    """The facts of a call: what can be given to it, and the values of what is."""

    def __init__(self, word: ast.Name, target: Target, arguments: tuple[ast.Argument, ...], context: Context) -> None:
        self.word = word
        self.arguments = arguments
        self.context = context
        self.values = [_value(argument, context) for argument in arguments]
        self.attributes: dict[str, Attribute] = {}
        self.is_layer = False
        if isinstance(target, ast.Definition):
            self.names = self.places = tuple(parameter.name.text for parameter in target.parameters)
            self.required = {each.name.text for each in target.parameters if each.default is None}
        else:
            self.attributes = target.attributes()
            self.is_layer = issubclass(target, Operator)
            self.names, self.places = tuple(self.attributes), target.positional
            self.required = {name for name, info in self.attributes.items() if info.required}
        self._known = {alias: name for name in self.names for alias in (name, *self.aliases(name))}

    def aliases(self, name: str) -> tuple[str, ...]:
        """The other names of an attribute here."""
        return self.attributes[name].aliases if name in self.attributes else ()

    def type(self, name: str) -> AttributeType | None:
        """The type of an attribute; a parameter of a block has none."""
        return self.attributes[name].type if name in self.attributes else None

    def short(self, name: str) -> str:
        """The shortest name of an attribute: ``pad``."""
        return min((name, *self.aliases(name)), key=len)

    def knows(self, word: str) -> bool:
        """Whether a word names an attribute or a parameter here."""
        return word in self._known

    def named(self, word: str) -> str | None:
        """The attribute or parameter that a word names, here or elsewhere."""
        return self._known.get(word) or attribute_named(word, self.attributes)

    def find(self, word: str) -> Suggestion | None:
        """The attribute or parameter that a word names, or was meant to name."""
        near, differs = NEAR_ATTRIBUTES.get(word, ("", ""))
        if near in self.names and word not in self.names:
            return Suggestion(near, differs, offered=False)
        if name := self.named(word):
            return Suggestion(name, certain=word not in AMBIGUOUS_ATTRIBUTES or name == word)
        meant = candidate(word, self._known)
        return meant.replace(text=self._known[meant.text]) if meant is not None else None

    def give(self, index: int, step: Step) -> Iterator[Step]:
        """The step that gives an argument to a name, if that takes its value or a small change of it."""
        argument, type_, value = self.arguments[index], self.type(step.name), self.values[index]
        if value is UNKNOWN or type_ is None or accepts(type_, value):
            yield step
            return
        here = not isinstance(argument.value, ast.Variable) or argument.value.name not in self.context.variables
        meant = of_expression(type_, argument.value, value) if here else None
        if meant is None:
            return
        edits = (*step.edits, Edit(argument.value.span, meant.text))
        if argument.name is None and step.edits:  # ``name=value`` in place of the value
            edits = (step.edits[0].replace(replacement=f"{self.short(step.name)}={meant.text}"),)
        certain = step.certain and meant.certain
        yield step.replace(cost=step.cost + CHANGED, edits=edits, why=meant.why or step.why, certain=certain)


Steps = Callable[[Call, int], Iterator[Step]]
"""The ways to read the argument of a number, and with it some after it."""


def _value(argument: ast.Argument, context: Context) -> Any:
    """The value of an argument; UNKNOWN if it has none, or none that can be known."""
    try:
        value = evaluate_argument(argument.value, context.variables)
    except EvaluationError:
        return UNKNOWN
    spelt = isinstance(argument.value, ast.String)
    return Word(value) if type(value) is str and not spelt else value  # a parameter holds a word as a string


def read(call: Call, steps: Steps) -> Reading | None:
    """The cheapest reading of the arguments of a call; None if there are too many to try."""
    if len(call.arguments) > _MOST_ARGUMENTS:
        return None
    found = sorted(_readings(call, steps), key=lambda reading: reading.cost)
    if not found:
        return None
    first, spans = found[0], [argument.span for argument in call.arguments]
    texts = {rewritten(call.word.span, spans, each.edits) for each in found if each.cost == first.cost}
    return first.replace(certain=len(texts) == 1 and all(step.certain for step in first.steps))


def _readings(call: Call, steps: Steps) -> Iterator[Reading]:
    """Readings of a call, each as cheap as those before or cheaper."""
    best, tried = 10 * LEFT_WRONG * _MOST_ARGUMENTS, 0
    ways = [sorted(steps(call, index), key=lambda step: -step.cost) for index in range(len(call.arguments))]
    waiting: list[tuple[int, tuple[Step, ...]]] = [(0, ())]
    while waiting and tried < _MOST_TRIED:
        cost, taken = waiting.pop()
        tried += 1
        if cost > best:
            continue
        index = sum(step.count for step in taken)
        if index < len(call.arguments):
            names = {step.name for step in taken if step.name}
            waiting += [(cost + step.cost, (*taken, step)) for step in ways[index] if step.name not in names]
        elif (reading := _finished(call, cost, taken)) and reading.cost <= best:
            best = reading.cost
            yield reading


def _finished(call: Call, cost: int, steps: tuple[Step, ...]) -> Reading | None:
    """The reading that some steps make, its arguments by place in their order; None if a place before them is empty."""
    index, placed = 0, {}
    for step in steps:
        if step.by_place:
            argument = call.arguments[index].span
            placed[step.name] = argument, step.edits[0].replacement if step.edits else argument.text
        index += step.count
    places = [place for place in call.places if place in placed]
    if places != list(call.places[: len(places)]):
        return None
    cost += LEFT_WRONG * len(call.required - {step.name for step in steps})
    edits = tuple(edit for step in steps for edit in step.edits)
    if list(placed) == places:
        return Reading(cost, steps, edits)
    spans = [span for span, _ in placed.values()]
    moved = [Edit(span, placed[name][1]) for span, name in zip(spans, places, strict=True)]
    others = [edit for edit in edits if edit.span not in spans]
    order = Step(0, why=f"{listed(places)} stand in this order")
    return Reading(cost + DISORDER, (*steps, order), (*others, *moved))
