"""The names of layers, which are the names of their parameters in every backend and in checkpoints.

In its scope a layer is called by its label, or by its position: how many such statements precede it there, labelled ones
counted, from 0, as ``torch.nn.Sequential`` counts. Naming one never renames another.
"""

from __future__ import annotations

from ..diagnostics import Diagnostic, Label
from ..diagnostics.kinds import names
from ..ir import join_path
from ..source import Span

__all__ = ["Scope"]


class Scope:
    """One pair of braces that names things: a path, a count, and the labels given so far."""

    def __init__(self, path: str = "") -> None:
        self.path = path
        self._count = 0
        self._labels: dict[str, Span] = {}

    def position(self) -> str:
        """The path of the next unlabelled layer."""
        self._count += 1
        return join_path(self.path, str(self._count - 1))

    def labelled(self, label: str, span: Span) -> tuple[str, Diagnostic | None]:
        """The path of the next layer under a label, and what is wrong with the label."""
        self._count += 1
        problem = None
        if label in self._labels:
            problem = Diagnostic(
                names.DUPLICATE_NAME,
                f"`{label}` names two layers of one scope",
                Label(span, "again here"),
                (Label(self._labels[label], "first here"),),
                help=("rename one of them",),
            )
        self._labels.setdefault(label, span)
        return join_path(self.path, label), problem
