"""What another tool, a lecture or a paper means by the name of a layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from ..ops import OPERATORS
from ..record import Record
from .lookup import call_in_our_words, every_row
from .names import SEVERAL, fold, layer_named
from .records import Row
from .tool_names import LAYERS

__all__ = ["ForeignName", "doubt_of_name", "meaning", "rows_meant"]


class ForeignName(Record):
    """What a word means in other tools: ``layer`` is it in our words, empty if there is nothing like it.

    It is ``exact`` if the layer has the same defaults and its first arguments are the same; else the sentence says why not.
    """

    layer: str
    exact: bool
    sentence: str


def meaning(word: str) -> ForeignName | None:
    """What another tool, a lecture or a paper means by the name of a layer; None if none has it."""
    last = word.rpartition(".")[2]
    tools, rows = _tools_with(last, LAYERS), rows_meant(last)
    if rows:
        written = call_in_our_words(rows, ())
        layer = " ".join(part for part in written.line.split() if "..." not in part)
        doubt = next(iter(written.doubts), "") or _doubt_of_places(rows) or doubt_of_name(last, rows)
        return ForeignName(layer, not doubt, doubt)
    named, sentence = layer_named(last, OPERATORS), SEVERAL.get(fold(last), "")
    if named is not None:
        return ForeignName(named, True, "")
    if not (tools or sentence):
        return None
    is_of = "known from papers" if tools[:1] == ("papers",) else f"a layer of {' and '.join(tools)}"
    return ForeignName("", False, sentence or f"`{word}` is {is_of}, and cnndsl has nothing like it")


def _tools_with(word: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """The tools that have a name, whatever its capitals and underscores."""
    return tuple(tool for tool, text in names.items() if fold(word) in _folded(text))


@cache
def _folded(text: str) -> frozenset[str]:
    return frozenset(map(fold, text.split()))


def _doubt_of_places(rows: Sequence[Row]) -> str:
    """What stands first in a call of the tool, if it is not what stands first here."""
    for row in rows:
        theirs = [item.ours for item in row.parameters if item.mark != "~"]
        ours = list(OPERATORS[row.word].positional)
        if theirs[: len(ours)] != ours:
            return f"`{row.name}` of {row.tool} begins with {theirs[0]}, `{row.word}` with {ours[0]}"
    return ""


def doubt_of_name(word: str, rows: Sequence[Row]) -> str:
    """Our own name in other capitals, which a tool means otherwise."""
    own = next((name for name in OPERATORS if fold(name) == fold(word)), None)
    return f"`{word}` of {rows[0].tool} is not `{own}`, whose defaults are others" if own is not None else ""


def rows_meant(word: str) -> tuple[Row, ...]:
    """The rows that a word means which stands before arguments without parentheses.

    Our own name in other capitals is ours where one tool at least means it so, or none has it.
    """
    exact = tuple(row for row in every_row() if row.name == word)
    own = layer_named(word, OPERATORS)
    if own is not None and fold(own) == fold(word):
        same = [row for row in exact if row.layers == (own,) and not call_in_our_words([row], ()).doubts]
        return exact if not same or _doubt_of_places(same) else ()
    return exact or (() if own else tuple(row for row in every_row() if fold(row.name) == fold(word)))
