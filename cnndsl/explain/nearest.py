"""Which of the known names a word that nothing is called by stands for: one ranking, whatever the names are of."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics.suggest import distance, nearest
from ..record import Record
from .foreign import fold

__all__ = ["Candidate", "candidate"]

_DIGITS_MISREAD = str.maketrans("lIoO", "1100")


class Candidate(Record):
    """A name that may have been meant.

    ``certain`` if the word is a slip of it and can be nothing else; without ``offered`` the word means something in another
    framework, so that it is a question and no edit. ``differs`` says in what the two are not the same.
    """

    name: str
    certain: bool = False
    offered: bool = True
    differs: str = ""

    @property
    def question(self) -> str:
        """What to ask at the word."""
        return f"did you mean `{self.name}`?"


def candidate(word: str, known: Iterable[str], foreign: Candidate | None = None) -> Candidate | None:
    """The name that is the word but for case and underscores, else ``foreign``, which it stands for, else the nearest."""
    names = tuple(dict.fromkeys(known))
    same = [name for name in names if fold(name) == fold(word)]
    if len(same) == 1:
        return Candidate(same[0], True)
    if foreign is not None:
        return foreign
    near, number = nearest(word, names), word.translate(_DIGITS_MISREAD)
    if near is not None:
        return Candidate(near, _is_slip(word.lower(), near.lower()))
    return Candidate(number, True) if number.isdecimal() else None


def _is_slip(word: str, name: str) -> bool:
    """Whether the hand slipped: a letter or two in a long word are wrong, and no digit, which may count something."""
    allowed = 1 if len(name) < 8 else 2
    digits = [[char for char in text if char.isdecimal()] for text in (word, name)]
    return len(name) > 2 and digits[0] == digits[1] and distance(word, name, allowed) <= allowed
