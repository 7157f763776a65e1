"""What begins like a number or a size and is none, and what it is meant for."""

from __future__ import annotations

import re

__all__ = ["number_meant"]

_WELL_FORMED = re.compile(r"([0-9]+|\?)(x([0-9]+|\?))+|[0-9][0-9_]*(\.[0-9]+)?([eE][+-]?[0-9]+)?[kMGT]?")
_LETTERS = str.maketrans("XOolI", "x0011")
_UNITS = re.compile(r"([0-9][0-9_]*(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?:px|f|F|L|l|u|U|d|st|nd|rd|th)")


def number_meant(text: str) -> str:
    """The number or size that a text is meant for; empty if that is not clear."""
    digits = sum(char.isdigit() for char in text)
    readings = (text.translate(_LETTERS), text.removesuffix("x"), text.replace("m", "M"), text.replace("K", "k"))
    found = next((reading for reading in readings if reading != text and _WELL_FORMED.fullmatch(reading)), "")
    if found and digits:
        return found
    unit = _UNITS.fullmatch(text)
    return unit[1] if unit else ""
