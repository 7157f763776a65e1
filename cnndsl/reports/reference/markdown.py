"""What all pages of the reference share: their head, tables, and docstrings as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from inspect import cleandoc

from ...attributes import Attribute, Declared, format_value

__all__ = ["anchor", "attribute_table", "code", "docstring", "head", "table"]

_NOTE = "<!-- Made by `python docs/generate.py`; do not edit. -->"


def head(title: str, *paragraphs: str) -> list[str]:
    """The lines that a page begins with."""
    lines = [_NOTE, "", f"# {title}", ""]
    for paragraph in paragraphs:
        lines += [paragraph, ""]
    return lines


def code(text: str) -> str:
    """A text as code in a line, or in the cell of a table."""
    return f"`{text}`".replace("|", "\\|")


def anchor(title: str) -> str:
    """What GitHub calls the place of a title in a page."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table and the empty line after it; nothing if it has no rows."""
    cells = [list(row) for row in rows]
    if not cells:
        return []
    lines = [columns, ["---"] * len(columns), *cells]
    return [*(f"| {' | '.join(line)} |" for line in lines), ""]


def docstring(declared: type[Declared]) -> list[str]:
    """The documentation of a class as paragraphs, each on one line."""
    text = cleandoc(declared.__doc__ or "")
    paragraphs = [" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", text)]
    return [line for paragraph in paragraphs for line in (_escape(paragraph.replace("``", "`")), "")]


def _escape(text: str) -> str:
    """The text with stars that are not emphasis, but for those in code."""
    return re.sub(r"`[^`]*`|\*", lambda found: "\\*" if found[0] == "*" else found[0], text)


def attribute_table(declared: type[Declared]) -> list[str]:
    """The attributes of a layer or a setting, in the order in which they are declared."""
    rows = (_row(declared, name, info) for name, info in declared.attributes().items())
    return table(("attribute", "value", "default", "meaning"), rows)


def _row(declared: type[Declared], name: str, info: Attribute) -> tuple[str, str, str, str]:
    names = " or ".join(code(word) for word in (name, *info.aliases))
    if name in declared.positional:
        names += f" ({_ORDINALS[declared.positional.index(name)]})"
    return names, info.type.description, _default(info), info.doc


_ORDINALS = ("first", "second", "third")


def _default(info: Attribute) -> str:
    if info.required:
        return "must be given"
    return "" if info.default is None else code(format_value(_alike(info.default)))


def _alike(value: object) -> object:
    """One number in place of several equal ones, as it would be written."""
    while isinstance(value, tuple) and len(set(value)) == 1:
        value = value[0]
    return value
