"""The long explanation of a kind of mistake: one Markdown page per code, beside this file in ``pages/``."""

from __future__ import annotations

import os

__all__ = ["PAGES", "explanation"]

PAGES = os.path.join(os.path.dirname(__file__), "pages")


def explanation(code: str) -> str:
    """The page of a code such as ``E0301``, as Markdown.

    Raises:
        KeyError: If no kind has this code.
    """
    from .kinds import all_kinds

    kind = all_kinds()[code]
    with open(os.path.join(PAGES, f"{kind.code}.md"), encoding="utf-8") as stream:
        return stream.read()
