"""What other languages have in place of our statements, labels, arguments and bodies: each is read as what it means here."""

from __future__ import annotations

from ..diagnostics import Diagnostics
from ..diagnostics.kinds.names import UNKNOWN_LAYER
from ..source import Source
from .comments_elsewhere import take_comments
from .labels_elsewhere import take_braced_arguments
from .layout import take_layout
from .lexer import Token
from .signs_elsewhere import take_signs
from .statements_elsewhere import take_refused, take_statements
from .top_elsewhere import take_variables, without_signs_of_imports
from .words_elsewhere import take_words

__all__ = ["take_elsewhere"]


def take_elsewhere(
    source: Source, tokens: list[Token], diagnostics: Diagnostics, is_broken: bool
) -> tuple[list[Token], list[tuple[int, int]]]:
    """Report it; the tokens in our words, and the stretches of which all is said.

    What might be of our language too is left alone unless the text ``is_broken``.
    """
    if is_broken:
        return _take_all(source, tokens, diagnostics)
    found = Diagnostics()
    tokens = take_signs(source, tokens, found, is_broken=False)
    tokens, said = take_refused(source, tokens, found, is_broken=False)
    tokens, statements = take_statements(source, tokens, found, is_broken=False)
    for item in found.sorted():
        diagnostics.report(item.replace(kind=UNKNOWN_LAYER))  # the text is of the language: no layer is called so
    return tokens, said + statements


def _take_all(
    source: Source, tokens: list[Token], diagnostics: Diagnostics
) -> tuple[list[Token], list[tuple[int, int]]]:
    tokens, said = take_refused(source, tokens, diagnostics, is_broken=True)
    tokens = take_comments(source, without_signs_of_imports(source, tokens), diagnostics)
    tokens = take_signs(source, tokens, diagnostics, is_broken=True)
    tokens, bodies = take_layout(source, tokens, diagnostics)
    tokens = take_words(source, take_variables(source, tokens, diagnostics), diagnostics)
    tokens, statements = take_statements(source, tokens, diagnostics, is_broken=True)
    return take_braced_arguments(source, tokens, diagnostics), said + bodies + statements
