"""The names of layers, which are the names of their parameters in every backend and in checkpoints.

In its scope a layer is called by its label, or by its position: how many such statements precede it there, labelled ones
counted, from 0, as ``torch.nn.Sequential`` counts. Naming one never renames another.
"""

from __future__ import annotations

from ..diagnostics import Diagnostic, Label
from ..diagnostics.kinds import names
from ..ir import Value, join_path
from ..source import Span
from .lines import repeats_the_line_above

__all__ = ["Scope", "is_label"]


class Scope:
    """One pair of braces that names things: a path, a count, the labels given so far and the values behind them.

    ``outer`` is the scope around it, whose values can be used too; the body of a block has none.
    """

    def __init__(self, path: str = "", outer: Scope | None = None) -> None:
        self.path = path
        self.outer = outer
        self.values: dict[str, Value | None] = {}
        self._count = 0
        self._labels: dict[str, Span] = {}
        self.duplicated: set[str] = set()
        """Labels given twice: which value they name, and which name is missing for it, is not known."""

    def position(self) -> str:
        """The path of the next unlabelled layer."""
        self._count += 1
        return join_path(self.path, str(self._count - 1))

    def labelled(self, label: str, span: Span, *, counts: bool = True) -> tuple[str, Diagnostic | None]:
        """The path of the next layer under a label, and what is wrong with the label."""
        self._count += counts
        problem = self._duplicate(label, span) if label in self._labels else None
        if problem is not None:
            self.duplicated.add(label)
        if label.isdigit() and not (counts and label == str(self._count - 1)):
            message = f"`{label}` cannot be a label: layers without one are called by their number"
            problem = Diagnostic(names.DUPLICATE_NAME, message, Label(span), help=("add a letter",))
        if not is_label(label):
            message = f"`{label}` cannot be a label" if label else "a label cannot be empty"
            problem = Diagnostic(names.WRONG_VALUE, message, Label(span), help=(_allowed(label),))
        self._labels.setdefault(label, span)
        return join_path(self.path, label), problem

    def find(self, name: str) -> tuple[bool, Value | None]:
        """Whether a value of this name can be used here, and the value."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.values:
                return True, scope.values[name]
            scope = scope.outer
        return False, None

    def visible(self) -> list[str]:
        """The names of all values that can be used here."""
        return [*self.values, *(self.outer.visible() if self.outer else ())]

    def _duplicate(self, label: str, span: Span) -> Diagnostic:
        again = repeats_the_line_above(span)
        return Diagnostic(
            names.DUPLICATE_NAME,
            f"`{label}` names two layers of one scope",
            Label(span, "again here"),
            (Label(self._labels[label], "first here"),) if self._labels[label] != span else (),
            help=(
                *((again.text,) if again else ()),
                "rename one of them, or put a label before the braces around them: it makes a scope",
            ),
            fixes=(again.fix,) if again else (),
        )


def _allowed(label: str) -> str:
    if set(label) & set("{}"):
        return "an expression in a label stands between `{` and `}`, as in `conv{i + 1}`"
    if "." in label:
        outer, inner = label.split(".", 1)
        return f"dots come from braces with a label: `{outer}: seq {{ {inner}: ... }}`"
    return "a label has letters, digits, `_` and `-`"


def is_label(text: str) -> bool:
    """Whether a text can be a label."""
    return bool(text) and all(char.isascii() and (char.isalnum() or char in "_-") for char in text)
