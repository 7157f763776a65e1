"""One call of another tool's layer, put into our words by its row of the tables.

A call is *certain* if our words mean the same numbers and parameters as theirs. What has no counterpart, and what is only
near, is a doubt: a plain sentence that says what differs and how to write it.
"""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from ...attributes import Attribute, Boolean, Declared, Pair, ValueProblem, Word
from ...diagnostics import Edit
from ...ops import OPERATORS
from ...ops.geometry import PaddingType
from ...record import Record

__all__ = ["NOT_GIVEN", "UNKNOWN", "Argument", "Call", "Parameter", "Row", "Translation", "Written", "row", "write"]


class _Unknown:
    """The value of what is no literal."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = _Unknown()


class Argument(Record):
    """An argument: its name, empty by place; its text in our words; its value, if it is a literal.

    It is ``sayable`` unless its text is nothing that a spec can compute.
    """

    name: str
    text: str
    value: object = UNKNOWN
    sayable: bool = True


NOT_GIVEN = Argument("", "", None)


class Parameter(Record):
    """One parameter of a row: see ``layers`` for how it is written."""

    names: tuple[str, ...]
    ours: str
    rule: str = ""
    default: Argument | None = None
    mark: str = ""


class Row(Record):
    """How a tool calls a layer: the layers that it is here, and its parameters in order."""

    tool: str
    name: str
    layers: tuple[str, ...]
    parameters: tuple[Parameter, ...]


class Written(Record):
    """A call in our words: its layers, the name that it gives them, and why it is not certain, if it is not.

    ``fits`` if the tool would take the call, ``whole`` if the layers say all of it. The attributes that are ``missing`` have
    ``...`` in their place.
    """

    row: Row
    layers: tuple[str, ...]
    label: str
    doubts: tuple[str, ...]
    notes: tuple[str, ...]
    fits: bool
    whole: bool
    missing: tuple[str, ...]

    @property
    def line(self) -> str:
        return " | ".join(self.layers)

    @property
    def reasons(self) -> tuple[str, ...]:
        """All that keeps it from being certain."""
        named = " and ".join(f"`{name}`" for name in self.missing)
        return (*self.doubts, f"{named} must be given") if self.missing else self.doubts


class Translation(Record):
    """A statement of another tool in our words.

    ``line`` is what it is here, empty if that cannot be said; it is ``certain`` if it means the same. ``reasons`` say what
    does not, ``notes`` what is written otherwise and means the same; ``edits`` put the line in place of the statement.
    """

    name: str
    line: str
    certain: bool
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    edits: tuple[Edit, ...]


Rule = Callable[["Call", Parameter, Argument], None]

_EXTENTS = (Pair, PaddingType)

_PARAMETER = re.compile(r"([\w|]+|\*)(?:>(\w+))?(?:@(\w+))?(?:=([^~!]+))?([~!]?)")


@cache
def row(tool: str, name: str, text: str) -> Row:
    """A row of a table, read."""
    layers, _, parameters = text.partition(":")
    return Row(tool, name, tuple(layers.strip().split(" | ")), tuple(map(_parameter, parameters.split())))


def _parameter(text: str) -> Parameter:
    found = _PARAMETER.fullmatch(text)
    assert found is not None, text
    names = tuple(found[1].split("|"))
    default = (
        None if found[4] is None else Argument(names[0], _our_text(literal_eval(found[4])), literal_eval(found[4]))
    )
    mark = "~" if text == "input" else found[5]  # the value that a function works on
    return Parameter(names, found[2] or names[0], found[3] or "", default, mark)


def write(
    row: Row,
    arguments: Sequence[Argument],
    rules: Mapping[str, Rule],
    declared: type[Declared] | None = None,
    *,
    by_name: bool = False,
) -> Written:
    """The layers for a call with these arguments, or what else is ``declared``; with the names of all if ``by_name``."""
    call = Call(row, declared or OPERATORS[row.layers[0].split()[0]])
    call.bind(arguments)
    call.convert(rules)
    return call.finish(() if by_name else call.declared.positional)


class Call:
    """A call while it is being put into our words; rules change it."""

    def __init__(self, row: Row, declared: type[Declared]) -> None:
        self.row = row
        self.declared = declared
        self.word, *fixed = row.layers[0].split()
        self.fixed = dict(part.split("=") for part in fixed)
        self.following = list(row.layers[1:])
        self.given: dict[str, Argument] = {}
        self.own: dict[str, Argument] = {}  # by our name, which the tool does not have
        self.written: dict[str, str] = {}
        self.label = ""
        self.doubts: dict[str, None] = {}
        self.notes: dict[str, None] = {}
        self.fits = self.whole = True

    # What rules use

    def doubt(self, sentence: str) -> None:
        self.doubts[sentence] = None

    def note(self, sentence: str) -> None:
        self.notes[sentence] = None

    def argument(self, name: str) -> Argument:
        """What a parameter is given, or its default."""
        parameter = next(item for item in self.row.parameters if name in item.names)
        return self.given.get(parameter.names[0]) or parameter.default or NOT_GIVEN

    def set(self, attribute: str, text: str) -> None:
        """Give one of our attributes, in our words."""
        self.written[attribute] = text

    def take(self, name: str, attribute: str, argument: Argument) -> None:
        """Give one of our attributes what an argument says, if it can be said and has the same sort of value."""
        info = self.declared.attributes()[attribute]
        text = _text(info, argument)
        if not argument.sayable:
            self.whole = False
            self.doubt(f"`{argument.text}` is nothing that a spec can say")
        elif argument.value is not UNKNOWN and _converted(info, argument.value) is None:
            self.doubt(f"`{attribute}` is {info.type.description} here, which `{name}={argument.text}` is not")
        self.set(attribute, text)

    # The steps

    def bind(self, arguments: Sequence[Argument]) -> None:
        """Find the parameter of each argument; a lonely one by place is the one that cannot be left out."""
        places = [item for item in self.row.parameters if item.names != ("*",)]
        if len(arguments) == 1 and not arguments[0].name and any(info.required for info in self._infos.values()):
            places = [item for item in places if item.mark != "~"]
        for place, argument in enumerate(arguments):
            if argument.name:
                self._bind_named(argument)
            elif place < len(places):
                self.given[places[place].names[0]] = argument
            elif not self._takes_anything:
                self._misfit(f"`{argument.text}` is one argument more than `{self.row.name}` takes by place")

    def convert(self, rules: Mapping[str, Rule]) -> None:
        """Give our attributes what the parameters say, and what the other tool leaves out and we do not."""
        for parameter in self.row.parameters:
            argument = self.given.get(parameter.names[0])
            if parameter.mark == "~":
                continue
            if parameter.mark == "!":
                self._without_counterpart(parameter, argument)
            elif parameter.rule:
                rules[parameter.rule](self, parameter, argument or parameter.default or NOT_GIVEN)
            else:
                self._plain(parameter, argument)
        for name, argument in self.own.items():
            self.take(name, name, argument)

    def finish(self, places: Sequence[str]) -> Written:
        """The layers, what stands by place first."""
        written = self.fixed | self.written
        missing = tuple(name for name, info in self._infos.items() if info.required and name not in written)
        if self._steps_by_its_window and written.get("stride") == written.get("kernel_size"):
            written.pop("stride", None)
        first = " ".join(
            (self.word, *self._by_place(places, written), *_by_name(written), *(f"{name}=..." for name in missing))
        )
        doubts, notes = tuple(self.doubts), tuple(self.notes)
        fits, whole = self.fits and not missing, self.whole and not missing
        return Written(self.row, (first, *self.following), self.label, doubts, notes, fits, whole, missing)

    @property
    def _infos(self) -> dict[str, Attribute]:
        return self.declared.attributes()

    @property
    def _steps_by_its_window(self) -> bool:
        """Whether the stride of a pooling, left out, is its window."""
        return "stride" in self._infos and self._infos["stride"].default is None

    @property
    def _takes_anything(self) -> bool:
        return any(item.names == ("*",) for item in self.row.parameters)

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
        elif not self._takes_anything:
            self._misfit(_nothing_like(name))

    def _of_every_keras_layer(self, argument: Argument) -> None:
        if argument.name == "name":
            self.label = argument.text
        elif argument.name == "trainable" and argument.value is not True:
            self.doubt("every parameter is trained: there is no `trainable`")
        elif argument.name in ("input_shape", "batch_input_shape", "input_dim"):
            self.note(f"`{argument.name}` is left out: the shape stands once, channels first, in `input`")

    def _without_counterpart(self, parameter: Parameter, argument: Argument | None) -> None:
        if argument is None or (parameter.default is not None and _same(argument.value, parameter.default.value)):
            return
        self.doubt(_nothing_like(parameter.names[0]))

    def _plain(self, parameter: Parameter, argument: Argument | None) -> None:
        """A parameter that means the same as our attribute."""
        name, default = parameter.names[0], parameter.default
        info = self._infos[parameter.ours]
        if argument is not None and argument.value is None:
            if default is not None and default.value is not None:
                self.doubt(f"`{name}=None` has no counterpart here")
            return
        if argument is not None:
            self.take(name, parameter.ours, argument)
        elif default is not None and default.value is not None and _converted(info, default.value) != (info.default,):
            self.set(parameter.ours, _text(info, default))

    def _by_place(self, places: Sequence[str], written: dict[str, str]) -> list[str]:
        """Those that stand by place, as long as none is missing between them."""
        texts = []
        for name in places:
            if name not in written:
                break
            value = written.pop(name)
            is_size = isinstance(self._infos[name].type, Pair) and value.isdigit()
            texts.append(f"{value}x{value}" if is_size else value)
        return texts


def _by_name(written: dict[str, str]) -> list[str]:
    return [f"{'pad' if name == 'padding' else name}={value}" for name, value in written.items()]


_OF_EVERY_KERAS_LAYER = frozenset(
    ("name", "trainable", "dtype", "autocast", "input_shape", "batch_input_shape", "input_dim")
)

_INSTEAD = {
    "padding_mode": "`pad 1 mode=reflect` before the layer pads otherwise than with zeros",
    "size": "`upsample` takes a factor, not a size",
    "return_indices": "a pooling gives its values alone",
    "noise_shape": "`dropout` drops each number by itself, `dropout2d` whole channels",
    "weight_decay": "`weight_decay` of Keras is taken off the weights themselves, as `adamw` does it",
    "output_padding": "the size of the output follows from `padding`",
    **dict.fromkeys(
        ("track_running_stats", "renorm"), "running statistics are kept by `bn` and by no other normalisation"
    ),
    **dict.fromkeys(("ceil_mode",), "`lppool` leaves a last window out that is only partly filled"),
}


def _nothing_like(name: str) -> str:
    if name.endswith(("_initializer", "_filler")):
        instead = "initial weights follow from the layers and from `seed`"
    elif name.endswith("_regularizer"):
        instead = "a penalty on the weights is the `weight_decay` of the optimizer"
    else:
        instead = _INSTEAD.get(name, "")
    return f"nothing here is like `{name}`" + (f": {instead}" if instead else "")


def _same(left: object, right: object) -> bool:
    return left == right and isinstance(left, bool) is isinstance(right, bool)


def _converted(info: Attribute, value: object) -> tuple[object] | None:
    """The value of a field, in a tuple; None if it is none."""
    try:
        return (info.type.convert(_our_value(info, value)),)
    except ValueProblem:
        return None


def _our_value(info: Attribute, value: object) -> object:
    if isinstance(value, list | tuple):
        items = tuple(value)
        return items[0] if len(items) == 1 and not isinstance(info.type, Pair) else items
    if isinstance(info.type, Boolean) and value in (0, 1):
        return bool(value)
    return Word(value) if isinstance(value, str) else value


def _text(info: Attribute, argument: Argument) -> str:
    """A value as the language writes it for an attribute: ``3x5``, ``(1, 2)``, ``true``."""
    value = argument.value
    if isinstance(value, list | tuple):
        items = [_our_text(item) for item in value]
        if len(set(items)) == 1 and (isinstance(info.type, _EXTENTS) or len(items) == 1):
            return items[0]
        sizes = all(isinstance(item, int) and not isinstance(item, bool) for item in value)
        return "x".join(items) if isinstance(info.type, Pair) and sizes else f"({', '.join(items)})"
    if isinstance(info.type, Boolean) and value in (0, 1):
        return "true" if value else "false"
    return argument.text


def _our_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.12g}".replace("e-0", "e-")
    return str(value)
