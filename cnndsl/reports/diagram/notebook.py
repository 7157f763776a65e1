"""A graph that shows in a notebook as it is drawn here, whether or not Graphviz is installed."""

from __future__ import annotations

from typing import Any

import graphviz

from ...diagnostics import DiagnosticError
from ..engine import render

__all__ = ["Diagram"]


class Diagram(graphviz.Digraph):  # type: ignore[misc]  # graphviz has no types
    """DOT with the place of everything in it; what shows it asks for its SVG, or its source where nothing draws."""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **options: Any) -> dict[str, str]:
        try:
            return {"image/svg+xml": render(self.source, "svg").decode()}
        except DiagnosticError:
            return {"text/plain": self.source}
