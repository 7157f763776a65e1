"""Text and positions in it. Offsets are kept; lines and columns are computed only when something is shown."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from .record import Record
from .version import VERSION

__all__ = ["MAX_SOURCE", "Source", "Span", "SpecRequest"]

MAX_SOURCE = 256 * 1024
"""Bytes of the largest text that is read."""

_set = object.__setattr__


class Source:
    """The text of one file, under the name by which the user knows it; ``path`` is where it lies, if it is a file."""

    def __init__(self, name: str, text: str, path: str | None = None) -> None:
        self.name = name
        self.path = path
        self.text = text.removeprefix("\ufeff")

    def __repr__(self) -> str:
        return f"Source({self.name!r})"

    @property
    def folder(self) -> str:
        """The folder of the file, in which the files lie that it names; the present one of a text that is not a file."""
        return os.path.dirname(self.path or "") or "."

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return starts

    @property
    def line_count(self) -> int:
        return len(self._line_starts)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1, the column in code points."""
        from bisect import bisect_right  # only for who shows something

        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line (from 1) without its end."""
        start = self._line_starts[number - 1]
        end = self._line_starts[number] if number < self.line_count else len(self.text) + 1
        return self.text[start : end - 1].removesuffix("\r")

    def rest_of_line(self, offset: int) -> tuple[int, int]:
        """The offsets from here to the end of the line."""
        from bisect import bisect_right  # only for who shows something

        line = bisect_right(self._line_starts, offset)
        return offset, self._line_starts[line] - 1 if line < self.line_count else len(self.text)


class Span(Record):
    """A stretch of a source, from offset ``start`` up to but not including ``end``."""

    source: Source
    start: int
    end: int

    def __init__(self, source: Source, start: int, end: int) -> None:
        # of all records the most frequent by far, some for each word of a text
        _set(self, "source", source)
        _set(self, "start", start)
        _set(self, "end", end)

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    def to(self, other: Span) -> Span:
        """The stretch from the start of this span to the end of another."""
        return Span(self.source, self.start, max(self.end, other.end))

    @property
    def first_word(self) -> Span:
        """The letters that the span begins with: the word of a structure, without its braces."""
        text = self.text
        length = next((index for index, char in enumerate(text) if not char.isalpha()), len(text))
        return Span(self.source, self.start, self.start + length)

    @property
    def position(self) -> tuple[int, int]:
        """Line and column of the start, both from 1."""
        return self.source.position(self.start)

    @property
    def end_position(self) -> tuple[int, int]:
        """Line and column just after the end, both from 1."""
        return self.source.position(self.end)


class SpecRequest(Record):
    """A source, the settings and the input shape for one of its networks, and that network's name unless it is the first."""

    source: Source
    settings: Mapping[str, Any] = {}
    network: str | None = None
    input_shape: tuple[int, ...] | None = None

    @property
    def key(self) -> str | None:
        """What the text is built for, as a text: with an equal one the same text gives the same graph.

        It names the version of this package. None where the text uses other files, which may change.
        """
        import json
        import re

        if "use" in self.source.text and re.search(r"\buse\b", self.source.text):
            return None
        return json.dumps([VERSION, dict(self.settings), self.network, self.input_shape], sort_keys=True, default=str)
