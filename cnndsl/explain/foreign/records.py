"""What a call of another tool is made of, and what it becomes: facts without behaviour."""

from __future__ import annotations

import re
from ast import literal_eval
from functools import cache
from typing import Any

from ...diagnostics import Edit
from ...record import Record

__all__ = ["NOT_GIVEN", "UNKNOWN", "Argument", "Parameter", "Row", "Translation", "Written", "our_text", "row"]


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

    @property
    def is_function(self) -> bool:
        """Whether its first argument is the value to work on."""
        return bool(self.parameters) and self.parameters[0].names[0] == "input"


class Written(Record):
    """A call in our words: its layers, the name that it gives them, and why it is not certain, if it is not.

    ``fits`` if the tool would take the call, ``whole`` if the layers say all of it. What is ``missing`` has ``...`` in its
    place.
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
