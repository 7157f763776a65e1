"""Places as other programs name them: paths from the current folder on, and columns in UTF-16 code units."""

from __future__ import annotations

import os

from ..source import Source

__all__ = ["relative_path", "utf16_column"]


def relative_path(source: Source) -> str:
    """The path of a source with slashes, from the current folder on if it lies there; its name if it is not a file."""
    if source.path is None or source.path != source.name:
        return source.name
    path = os.path.normpath(source.path)
    inside = os.path.join(os.getcwd(), "")
    if os.path.isabs(path) and path.startswith(inside):
        path = path[len(inside) :]
    return path.replace(os.sep, "/")


def utf16_column(source: Source, offset: int) -> int:
    """The column of an offset, from 1, as editors count."""
    column = source.position(offset)[1]
    before = source.text[offset - column + 1 : offset]
    return len(before.encode("utf-16-le", "surrogatepass")) // 2 + 1
