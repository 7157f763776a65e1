"""Parts of a network that are trained otherwise than the rest: kept as they are, or with a learning rate of their own."""

from __future__ import annotations

from collections.abc import Iterable

from ..source import Span

__all__ = ["Scope", "innermost"]


class Scope(str):
    """The path of a layer or block, ``features.0``; ``span`` is where a spec names it."""

    span: Span | None

    def __new__(cls, path: str, span: Span | None = None) -> Scope:
        """The path, and its place."""
        made = super().__new__(cls, path)
        made.span = span
        return made

    def holds(self, path: str) -> bool:
        """Whether the layer at a path is this one, or in it."""
        return path == self or path.startswith(f"{self}.")


def innermost(path: str, scopes: Iterable[Scope]) -> Scope | None:
    """Of the scopes that hold the layer at a path, the one that holds least else."""
    return max((scope for scope in scopes if scope.holds(path)), key=len, default=None)
