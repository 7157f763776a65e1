"""Which function explains which problem, and what it may look at: the file, and where the elaboration stood."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ..diagnostics import Diagnostic, Edit
from ..elaborate.scope import Place
from ..elaborate.state import State
from ..ir import Value
from ..problems import Problem, plain
from ..record import Record
from ..source import Span
from ..syntax import ast
from ..syntax.walk import walk
from .edits import insertion

__all__ = ["Context", "Tree", "explained", "explains"]

_S = TypeVar("_S", bound=ast.Syntax)


class Tree:
    """The names of a file, and its statements and arguments by where they begin; a place of another file has none."""

    def __init__(self, file: ast.File) -> None:
        self.file = file
        self.made: dict[str, Span] = {}
        """Where each name is first made, by a ``let``, a loop, a parameter or a label."""
        self.words = Counter(re.findall(r"[A-Za-z_]\w*", re.sub("#[^\n]*", "", file.span.source.text)))
        """How often each word stands in the text; a name that stands there once is never used."""
        self._at: dict[tuple[type[ast.Syntax], int], ast.Syntax] = {}
        for definition in (*file.networks, *file.blocks):
            for node in walk(definition):
                self._add(node)

    def _add(self, node: ast.Syntax) -> None:
        match node:
            case ast.Statement(action=action):
                self._place(node, action)
            case ast.Call(arguments=arguments):
                self._place(node, *(argument.value for argument in arguments))
            case ast.Pattern(names=names):
                self._make(*names)
            case ast.Parameter(name=name) | ast.Definition(name=name):
                self._make(name)
            case ast.Label(text=text, span=span):
                self._make(ast.Name(span, text))

    def _make(self, *names: ast.Name) -> None:
        for name in names:
            self.made.setdefault(name.text, name.span)

    def _place(self, node: ast.Syntax, *parts: ast.Syntax) -> None:
        self._at.update(((type(node), part.span.start), node) for part in parts)

    def of(self, kind: type[_S], span: Span) -> _S | None:
        """The statement whose action, or the call whose argument begins at a place."""
        found = self._at.get((kind, span.start)) if span.source is self.file.span.source else None
        return found if isinstance(found, kind) else None


class Context(Record):
    """The file that is checked, the blocks of ``std``, and the state that found a problem, if that was in a network's body."""

    tree: Tree
    std: tuple[str, ...]
    state: State | None = None

    @property
    def place(self) -> Place | None:
        """What the names mean there."""
        return self.state.place if self.state is not None else None

    @property
    def variables(self) -> Mapping[str, Any]:
        """The variables there."""
        return self.place.variables if self.place is not None else {}

    @property
    def entering(self) -> Value | None:
        """The value that the statement works on, if it is known."""
        current = self.state.current if self.state is not None else None
        return current if isinstance(current, Value) else None

    def block(self, name: str) -> ast.Definition | None:
        """The block that can be called by a name here."""
        found = self.place.library.blocks.get(name) if self.place is not None else None
        return found.definition if found is not None else None

    def is_value(self, name: str) -> bool:
        """Whether a layer has this label here."""
        return self.place is not None and self.place.scope.find(name)[0]

    def importing(self, name: str) -> Edit | None:
        """The edit by which the file uses a block of std; None if std has none of this name."""
        file = self.tree.file
        if name not in self.std:
            return None
        ends = "\n" if any(isinstance(item, ast.Use) for item in file.items) else "\n\n"
        return insertion(Span(file.span.source, 0, 0), f"use {name} from std{ends}")


Explanation = Callable[[Any, Context], Diagnostic]

_EXPLANATIONS: dict[type[Problem], Explanation] = {}


def explains(*kinds: type[Problem]) -> Callable[[Explanation], Explanation]:
    """Register the function that explains these kinds of problems, and what derives from them."""

    def register(explanation: Explanation) -> Explanation:
        _EXPLANATIONS.update(dict.fromkeys(kinds, explanation))
        return explanation

    return register


def explained(problem: Problem, context: Context) -> Diagnostic:
    """The diagnostic of a problem by the function for its kind, or its own words."""
    kinds = (kind for kind in type(problem).__mro__ if kind in _EXPLANATIONS)
    kind = next(kinds, None)
    return plain(problem) if kind is None else _EXPLANATIONS[kind](problem, context)
