"""What explanations share: which function has which problem, what it may look at, edits with one sentence that says why.

Whatever names are of, there is one ranking of those that a word may stand for: :func:`candidate`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.suggest import distance, nearest
from ..elaborate.scope import Place
from ..elaborate.state import State
from ..ir import Value
from ..problems import Problem, plain
from ..record import Record
from ..source import Span
from ..syntax import ast
from ..syntax.walk import walk
from ..translation.names import fold

__all__ = ["Context", "Suggestion", "Tree", "asked", "candidate", "explained", "explains", "instead"]
__all__ += ["offered"]


class Suggestion(Record):
    """What to write in place of something, and why; ``certain`` if it says the same, and nothing else can be meant.

    Without ``offered`` it is a question and no edit: ``why`` says in what the two are not the same.
    """

    text: str
    why: str = ""
    certain: bool = False
    offered: bool = True


def offered(found: Diagnostic, help_: str, *edits: Edit, certain: bool = True) -> Diagnostic:
    """A diagnostic with some help, and the edits that do what it says."""
    fixes = (Fix(help_, edits, certain),) if edits else found.fixes
    return found.replace(help=(*found.help, help_), fixes=fixes)


def instead(found: Diagnostic, span: Span, meant: Suggestion) -> Diagnostic:
    """A diagnostic with what to write in place of something, which is all the help that it needs."""
    help_ = f"{meant.why}: write `{meant.text}`" if meant.why else f"write `{meant.text}`"
    return offered(found.replace(help=()), help_, Edit(span, meant.text), certain=meant.certain)


def asked(found: Diagnostic, span: Span, meant: Suggestion) -> Diagnostic:
    """A diagnostic with the question whether a name was meant, and the edit if it may be offered."""
    fix = Fix(f"write `{meant.text}`", (Edit(span, meant.text),), meant.certain)
    return found.replace(primary=Label(span, f"did you mean `{meant.text}`?"), fixes=(fix,) if meant.offered else ())


def candidate(word: str, known: Iterable[str], foreign: Suggestion | None = None) -> Suggestion | None:
    """The name that is the word but for case and underscores, else ``foreign``, which it stands for, else the nearest."""
    names = tuple(dict.fromkeys(known))
    same = [name for name in names if fold(name) == fold(word)]
    if len(same) == 1:
        return Suggestion(same[0], certain=True)
    near = nearest(word, names) if foreign is None else None
    return foreign if near is None else Suggestion(near, certain=_is_slip(word.lower(), near.lower()))


def _is_slip(word: str, name: str) -> bool:
    """Whether the hand slipped: a letter or two in a long word are wrong, and no digit, which may count something."""
    allowed = 1 if len(name) < 8 else 2
    digits = [[char for char in text if char.isdecimal()] for text in (word, name)]
    return len(name) > 2 and digits[0] == digits[1] and distance(word, name, allowed) <= allowed


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
                self._at[ast.Statement, action.span.start] = node
            case ast.Call(arguments=arguments):
                self._at.update(((ast.Call, argument.value.span.start), node) for argument in arguments)
            case ast.Pattern(names=names):
                for name in names:
                    self.made.setdefault(name.text, name.span)
            case ast.Parameter(name=name) | ast.Definition(name=name):
                self.made.setdefault(name.text, name.span)
            case ast.Label(text=text, span=span):
                self.made.setdefault(text, span)

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

    def is_value(self, name: str) -> bool:
        """Whether a layer has this label here."""
        return self.place is not None and self.place.scope.find(name)[0]


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
