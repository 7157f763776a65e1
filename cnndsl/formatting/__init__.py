"""The one layout of a spec, made from its tokens and comments, so that nothing is lost that the tree does not hold.

Blanks, indentation and columns are the formatter's; where a line ends is mostly the author's, as a table of rows shows
what a filled paragraph does not. Parentheses that only group stay as written: they say how a formula is read.
"""

from __future__ import annotations

from ..diagnostics import Diagnostic, DiagnosticError
from ..diagnostics.kinds import limits
from ..source import MAX_SOURCE, Source
from ..syntax.parser import parse
from .columns import align_cases, text_of
from .layout import lay_out
from .pieces import pieces_of
from .spacing import set_breaks, set_gaps, without_needless

__all__ = ["format_source"]


def format_source(source: Source) -> str:
    """The text of a spec in its canonical layout.

    Its tree, its comments and their order are those of the source, and formatting it again changes nothing.

    Raises:
        Unreadable: If the text has a syntax error.
        DiagnosticError: E0901 if indentation would make it larger than a spec may be.
    """
    parse(source)
    pieces = pieces_of(source)
    set_gaps(pieces)
    set_breaks(pieces)
    pieces = without_needless(pieces)
    align_cases(pieces)
    text = text_of(lay_out(pieces))
    if len(text.encode()) > MAX_SOURCE:
        message = f"formatted, `{source.name}` would have more than {MAX_SOURCE // 1024} KiB"
        raise DiagnosticError(Diagnostic(limits.SOURCE_TOO_LARGE, message, help=("split it into several files",)))
    return text
