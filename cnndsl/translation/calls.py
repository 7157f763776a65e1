"""One call of a layer, put into our words by its row of the tables.

A call is *certain* if our words mean the same numbers and parameters as theirs. What has no counterpart, and what is only
near, is a doubt: a plain sentence that says what differs and how to write it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ..attributes import Attribute, Boolean, Pair, ValueProblem, Word
from ..ops import OPERATORS
from ..ops.geometry import PaddingType
from .conversions import CONVERSIONS, INSTEAD
from .names import LEFT_OUT
from .records import NOT_GIVEN, UNKNOWN, Argument, Parameter, Row, Written, our_text, row

__all__ = ["Call", "Rule"]

Rule = Callable[["Call", Argument], None]

_EVERY = "name@label trainable=True! dtype~ autocast~ input_shape~ batch_input_shape~ input_dim~"
_OF_EVERY_KERAS_LAYER = row("Keras", "", f"identity: {_EVERY}").parameters


class Call:
    """A call while it is being put into our words; rules change it."""

    def __init__(self, row: Row, arguments: Sequence[Argument]) -> None:
        self.row = row
        self.operator = OPERATORS[row.word]
        self.infos = self.operator.attributes()
        self.word, *fixed = row.layers[0].split()
        self.written = dict(part.split("=") for part in fixed)
        self.following = list(row.layers[1:])
        self.parameters = [*row.parameters, *(_OF_EVERY_KERAS_LAYER if row.tool == "Keras" else ())]
        self.given: dict[str, Argument] = {}
        self.label = ""
        self.doubts: dict[str, None] = {}
        self.notes: dict[str, None] = {}
        self.fits = self.whole = True
        self._bind(arguments)

    def doubt(self, sentence: str, *, whole: bool = True, fits: bool = True) -> None:
        """Say what keeps it from being certain; unless the layers are ``whole``, they are nothing to write."""
        self.doubts[sentence] = None
        self.whole &= whole
        self.fits &= fits

    def argument(self, name: str) -> Argument:
        """What a parameter is given, or its default; nothing if there is no such parameter."""
        parameter = self.row.find(name)
        return NOT_GIVEN if parameter is None else self.given.get(parameter.names[0]) or parameter.default or NOT_GIVEN

    def take(self, name: str, argument: Argument) -> None:
        """Give one of our attributes what an argument says, if that can be said and is of its sort."""
        info = self.infos[name]
        if name == "padding" and argument.text.lower() == "valid":
            return
        if not argument.sayable:
            self.doubt(f"`{argument.text}` is nothing that a spec can say", whole=False)
        elif argument.value is not UNKNOWN and converted(info, argument.value) is None:
            self.doubt(f"`{name}` is {info.type.description} here, and `{argument.text}` is not")
        self.written[name] = _text(info, argument)

    def _bind(self, arguments: Sequence[Argument]) -> None:
        """Find the parameter of each argument; a lonely one by place is the one that cannot be left out."""
        places = [item for item in self.row.parameters if item.names != ("*",)]
        if len(arguments) == 1 and any(info.required for info in self.infos.values()):
            places = [item for item in places if item.mark != "~"]
        for place, argument in enumerate(arguments):
            if argument.name:
                self._give(argument, self._named(argument.name))
            elif len(places) == len(self.row.parameters) or place < len(places):
                self._give(argument, places[place] if place < len(places) else None)

    def _named(self, name: str) -> Parameter | None:
        found = next((each for each in self.parameters if name in each.names), None)
        own = self.operator.find_attribute(name) if found is None else None
        if own is not None:  # our name, which the tool does not have
            found = Parameter((name,), own)
            self.parameters.append(found)
        return found

    def _give(self, argument: Argument, parameter: Parameter | None) -> None:
        if parameter is None and argument.name:
            self.doubt(_nothing_like(argument.name), fits=False)
        elif parameter is None:
            self.doubt(f"`{argument.text}` is one positional argument too many for `{self.row.name}`", fits=False)
        elif self.given.setdefault(parameter.names[0], argument) is not argument:
            self.doubt(f"`{argument.name}` is given twice", fits=False)

    def convert(self, rules: Mapping[str, Rule]) -> None:
        """Give our attributes what the parameters say, and what the other tool leaves out and we do not."""
        for parameter in self.parameters:
            argument, default = self.given.get(parameter.names[0]), parameter.default
            told = argument or default or NOT_GIVEN
            if parameter.mark == "!":
                if argument is not None and (default is None or our_text(told.value) != our_text(default.value)):
                    self.doubt(_nothing_like(argument.name or parameter.names[0]))
            elif parameter.rule:
                try:
                    self._follow(parameter, told, rules)
                except (TypeError, ValueError, IndexError):
                    self.doubt(f"`{told.name}={told.text}` is nothing that {self.row.tool} takes", fits=False)
            elif parameter.mark != "~":
                self._plain(parameter, argument)
            elif argument is not None and (left_out := LEFT_OUT.get(parameter.names[0])):
                self.notes[f"`{parameter.names[0]}` is left out: {left_out.removesuffix(': leave it out')}"] = None

    def _follow(self, parameter: Parameter, argument: Argument, rules: Mapping[str, Rule]) -> None:
        """A value that means something else here."""
        if parameter.rule not in CONVERSIONS:
            rules[parameter.rule](self, argument)
            return
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
            elif converted(self.infos[name], default.value) != (self.infos[name].default,):
                self.take(name, default)

    def finish(self) -> Written:
        """The layers, what stands by place first."""
        written = self.written
        missing = [name for name, info in self.infos.items() if info.required and name not in written]
        steps = self.infos.get("stride")
        if steps is not None and steps.default is None and written.get("stride") == written.get("kernel_size"):
            written.pop("stride", None)  # a pooling steps by its window
        by_place = []
        for name in self.operator.positional:
            if name not in written:
                break
            value = written.pop(name)
            is_pair = isinstance(self.infos[name].type, Pair) and value.isdigit()
            by_place.append(f"{value}x{value}" if is_pair else value)
        named = [f"{'pad' if name == 'padding' else name}={value}" for name, value in written.items()]
        first = " ".join((self.word, *by_place, *named, *(f"{name}=..." for name in missing)))
        fits, whole, layers = self.fits and not missing, self.whole and not missing, (first, *self.following)
        return Written(
            self.row.name, layers, self.label, tuple(self.doubts), tuple(self.notes), whole, tuple(missing), fits
        )


def _nothing_like(name: str) -> str:
    return f"cnndsl has nothing like `{name}`" + (f": {INSTEAD[name]}" if name in INSTEAD else "")


def converted(info: Attribute, value: object) -> tuple[object] | None:
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
