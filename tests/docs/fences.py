"""Fenced blocks of a page, and what their comments claim."""

from __future__ import annotations

import re
from pathlib import Path

from cnndsl.record import Record

DOCS = Path(__file__).parent.parent.parent / "docs"

_FENCE = re.compile(r"^```(?P<info>[^\n`]+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_CLAIM = re.compile(r"# (shape|names|error): ([^#]*)$")


class Fence(Record):
    """A fenced block: the words behind its opening, its text, and where that begins in the page: offset and line."""

    info: tuple[str, ...]
    text: str
    start: int
    line: int

    @property
    def language(self) -> str:
        return self.info[0]

    def option(self, name: str) -> str | None:
        """The value of ``name=value`` behind the language."""
        return next((word.partition("=")[2] for word in self.info if word.startswith(f"{name}=")), None)

    def claims(self) -> list[tuple[int, str, str]]:
        """Line in the text, sort and value of what its comments claim."""
        found = ((number, _CLAIM.search(line)) for number, line in enumerate(self.text.splitlines(), 1))
        return [(number, match[1], match[2].strip()) for number, match in found if match]


def fences(page: str) -> list[Fence]:
    """The fenced blocks of a page under docs/, in order."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return [
        Fence(tuple(match["info"].split()), match["text"], start, text.count("\n", 0, start) + 1)
        for match in _FENCE.finditer(text)
        for start in [match.start("text")]
    ]
