"""What was meant by a value that an attribute cannot have, where that can be told from the value itself."""

from __future__ import annotations

import re
from typing import Any

from ..attributes import Attribute, Boolean, Integer, Number, Pair
from ..record import Record

__all__ = ["Meant", "meant_truth", "meant_value"]

_TRUTH = {
    **dict.fromkeys(("no", "off", "n", "f", "none", "without", "disabled", "false", "0"), "false"),
    **dict.fromkeys(("yes", "on", "y", "t", "enabled", "true", "1"), "true"),
}
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?|[0-9]+x[0-9]+", re.IGNORECASE)


class Meant(Record):
    """What to say, the text to write in place of the value (empty if nobody can tell), and whether that is certain."""

    help: str
    replacement: str = ""
    certain: bool = False


def meant_truth(text: str) -> str | None:
    """``true`` or ``false`` for a word that other languages have for it."""
    return _TRUTH.get(text.lower())


def meant_value(name: str, info: Attribute, value: Any, text: str) -> Meant | None:
    """What was meant by ``text``, whose value is ``value``; None if nothing can be said."""
    type_ = info.type
    if isinstance(type_, Boolean):
        truth = meant_truth(str(value)) if type(value) in (int, str) else None
        return Meant(f"write `{truth}`", truth, True) if truth else None
    if type(value) is str:
        bare = value.strip().lower()
        return Meant(f"without quotes: `{bare}`", bare, True) if _NUMBER.fullmatch(bare) else None
    if isinstance(value, list | tuple):
        return _of_several(name, info, value)
    if name == "p" and type(value) in (int, float) and 1 < value <= 100:
        return Meant(f"{value} % is `{value / 100:g}`", f"{value / 100:g}")
    if isinstance(value, float) and "/" in text:
        return Meant("`/` gives a number with a point; `//` divides whole numbers")
    if isinstance(value, float) and not isinstance(type_, Number):
        return _whole(value, text)
    return None


def _of_several(name: str, info: Attribute, value: list[Any] | tuple[Any, ...]) -> Meant | None:
    if not all(type(item) is int for item in value):
        return None
    if isinstance(value, tuple) and len(value) == 2 and value[0] == 0:
        return Meant(f"numbers are decimal here: hexadecimal 0x{value[1]} is `{int(str(value[1]), 16)}`")
    if isinstance(value, list) and len(value) == 2 and (isinstance(info.type, Pair) or name == "padding"):
        text = f"{value[0]}x{value[1]}"
        return Meant(f"height and width are written `{text}`", text, True)
    if name == "padding" and len(value) == 4 and len(set(value)) == 1:
        return Meant(f"the same on all four sides is `{value[0]}`", str(value[0]), True)
    if name == "padding" and len(value) == 4:
        return Meant("name the sides, as in `pad=(top=0, bottom=1, left=0, right=1)`")
    if isinstance(info.type, Pair) and len(value) == 3:
        kept = value[:2] if value[0] == value[1] else value[1:]
        text = f"{kept[0]}x{kept[1]}"
        return Meant(f"a window has a height and a width, and goes through all channels: `{text}`", text)
    if len(set(value)) == 1 and isinstance(info.type, Integer):
        return Meant(f"it is one number here: `{value[0]}`", str(value[0]))
    return None


def _whole(value: float, text: str) -> Meant | None:
    """A whole number that is written or computed with a point."""
    if value.is_integer() and re.fullmatch(r"[0-9.eE+]+", text):
        return Meant(f"a whole number has no point: `{int(value)}`", str(int(value)), True)
    if not re.fullmatch(r"-?[0-9.eE+-]+", text):
        inner = text[1:-1] if text.startswith("(") and text.endswith(")") else text
        return Meant(f"`round({inner})` is a whole number", f"round({inner})" if inner.isascii() else "")
    return None
