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
_WORD = re.compile(r"(?<![\w.])[A-Za-z_]\w*")
_WORDLESS = re.compile(r'"[^"\n]*"|\'[^\'\n]*\'|#[^\n]*')
_NESTED = re.compile(r"[(\[][^()\[\]]*[)\]]")
_DEEPEST = 20


class Names:
    """The names that a text binds, as ``name = ...`` and ``name: ...``, in order."""

    def __init__(self, text: str) -> None:
        self.text = text
        found = [(item.start(2), item[2], item[1]) for item in _BOUND.finditer(text)]
        self._bound = Counter(name for _, name, _ in found)
        self._words = Counter(_WORD.findall(text))
        self._values = [(start, name) for start, name, owner in found if not owner.startswith("self.")]
        self._first = {name: start for start, name in reversed(self._values)}

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
        return bool(name) and name not in FLOW and self._bound[name] <= 1

    def is_used(self, name: str) -> bool:
        """Whether a name stands anywhere but where it is bound."""
        return self._words[name] > self._bound[name]

    def _before(self, place: int) -> str:
        """The name that the statement before a place gives its value; empty if it gives none."""
        index = bisect_left(self._values, (place, "")) - 1
        start, name = self._values[index] if index >= 0 else (0, "")
        if index < 0 or place - start > LONGEST:
            return ""
        between = _WORDLESS.sub("", self.text[start:place])
        for _ in range(_DEEPEST if "(" in between or "[" in between else 0):
            between = _NESTED.sub("", between)
        return "" if re.search(r"[(\[|{}]|\n\s*\S", between.rstrip()) else name
