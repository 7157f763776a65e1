"""What begins like a number or a size and is written in another way, and what it is meant for."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

__all__ = ["WrittenNumber", "written_number"]


class WrittenNumber(NamedTuple):
    """Where a number ends, and what it is in our form."""

    end: int
    meant: str


_WELL_FORMED = re.compile(r"([0-9]+|\?)(x([0-9]+|\?))+|[0-9][0-9_]*(\.[0-9]+)?([eE][+-]?[0-9]+)?[kMGT]?")
_LETTERS = str.maketrans("XOolI", "x0011")
_RUN = re.compile(r"[0-9?][\w?]*(?:\.[\w]+)*(?:(?<=[eE])[+-]\w+)?\.?")
_UNIT = re.compile(r"([0-9][0-9_]*(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?:px|f|F|L|l|u|U|d|st|nd|rd|th|\.)")


def _misread(text: str) -> str:
    """A run of digits and letters as the number that it is meant for; empty if that is not clear."""
    if not any(char.isdigit() for char in text):
        return ""
    readings = (text.translate(_LETTERS), text.removesuffix("x"), text.replace("m", "M"), text.replace("K", "k"))
    found = next((reading for reading in readings if reading != text and _WELL_FORMED.fullmatch(reading)), "")
    unit = _UNIT.fullmatch(text)
    return found or (unit[1] if unit else "")


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"([0-9]{1,2}(?:\.[0-9]+)?)[ ]?%(?![\w(])"), lambda found: f"{float(found[1]) / 100:g}"),
    (re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?![\w.,])"), lambda found: found[0].replace(",", "_")),
    (
        re.compile(r"(?:[0-9]+|\?)(?:[ \t]*[xX×*][ \t]*(?:[0-9]+|\?))+(?![\w.])"),
        lambda found: re.sub(r"[ \tX×*]+", "x", found[0]).replace("xxx", "x").replace("xx", "x"),
    ),
    (re.compile(r"[lIoO](?:[eE][+-]?[0-9]+|x[0-9]\w*)(?![\w.])"), lambda found: _misread(found[0])),
    (_RUN, lambda found: _misread(found[0])),
)


def written_number(text: str, start: int) -> WrittenNumber | None:
    """The number or size that is written at a place in another form: a share, thousands, with blanks, with wrong letters."""
    for form, meant in _FORMS:
        found = form.match(text, start)
        number = meant(found) if found else ""
        if found and number and number != found[0]:
            return WrittenNumber(found.end(), number)
    return None
