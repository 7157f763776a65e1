"""One call of another tool's layer, put into our words by its row of the tables.

A call is *certain* if our words mean the same numbers and parameters as theirs. What has no counterpart, and what is only
near, is a doubt: a plain sentence that says what differs and how to write it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ...attributes import Attribute, Boolean, Declared, Pair, ValueProblem, Word
from ...ops import OPERATORS
from ...ops.geometry import PaddingType
from ...recipe import DATASETS, LOSSES, OPTIMIZERS, SCHEDULES
from .conversions import CONVERSIONS, INSTEAD
from .records import NOT_GIVEN, UNKNOWN, Argument, Parameter, Row, Written, our_text

__all__ = ["DECLARED", "Call", "Rule", "write"]

Rule = Callable[["Call", Argument], None]

_OF_EVERY_KERAS_LAYER = ("name", "trainable", "dtype", "autocast", "input_shape", "batch_input_shape", "input_dim")


DECLARED: Mapping[str, type[Declared]] = {**OPERATORS, **DATASETS, **LOSSES, **OPTIMIZERS, **SCHEDULES}
"""Our layers and what they are trained with, by their words."""


def write(row: Row, arguments: Sequence[Argument], rules: Mapping[str, Rule]) -> Written:
    """What a call with these arguments is here; all but layers have all their attributes by name."""
    call = Call(row)
    call.bind(arguments)
    call.convert(rules)
    return call.finish(call.declared.positional if row.word in OPERATORS else ())


class Call:
    """A call while it is being put into our words; rules change it."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.declared = DECLARED[row.word]
        self.infos = self.declared.attributes()
        self.word, *fixed = row.layers[0].split()
        self.written = dict(part.split("=") for part in fixed)
        self.following = list(row.layers[1:])
        self.given: dict[str, Argument] = {}
        self.own: dict[str, Argument] = {}  # by our name, which the tool does not have
        self.label = ""
        self.doubts: dict[str, None] = {}
        self.notes: dict[str, None] = {}
        self.fits = self.whole = True

    def doubt(self, sentence: str, *, whole: bool = True) -> None:
        """Say what keeps it from being certain; unless the layers are ``whole``, they are nothing to write."""
        self.doubts[sentence] = None
        self.whole &= whole

    def argument(self, name: str) -> Argument:
        """What a parameter is given, or its default; nothing if there is no such parameter."""
        parameter = next((item for item in self.row.parameters if name in item.names), None)
        return NOT_GIVEN if parameter is None else self.given.get(parameter.names[0]) or parameter.default or NOT_GIVEN

    def take(self, attribute: str, argument: Argument) -> None:
        """Give one of our attributes what an argument says, if that can be said and is of its sort."""
        info = self.infos[attribute]
        if not argument.sayable:
            self.doubt(f"`{argument.text}` is nothing that a spec can say", whole=False)
        elif argument.value is not UNKNOWN and _converted(info, argument.value) is None:
            self.doubt(f"`{attribute}` is {info.type.description} here, and `{argument.text}` is not")
        self.written[attribute] = _text(info, argument)

    # The steps

    def bind(self, arguments: Sequence[Argument]) -> None:
        """Find the parameter of each argument; a lonely one by place is the one that cannot be left out."""
        places = [item for item in self.row.parameters if item.names != ("*",)]
        if len(arguments) == 1 and not arguments[0].name and any(info.required for info in self.infos.values()):
            places = [item for item in places if item.mark != "~"]
        for place, argument in enumerate(arguments):
            if argument.name:
                self._bind_named(argument)
            elif place < len(places):
                self.given[places[place].names[0]] = argument
            elif len(places) == len(self.row.parameters):
                self._misfit(f"`{argument.text}` is one argument more than `{self.row.name}` takes by place")

    def convert(self, rules: Mapping[str, Rule]) -> None:
        """Give our attributes what the parameters say, and what the other tool leaves out and we do not."""
        for parameter in self.row.parameters:
            argument = self.given.get(parameter.names[0])
            told = argument or parameter.default or NOT_GIVEN
            if parameter.mark == "!":
                self._without_counterpart(parameter, argument)
            elif parameter.rule in CONVERSIONS:
                self._convert(parameter, told)
            elif parameter.rule:
                self._follow(rules[parameter.rule], told)
            elif parameter.mark != "~":
                self._plain(parameter, argument)
        for name, argument in self.own.items():
            self.take(name, argument)

    def finish(self, places: Sequence[str]) -> Written:
        """The layers, what stands by place first."""
        written = self.written
        missing = tuple(name for name, info in self.infos.items() if info.required and name not in written)
        steps = self.infos.get("stride")
        if steps is not None and steps.default is None and written.get("stride") == written.get("kernel_size"):
            written.pop("stride", None)  # a pooling steps by its window
        by_place = []
        for name in places:
            if name not in written:
                break
            value = written.pop(name)
            by_place.append(
                f"{value}x{value}" if isinstance(self.infos[name].type, Pair) and value.isdigit() else value
            )
        named = [f"{'pad' if name == 'padding' else name}={value}" for name, value in written.items()]
        first = " ".join((self.word, *by_place, *named, *(f"{name}=..." for name in missing)))
        fits, whole = self.fits and not missing, self.whole and not missing
        layers, doubts, notes = (first, *self.following), tuple(self.doubts), tuple(self.notes)
        return Written(self.row.name, layers, self.label, doubts, notes, whole, missing, fits, self.row)

    def _misfit(self, sentence: str) -> None:
        self.fits = False
        self.doubt(sentence)

    def _bind_named(self, argument: Argument) -> None:
        name = argument.name
        parameter = next((item for item in self.row.parameters if name in item.names), None)
        own = self.declared.find_attribute(name)
        if parameter is not None:
            if parameter.names[0] in self.given:
                self._misfit(f"`{name}` is given twice")
            self.given[parameter.names[0]] = argument
        elif self.row.tool == "Keras" and name in _OF_EVERY_KERAS_LAYER:
            self._of_every_keras_layer(argument)
        elif own is not None:
            self.own[own] = argument
        else:
            self._misfit(_nothing_like(name))

    def _of_every_keras_layer(self, argument: Argument) -> None:
        if argument.name == "name":
            self.label = argument.text
        elif argument.name == "trainable" and argument.value is not True:
            self.doubt(_nothing_like("trainable"))
        elif "input" in argument.name:
            self.notes[f"`{argument.name}` is left out: the shape stands once, channels first, in `input`"] = None

    def _without_counterpart(self, parameter: Parameter, argument: Argument | None) -> None:
        default = parameter.default
        if argument is not None and (default is None or our_text(argument.value) != our_text(default.value)):
            self.doubt(_nothing_like(parameter.names[0]))

    def _follow(self, rule: Rule, argument: Argument) -> None:
        """Convert by a rule, which expects values that the tool would take."""
        try:
            rule(self, argument)
        except (TypeError, ValueError):
            self._misfit(f"`{argument.name}={argument.text}` is nothing that {self.row.tool} takes")

    def _convert(self, parameter: Parameter, argument: Argument) -> None:
        """A value that means something else here."""
        text, holds, sentence = CONVERSIONS[parameter.rule]
        try:
            written, exact = text(argument), holds(argument.value)
        except (TypeError, ValueError, IndexError):
            written, exact = "", False
        if written:
            self.written[parameter.ours] = written
        if not exact:
            self.doubt(sentence)

    def _plain(self, parameter: Parameter, argument: Argument | None) -> None:
        """A parameter that means the same as our attribute."""
        name, default = parameter.ours, parameter.default
        if argument is not None and argument.value is not None:
            self.take(name, argument)
        elif default is not None and default.value is not None:
            if argument is not None:
                self.doubt(f"`{parameter.names[0]}=None` has no counterpart here")
            elif _converted(self.infos[name], default.value) != (self.infos[name].default,):
                self.written[name] = _text(self.infos[name], default)


def _nothing_like(name: str) -> str:
    return f"nothing here is like `{name}`" + (f": {INSTEAD[name]}" if name in INSTEAD else "")


def _converted(info: Attribute, value: object) -> tuple[object] | None:
    """The value of a field, in a tuple; None if it is none."""
    if isinstance(value, list | tuple):
        value = value[0] if len(value) == 1 and not isinstance(info.type, Pair) else tuple(value)
    elif isinstance(info.type, Boolean) and value in (0, 1):
        value = bool(value)
    try:
        return (info.type.convert(Word(value) if isinstance(value, str) else value),)
    except ValueProblem:
        return None


def _text(info: Attribute, argument: Argument) -> str:
    """A value as the language writes it for an attribute: ``3x5``, ``(1, 2)``, ``true``."""
    value = argument.value
    if isinstance(value, list | tuple):
        items = [our_text(item) for item in value]
        if len(set(items)) == 1 and (isinstance(info.type, Pair | PaddingType) or len(items) == 1):
            return items[0]
        sizes = isinstance(info.type, Pair) and all(item.isdigit() for item in items)
        return "x".join(items) if sizes else f"({', '.join(items)})"
    return our_text(bool(value)) if isinstance(info.type, Boolean) and value in (0, 1) else argument.text
