"""The source of a network for a page: numbered lines, each an anchor, coloured by what their words are."""

from __future__ import annotations

import html
from collections.abc import Iterator

from ....diagnostics.text import sanitize
from ....ops import OPERATORS
from ....source import Source
from ....syntax.lexer import Token, tokenize
from ....syntax.tables import KEYWORDS

__all__ = ["listing"]

_CLASSES = {"SIZE": "number", "NUMBER": "number", "STRING": "string", "ARROW": "contract"}
_CLASSES |= dict.fromkeys(KEYWORDS.values(), "keyword")
_BEFORE_LAYERS = ("", "PIPE", "COLON", "LBRACE", "RBRACE")


def listing(source: Source, number: int) -> str:
    """The text of a source; the anchor of line 7 in source 0 is ``S0L7``."""
    count = source.line_count - (source.line_count > 1 and not source.line(source.line_count))
    lines = (_line(source.line(line), f"S{number}L{line}", line) for line in range(1, count + 1))
    return f'<h2>{_escape(source.name)}</h2>\n<div class="code">{"".join(lines)}</div>'


def _line(text: str, id_: str, number: int) -> str:
    colored = "".join(_colored(text.expandtabs(4)))
    return f'<div class="line" id="{id_}"><a href="#{id_}">{number}</a><span>{colored}</span></div>'


def _colored(text: str) -> Iterator[str]:
    """The text of a line, which no token leaves, in stretches of one colour."""
    end = 0
    for start, stop, class_ in _stretches(text):
        yield _escape(text[end:start])
        yield f'<b class="{class_}">{_escape(text[start:stop])}</b>'
        end = stop
    yield _escape(text[end:])


def _stretches(text: str) -> list[tuple[int, int, str]]:
    source = Source("", text)
    tokens, comments = tokenize(source)
    before = ("", *(token.type for token in tokens))
    classes = (_class(token, source, last) for token, last in zip(tokens, before, strict=False))
    found = [(token.start, token.end, class_) for token, class_ in zip(tokens, classes, strict=True) if class_]
    return [*found, *((comment.start, comment.start + len(comment.text), "comment") for comment in comments)]


def _class(token: Token, source: Source, last: str) -> str:
    is_layer = token.type in ("NAME", "CALLNAME") and last in _BEFORE_LAYERS and token.text(source) in OPERATORS
    return "operator" if is_layer else _CLASSES.get(token.type, "")


def _escape(text: str) -> str:
    return html.escape(sanitize(text))
