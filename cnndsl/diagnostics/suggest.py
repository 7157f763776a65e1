"""Did you mean: the names nearest to a misspelt one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

__all__ = ["distance", "nearest", "one_of", "with_article"]


# No more names than these are compared with a word: a file may define thousands, and hold thousands of unknown ones.
_MOST_NAMES = 64

_BEGINS_WITH_VOWEL = r"(?i)[`'\"]?(?:[aeio]|u(?!n[iu]|s[ei])|8|1[18](?!\d))"


def distance(left: str, right: str, most: int) -> int:
    """Edits between two words: insertions, deletions, replacements and swaps of neighbours (Damerau 1964).

    Whatever is above ``most`` may come out as any number above it: only so many positions off the diagonal are looked at.
    """
    far = most + 1
    earlier: list[int] = []
    previous: list[int] = []
    current = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        earlier, previous, current = previous, current, [i] + [far] * len(right)
        for j in range(max(1, i - most), min(len(right), i + most) + 1):
            b = right[j - 1]
            cost = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            current[j] = cost
        if min(current) > most:
            return far
    return current[-1]


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The one name that the word is a slip of, or None.

    At most a third of its letters differ, at least one is the same, and no other name is as near.
    """
    if len(word) > 40:
        return None
    lowered = word.lower()
    allowed = max(1, min(3, len(word) // 3))
    near = _near(lowered, dict.fromkeys(names), allowed)
    ranked = sorted((distance(lowered, name.lower(), allowed), name) for name in near)
    if not ranked or ranked[0][0] > allowed or ranked[0][0] >= max(len(word), len(ranked[0][1])):
        return None
    if len(ranked) > 1 and ranked[1][0] == ranked[0][0]:
        return None
    return ranked[0][1]


def _near(word: str, names: Iterable[str], allowed: int) -> list[str]:
    """The names of nearly this length, those that begin alike before others, as many as are compared."""

    def beginning(alike: bool) -> Iterator[str]:
        return (
            name for name in names if abs(len(name) - len(word)) <= allowed and (name[:1].lower() == word[:1]) is alike
        )

    return list(islice(chain(beginning(True), beginning(False)), _MOST_NAMES))


def with_article(text: str) -> str:
    """The text after ``a``, or after ``an`` where it is spoken with a vowel: an 11x11, an 8, an 18, a 100, an input."""
    return f"{'an' if re.match(_BEGINS_WITH_VOWEL, text) else 'a'} {text}"


def one_of(names: Iterable[str], word: str = "or") -> str:
    """``a, b or c`` for messages."""
    *rest, last = list(names)
    return f"{', '.join(rest)} {word} {last}" if rest else last
