"""Letters that stand where a digit belongs: ``1Ox10``, ``lx28x28``, ``le-3``."""

from __future__ import annotations

import re

__all__ = ["digits_meant"]

_DIGITS = str.maketrans("OolI", "0011")
_NUMBER = re.compile(r"[0-9][0-9_]*(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?[kMGT]?|(?:[0-9]+|\?)(?:x(?:[0-9]+|\?))+")


def digits_meant(text: str) -> str:
    """The number or size that a word is if its letters O, l and I are digits; empty if it is none, or is one as it is."""
    written = text.translate(_DIGITS)
    digits = sum(character.isdigit() for character in text)
    return written if digits and written != text and _NUMBER.fullmatch(written) else ""
