"""Did you mean: the names nearest to a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["nearest", "one_of"]


def distance(left: str, right: str) -> int:
    """Edits between two words: insertions, deletions, replacements and swaps of neighbours (Damerau 1964)."""
    earlier: list[int] = []
    previous: list[int] = []
    current = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        earlier, previous, current = previous, current, [i]
        for j, b in enumerate(right, 1):
            cost = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            current.append(cost)
    return current[-1]


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The one name that the word is a slip of, or None: at most a third of its letters differ, and no name is as near."""
    if len(word) > 40:
        return None
    lowered = word.lower()
    allowed = max(1, min(3, len(word) // 3))
    ranked = sorted(
        (distance(lowered, name.lower()), name) for name in set(names) if abs(len(name) - len(word)) <= allowed
    )
    if not ranked or ranked[0][0] > allowed:
        return None
    if len(ranked) > 1 and ranked[1][0] == ranked[0][0]:
        return None
    return ranked[0][1]


def one_of(names: Iterable[str]) -> str:
    """``a, b or c`` for messages."""
    *rest, last = list(names)
    return f"{', '.join(rest)} or {last}" if rest else last
