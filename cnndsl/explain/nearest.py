"""Which of the known names a word that nothing is called by stands for: one ranking, whatever the names are of."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics.suggest import distance, nearest
from .edits import Suggestion
from .foreign import fold

__all__ = ["candidate"]


def candidate(word: str, known: Iterable[str], foreign: Suggestion | None = None) -> Suggestion | None:
    """The name that is the word but for case and underscores, else ``foreign``, which it stands for, else the nearest."""
    names = tuple(dict.fromkeys(known))
    same = [name for name in names if fold(name) == fold(word)]
    if len(same) == 1:
        return Suggestion(same[0], certain=True)
    near = nearest(word, names) if foreign is None else None
    return foreign if near is None else Suggestion(near, certain=_is_slip(word.lower(), near.lower()))


def _is_slip(word: str, name: str) -> bool:
    """Whether the hand slipped: a letter or two in a long word are wrong, and no digit, which may count something."""
    allowed = 1 if len(name) < 8 else 2
    digits = [[char for char in text if char.isdecimal()] for text in (word, name)]
    return len(name) > 2 and digits[0] == digits[1] and distance(word, name, allowed) <= allowed
