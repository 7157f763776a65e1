"""What a call of another tool is made of, and what it becomes: facts without behaviour."""

from __future__ import annotations

import re
from ast import literal_eval
from functools import cache
from typing import Any

from ..record import Record

__all__ = ["NOT_GIVEN", "UNKNOWN", "Argument", "Parameter", "Row", "Written", "our_text", "row"]


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
    value: Any = UNKNOWN
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

    @property
    def word(self) -> str:
        """Our layer."""
        return self.layers[0].split()[0]

    def find(self, name: str) -> Parameter | None:
        """The parameter of a name."""
        return next((each for each in self.parameters if name in each.names), None)

    def without(self, *names: str) -> Row:
        """The same without these parameters."""
        return self.replace(parameters=tuple(each for each in self.parameters if each.names[0] not in names))


class Written(Record):
    """What something of another tool is in our words: layers, the name that it gives them, and doubts whether it is the same;
    notes say what is left out.

    The layers are ``whole`` unless more has to be said than they do; what is ``missing`` has ``...`` in its place. A call
    ``fits`` if the tool of its row would take it.
    """

    name: str
    layers: tuple[str, ...] = ()
    label: str = ""
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    whole: bool = True
    missing: tuple[str, ...] = ()
    fits: bool = True

    @property
    def line(self) -> str:
        return " | ".join(self.layers)

    def after(self, *values: Written) -> Written:
        """This, after other layers."""
        every = (*values, self)
        return self.replace(
            layers=tuple(layer for each in every for layer in each.layers),
            doubts=tuple(dict.fromkeys(doubt for each in every for doubt in each.doubts)),
            notes=tuple(dict.fromkeys(note for each in every for note in each.notes)),
            whole=all(each.whole for each in every),
        )

    def doubted(self, *doubts: str) -> Written:
        """This with more doubts, of which those without words are none."""
        return self.replace(doubts=(*self.doubts, *filter(None, doubts)))


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
    value = None if found[4] is None else literal_eval(found[4])
    default = None if found[4] is None else Argument(names[0], our_text(value), value)
    mark = "~" if text == "input" else found[5]  # the value that a function works on
    return Parameter(names, found[2] or names[0], found[3] or "", default, mark)


def our_text(value: object) -> str:
    """A literal of Python as ours."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.12g}".replace("e-0", "e-") if isinstance(value, float) else str(value)
