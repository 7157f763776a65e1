"""What a word means in another tool, and calls in our own form whose word or attributes are another tool's.

``Conv2d 64 3x3`` and ``convolutional filters=32 size=3 stride=1 pad=1 activation=leaky`` can be read, but no layer has
these names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType

from ...diagnostics import Edit
from ...ops import OPERATORS
from ...record import Record
from ...syntax import ast
from .calls import Argument, Row, Translation, Written, write
from .lookup import call_in_our_words, every_row, own_row
from .names import SEVERAL, fold, layer_named
from .rules import RULES
from .tool_names import LAYERS

__all__ = ["ForeignName", "in_our_words", "meaning", "rows_in_our_form", "tools_with"]


class ForeignName(Record):
    """What a word means in other tools: ``layer`` is it in our words, empty if there is nothing like it.

    It is ``exact`` if the layer has the same defaults and its first arguments are the same; else the sentence says why not.
    """

    word: str
    tools: tuple[str, ...]
    layer: str
    exact: bool
    sentence: str


def meaning(word: str) -> ForeignName | None:
    """What another tool, a lecture or a paper means by the name of a layer; None if none has it."""
    last = word.rpartition(".")[2]
    tools = tools_with(last, LAYERS)
    rows = rows_in_our_form(last)
    if rows:
        return _by_rows(word, last, tools or tuple(dict.fromkeys(row.tool for row in rows)), rows)
    named = layer_named(last, OPERATORS)
    sentence = SEVERAL.get(fold(last), "")
    if named is not None or not (tools or sentence):
        return None if named is None else ForeignName(word, tools, named, True, "")
    is_of = "known from papers" if tools[:1] == ("papers",) else f"a layer of {' and '.join(tools)}"
    return ForeignName(word, tools, "", False, sentence or f"`{word}` is {is_of}, and nothing here is like it")


def tools_with(word: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """The tools that have a name, whatever its capitals and underscores."""
    folded = fold(word)
    return tuple(tool for tool, text in names.items() if folded in _folded(text))


@cache
def _folded(text: str) -> frozenset[str]:
    return frozenset(map(fold, text.split()))


def _by_rows(word: str, last: str, tools: tuple[str, ...], rows: Sequence[Row]) -> ForeignName:
    written = call_in_our_words(rows, ())
    layer = " ".join(part for part in written.line.split() if "..." not in part)
    doubts = list(written.doubts)
    doubts += [doubt for doubt in (_doubt_of_places(rows), _doubt_of_name(last, rows)) if doubt]
    return ForeignName(word, tools, layer, not doubts, next(iter(doubts), ""))


def _doubt_of_places(rows: Sequence[Row]) -> str:
    """What stands first in a call of the tool, if it is not what stands first here."""
    for row in rows:
        word = row.layers[0].split()[0]
        theirs = [item.ours for item in row.parameters if item.mark != "~"]
        ours = list(OPERATORS[word].positional)
        if theirs[: len(ours)] != ours:
            return f"`{row.name}` of {row.tool} begins with {theirs[0]}, `{word}` with {ours[0]}"
    return ""


def _doubt_of_name(word: str, rows: Sequence[Row]) -> str:
    """Our own name in other capitals, which a tool means otherwise."""
    own = next((name for name in OPERATORS if fold(name) == fold(word)), None)
    return f"`{word}` of {rows[0].tool} is not `{own}`, whose defaults are others" if own is not None else ""


def rows_in_our_form(word: str) -> tuple[Row, ...]:
    """The rows that a word means which stands before arguments without parentheses.

    Our own name in other capitals is ours where one tool at least means it so, or none has it.
    """
    exact = tuple(row for row in every_row() if row.name == word)
    own = layer_named(word, OPERATORS)
    if own is not None and fold(own) == fold(word):
        is_ours = any(row.layers == (own,) and not write(row, (), RULES).doubts for row in exact)
        return () if is_ours else exact
    folded = () if exact or own else tuple(row for row in every_row() if fold(row.name) == fold(word))
    return exact or folded


def in_our_words(statement: ast.Statement) -> Translation | None:
    """A call in our form whose word or attributes are those of another tool; None if nothing of it is."""
    action = statement.action
    if not isinstance(action, ast.Call) or action.body is not None:
        return None
    word = action.word.text
    rows = _rows_with_attributes(action) if word in OPERATORS else rows_in_our_form(word) or _rows_named(word)
    if not rows:
        return None
    written = call_in_our_words(rows, _arguments(action, rows[0].layers[0].split()[0]))
    doubts = [*written.reasons, _doubt_of_name(word, rows) if rows[0].tool and word not in OPERATORS else ""]
    if any(item.name is None for item in action.arguments):
        doubts.append(_doubt_of_places(rows) if rows[0].tool else "")
    if len(written.layers) > 1 and statement.labels:
        doubts.append("an activation is a layer of its own, and the label names the first one only")
    doubts = [doubt for doubt in doubts if doubt]
    edits = tuple(_edits(action, written)) if written.whole else ()
    return Translation(word, written.line, bool(edits) and not doubts, tuple(doubts), written.notes, edits)


def _rows_named(word: str) -> tuple[Row, ...]:
    """Our layer for a word of lectures."""
    named = layer_named(word, OPERATORS)
    return (own_row(named),) if named in OPERATORS else ()


def _rows_with_attributes(action: ast.Call) -> tuple[Row, ...]:
    """Our layer with attributes of another tool, and the layers of tools that have all of them."""
    word = action.word.text
    named = {item.name.text for item in action.arguments if item.name is not None}
    if all(OPERATORS[word].find_attribute(name) for name in named):
        return ()
    is_theirs = len(named) == len(action.arguments)
    theirs = [each for each in every_row() if is_theirs and each.layers[0].split()[0] == word and named <= _names(each)]
    return (own_row(word), *theirs)


def _names(row: Row) -> set[str]:
    return {name for parameter in row.parameters for name in parameter.names}


def _arguments(action: ast.Call, word: str, ours: Mapping[str, str] = MappingProxyType({})) -> list[Argument]:
    """The arguments, with our names for those that stand by place, and for those that ``ours`` has."""
    declared = OPERATORS[word]
    places = iter(declared.positional)
    named = [next(places, "") if item.name is None else item.name.text for item in action.arguments]
    return [
        _argument(declared.find_attribute(name) or ours.get(name, name), item.value)
        for name, item in zip(named, action.arguments, strict=True)
    ]


def _argument(name: str, value: ast.Expression) -> Argument:
    text = value.span.text
    match value:
        case ast.Number(value=number) | ast.Negative(operand=ast.Number(value=number)):
            return Argument(name, text, -number if isinstance(value, ast.Negative) else number)
        case ast.Size(extents=extents):
            return Argument(name, text, extents)
        case ast.Boolean(value=boolean):
            return Argument(name, text, boolean)
        case ast.String(value=string):
            return Argument(name, string, string)
        case ast.Variable(name=variable) if variable in _PYTHON:
            return Argument(name, variable.lower(), _PYTHON[variable])
        case ast.Variable(name=variable):
            return Argument(name, variable)
    return Argument(name, text)


_PYTHON = {"True": True, "False": False, "None": None}


def _edits(action: ast.Call, written: Written) -> Iterator[Edit]:
    """Our names in place of theirs, or the whole line if more than names differ."""
    word = written.row.layers[0].split()[0]
    ours = _arguments(action, word, {name: each.ours for each in written.row.parameters for name in each.names})
    known = all(each.name in OPERATORS[word].attributes() for each in ours)
    if not known or write(own_row(word), ours, RULES).line != written.line:
        yield Edit(action.span, written.line)
        return
    if action.word.text != word:
        yield Edit(action.word.span, word)
    for item, argument in zip(action.arguments, ours, strict=True):
        if item.name is not None and item.name.text != argument.name:
            yield Edit(item.name.span, argument.name)
