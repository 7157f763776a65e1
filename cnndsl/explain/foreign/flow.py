"""What the names of a pasted text stand for: the value that flows from layer to layer, a value with a label, or neither."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter

from .names import FLOW

__all__ = ["LONGEST", "Names"]

LONGEST = 20_000
"""No statement is read that is longer."""

_BOUND = re.compile(r"^[ \t]*((?:\w+\.)*)(\w+)[ \t]*(?:[-+*]?=(?!=)|:)", re.MULTILINE)
_WORDLESS = re.compile(r'"[^"\n]*"|\'[^\'\n]*\'|#[^\n]*')


class Names:
    """The names that a text binds, as ``name = ...`` and ``name: ...``, in order."""

    def __init__(self, text: str) -> None:
        self.text = text
        found = [(item.start(2), item[2], item[1]) for item in _BOUND.finditer(text)]
        self._count = Counter(name for _, name, _ in found)
        self._values = [(start, name) for start, name, owner in found if not owner.startswith("self.")]
        self._first: dict[str, int] = {}
        for start, name in self._values:
            self._first.setdefault(name, start)

    def flows(self, name: str, place: int) -> bool:
        """Whether a name is that of the value which enters the statement at a place.

        It is if the statement before gave the value this name, or gave none, and the name stands for whatever comes by.
        """
        before = self._before(place)
        return name == before if before else name in FLOW and not self.is_bound(name, place)

    def is_bound(self, name: str, place: int) -> bool:
        """Whether a value has this name before a place."""
        return self._first.get(name, len(self.text)) < place

    def is_label(self, name: str) -> bool:
        """Whether a name may be a label: it is bound once, and not to whatever comes by."""
        return bool(name) and name not in FLOW and self._count[name] <= 1

    def is_used(self, name: str) -> bool:
        """Whether a name stands anywhere but where it is bound."""
        found = re.findall(rf"(?<![\w.]){re.escape(name)}(?!\w)", self.text)
        return len(found) > self._count[name]

    def _before(self, place: int) -> str:
        """The name that the statement before a place gives its value; empty if it gives none."""
        index = bisect_left(self._values, (place, "")) - 1
        if index < 0:
            return ""
        start, name = self._values[index]
        is_near = place - start < LONGEST and _is_one_statement(self.text[start:place])
        return name if is_near else ""


def _is_one_statement(text: str) -> bool:
    depth = 0
    plain = _WORDLESS.sub("", text)
    for index, char in enumerate(plain):
        depth += (char in "([") - (char in ")]")
        if depth <= 0 and (char in "|{}" or (char == "\n" and plain[index:].strip())):
            return False
    return True
