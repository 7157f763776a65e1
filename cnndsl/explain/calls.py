"""What is said of the arguments of a call: what they were meant for, or what can be given there.

They are read from left to right: those by name, then each of the others. What has no name takes the first place that accepts
its value, else the first attribute that does. Names of other frameworks are those that ``translation`` binds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..attributes import LARGEST, Attribute, Word
from ..diagnostics import Diagnostic, Edit, Label
from ..elaborate.evaluate import EvaluationError, evaluate_argument
from ..elaborate.values import UNKNOWN
from ..ops import OPERATORS, Operator
from ..problems import ArgumentProblem, RefusedValue, Target, UnknownArguments, listed, plain
from ..syntax import ast
from ..translation import records as theirs
from ..translation.lookup import call_in_our_words, every_row, own_row
from ..translation.meaning import doubt_of_name, rows_meant
from ..translation.names import AMBIGUOUS_ATTRIBUTES, LEFT_OUT, NEAR_ATTRIBUTES, NOT_SHARED, SHARING, activation_meant
from ..translation.records import Argument, our_text
from .context import Context, Suggestion, candidate, explains, offered
from .values import accepts, of_expression

__all__ = ["Call", "translated", "word_of"]

_BY_NAME = "a value follows its name after `=`"
_HARMLESS = ("inplace", "device")
_ALWAYS = ("track_running_stats", "trainable")
_JOINED = re.compile("([a-z]+)_?([0-9].*)")  # s2, pad1
_OF_PYTHON = {"True": True, "False": False, "None": None}


@explains(ArgumentProblem)
def arguments(problem: ArgumentProblem, context: Context) -> Diagnostic:
    """All that is wrong with the arguments of a call, as one mistake if all of it can be read."""
    found = plain(problem).replace(help=())
    call = Call(problem.word, problem.target, problem.arguments, context)
    if isinstance(problem, UnknownArguments):
        action = context.tree.of(ast.Call, problem.arguments[0].value.span)
        if action is not None and (ours := translated(found, action, context)):
            return ours
        primary, *others = _questions(problem, call)
        defined = [label for label in found.secondary if label.text]
        found = found.replace(primary=primary, secondary=(*defined, *others))
    if (read := call.read(found)) is not None:
        return read
    if isinstance(problem, RefusedValue) and isinstance(problem.value, int) and problem.value > LARGEST:
        return found.replace(primary=Label(problem.span, f"must be at most {LARGEST:,}"))
    return found.replace(help=problem.help)


def translated(found: Diagnostic, action: ast.Call, context: Context) -> Diagnostic | None:
    """A call whose word and arguments are named as another framework names them, put into our words."""
    word, arguments = action.word.text, [_as_elsewhere(each, context) for each in action.arguments]
    rows = tuple(row for row in every_row() if row.name == word and all(row.find(each.name) for each in arguments))
    rows = rows if word in OPERATORS else rows_meant(word)
    if not rows or not arguments or not all(each.name for each in arguments):
        return None
    written = call_in_our_words(rows, arguments)
    if not written.fits:
        return None
    doubts = [*written.doubts, "" if word in OPERATORS else doubt_of_name(word, rows)]
    statement = context.tree.of(ast.Statement, action.span)
    if len(written.layers) > 1 and statement is not None and statement.labels:
        doubts.append("an activation is a layer of its own, and the label names the first one only")
    found, certain = found.replace(help=tuple(filter(None, doubts))), not any(doubts)
    edit = Edit(action.span, written.line)
    return offered(found, f"write `{written.line}`", edit, certain=certain) if written.whole else found


def _as_elsewhere(argument: ast.Argument, context: Context) -> Argument:
    """An argument as one of another framework."""
    value, text = value_of(argument, context), text_of(argument)
    value = _OF_PYTHON.get(text, theirs.UNKNOWN if value is UNKNOWN else value)
    name = argument.name.text if argument.name is not None else ""
    return Argument(name, our_text(value) if text in _OF_PYTHON else text.strip('"'), value)


def _questions(problem: UnknownArguments, call: Call) -> Iterator[Label]:
    """What there is to say of each unknown name."""
    for name in problem.unknown:
        found, left_out = call.find(name.text), LEFT_OUT.get(name.text, "") if call.is_layer else ""
        if found is None or left_out:
            yield Label(name.span, NOT_SHARED if name.text in SHARING else left_out)
        else:
            yield Label(name.span, found.why or f"did you mean `{found.text}`?")


class Call:
    """A call while its arguments are read."""

    def __init__(self, word: ast.Name, target: Target, arguments: tuple[ast.Argument, ...], context: Context) -> None:
        self.word, self.arguments, self.context = word, arguments, context
        self.is_layer = not isinstance(target, ast.Definition) and issubclass(target, Operator)
        self.text = word.text
        self.infos: dict[str, Attribute] = {}
        if isinstance(target, ast.Definition):
            self.places = tuple(parameter.name.text for parameter in target.parameters)
            self.required = {each.name.text for each in target.parameters if each.default is None}
            self.known = self.foreign = {name: name for name in self.places}
        else:
            self.text = target.name if self.is_layer else word.text
            self.infos = dict(target.attributes())
            self.places = target.positional
            self.required = {name for name, info in self.infos.items() if info.required}
            self.known = {name: each for each, info in self.infos.items() for name in (each, *info.aliases)}
            parameters = [each for each in own_row(target).parameters if each.ours in self.infos]
            self.foreign = {name: each.ours for each in parameters for name in each.names}
        statement = context.tree.of(ast.Statement, word.span)
        self.is_labelled = statement is not None and bool(statement.labels)  # more around it would take the label
        self.given: dict[str, tuple[int, str]] = {}
        """What is written for each attribute or parameter, a value by place or with its name, and where it stood."""
        self.before, self.after = "", ""
        self.whys: dict[str, None] = {}
        self.fits = self.certain = True

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

    def read(self, found: Diagnostic, *, certain: bool = True) -> Diagnostic | None:
        """A diagnostic with each argument where it was meant; None if one fits nowhere, or if they stand as they should.

        It is ``certain`` if the word is, and nothing is guessed.
        """
        arguments = self._once()
        for argument in arguments:
            if argument.name is not None:
                self._named(argument, argument.name.text)
        self._place(list(self._without_names([each for each in arguments if each.name is None])))
        placed = [place for place in self.places if place in self.given and "=" not in self.given[place][1]]
        texts = [*(self.given.pop(place)[1] for place in placed), *(text for _, text in sorted(self.given.values()))]
        is_same = " ".join(texts) + self.after + self.before == " ".join(each.span.text for each in self.arguments)
        if is_same or not self.fits:
            return None
        text = self.before + " ".join((self.text, *texts)) + self.after
        why, span = ", and ".join(self.whys), self.word.span.to((self.word, *self.arguments)[-1].span)
        help_ = f"{why}: write `{text}`" if why else f"write `{text}`"
        return offered(found, help_, Edit(span, text), certain=certain and self.certain)

    def _once(self) -> list[ast.Argument]:
        """The arguments but for those that say again what stands before them; a number may be meant twice."""
        pairs = zip((self.word, *self.arguments), self.arguments, strict=False)
        kept = [each for before, each in pairs if each.span.text != before.span.text or each.span.text.isdecimal()]
        if len(kept) < len(self.arguments):
            self._change("one is here twice")
        return kept

    def _change(self, why: str, *, certain: bool = True) -> None:
        """Take note that something is written in another way."""
        self.whys.update({why: None} if why else {})
        self.certain &= certain

    def _give(self, name: str, argument: ast.Argument, label: str = "") -> None:
        """Write an argument for a name, or a small change of it that its type accepts."""
        meant = self._meant(name, argument)
        text = f"{label}={meant.text}" if label and meant is not None else meant.text if meant is not None else ""
        self.fits &= meant is not None and name not in self.given
        self.given[name] = (argument.span.start, text)
        if meant is not None:
            self._change(meant.why, certain=meant.certain)

    def _meant(self, name: str, argument: ast.Argument) -> Suggestion | None:
        """What to write for an attribute in place of an argument, or the same; None if nothing like it is accepted."""
        info, value, text = self.infos.get(name), value_of(argument, self.context), text_of(argument)
        if info is None or self._accepts(name, value):
            return Suggestion(text, certain=True)
        meant = of_expression(info.type, argument.value, value)
        inside = argument.value.span.text  # the parentheses around it stay
        return meant.replace(text=text.replace(inside, meant.text, 1)) if meant is not None else None

    # Arguments with a name

    def _named(self, argument: ast.Argument, word: str) -> None:
        """``filters=64``, and what is known or said in another way: ``inplace=true``, ``activation=relu``."""
        found, text = self.find(word), word_of(argument)
        name = found.text if found is not None and found.offered else ""
        if found is not None and name and (word in self.known or word not in LEFT_OUT):
            self._change("", certain=found.certain)
            self._give(name, argument, word if word in self.known else self._short(name))
        elif self.is_layer and word in ("activation", "act") and (meant := activation_meant(text)) is not None:
            self._change("an activation is a layer of its own", certain=not self.is_labelled)
            self.after += f" | {meant}" if meant else ""
        elif self.is_layer and word in ("name", "label") and text.isidentifier() and not self.is_labelled:
            self._change("the name of a layer comes before it")
            self.before = f"{text}: {self.before}"
        elif self.is_layer and word in LEFT_OUT and word != "activation":
            is_so = word in _HARMLESS or (word in _ALWAYS and argument.value.span.text.lower() == "true")
            is_known = is_so or value_of(argument, self.context) == self._entering
            self._change(LEFT_OUT[word].removesuffix(": leave it out"), certain=is_known)
        else:
            self.fits = False

    def _short(self, name: str) -> str:
        """The shortest name of an attribute: ``pad``."""
        return min((known for known, each in self.known.items() if each == name), key=len)

    # Arguments without one

    def _without_names(self, waiting: list[ast.Argument]) -> Iterator[ast.Argument]:
        """The arguments without a name but for those that say themselves what they are."""
        while waiting:
            argument = waiting.pop(0)
            text = argument.span.text
            is_word = isinstance(value_of(argument, self.context), Word) and text not in self.context.variables
            name = self.foreign.get(text) if is_word else None
            if name and waiting:
                self._change(_BY_NAME)
                self._give(name, waiting.pop(0), self._short(name))
            elif is_word and (joined := _JOINED.fullmatch(text)) and (name := self.foreign.get(joined[1])):
                self._change(_BY_NAME)
                self.given[name] = (argument.span.start, f"{self._short(name)}={joined[2]}")
            elif is_word and self.is_layer and text in OPERATORS:
                self._change(f"`{text}` is the next layer")
                texts = [text, *(each.span.text for each in waiting)]
                self.after += "".join(f" | {each}" if each in OPERATORS else f" {each}" for each in texts)
                waiting.clear()
            elif is_word and self.is_layer and self.context.is_value(text) and not self.is_labelled:
                self._change(f"`from {text}` before the layer goes on from it")
                self.before += f"from {text} | "
            else:
                yield argument

    def _accepts(self, name: str, value: Any) -> bool:
        """Whether an attribute takes a value; parameters of a block take any."""
        info = self.infos.get(name)
        return value is UNKNOWN or info is None or accepts(info.type, value)

    def _place(self, waiting: list[ast.Argument]) -> None:
        """Give each argument the first place that takes it, else the first attribute."""
        free = [place for place in self.places if place not in self.given]
        self._leave_out_input(waiting, len(free))
        for place in free[: len(waiting)]:
            fitting = [each for each in waiting if (meant := self._meant(place, each)) and meant.text == text_of(each)]
            argument = (fitting or waiting)[0]
            if argument is not waiting[0]:
                self._change(f"the order is {listed(self.places[:2])}")
            waiting.remove(argument)
            self._give(place, argument)
        for argument in waiting:
            self._name(argument)
        self.fits &= not waiting or len(free) == len(self.places)  # a place that has its value by name too
        self.fits &= self.required <= {*self.given}

    def _leave_out_input(self, waiting: list[ast.Argument], free: int) -> None:
        """The channels or features of the value before, which other frameworks want first: ``conv 3 64 3x3``, ``bn 64``."""
        first = self.places[0] if self.places else ""
        if len(waiting) <= free or not self.is_layer or (first and not first.startswith("out_")):
            return
        values = [value_of(argument, self.context) for argument in waiting]
        is_same = values[0] == self._entering
        if is_same or not first or any(isinstance(value, tuple) for value in values[2:]):
            known = f"`in_{first[4:]}`" if first else "what it needs"
            why = f"{known} is known from the value before" if self.infos else f"`{self.text}` takes no arguments"
            self._change(why, certain=is_same)
            del waiting[0]

    def _name(self, argument: ast.Argument) -> None:
        """Give the first attribute that takes it a value which is one too many."""
        value = value_of(argument, self.context)
        free = [name for name in self.infos if name not in self.given and self._accepts(name, value)]
        if not free:
            self.fits = False
            return
        is_word = isinstance(value, Word)
        why = f"only {listed(self.places)} may go without a name" if self.places and not is_word else _BY_NAME
        self._change(why, certain=is_word)
        self._give(free[0], argument, self._short(free[0]))

    @property
    def _entering(self) -> int | None:
        """The channels or features of the value that a layer works on, if they are known."""
        value = self.context.entering
        return value.type.shape[0] if value is not None and value.type.shape else None


def text_of(argument: ast.Argument) -> str:
    """The value of an argument as it is written."""
    name, text = argument.name.text if argument.name is not None else "", argument.span.text
    return text[len(name) :].lstrip(" =") if name else text


def value_of(argument: ast.Argument, context: Context) -> Any:
    """The value of an argument; UNKNOWN if it has none, or none that can be known."""
    try:
        value = evaluate_argument(argument.value, context.variables)
    except EvaluationError:
        return UNKNOWN
    is_bare = type(value) is str and not isinstance(argument.value, ast.String)
    return Word(value) if is_bare else value  # a parameter holds a word as a string


def word_of(argument: ast.Argument) -> str:
    """The word that the value of an argument is, in quotes or bare; empty if it is something else."""
    value = argument.value
    return value.value if isinstance(value, ast.String) else value.name if isinstance(value, ast.Variable) else ""
