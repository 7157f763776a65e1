"""Runs every lint, tells each mistake once, and leaves out what a comment allows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from ...diagnostics import Diagnostic, Label
from ...elaborate import STRUCTURES
from ...ir import Block, Graph
from ...recipe import Recipe
from ...source import Source, Span
from ...syntax import ast
from . import comments, flow, inputs, layers, names, proportions, training, windows
from .allow import Allowances
from .lint import CommentLint, Comments, Lint, NetworkLint, TextLint
from .network import Finding, Network
from .tree import Text

__all__ = ["LINTS", "Linter"]

_FAMILIES = (training, windows, inputs, layers, proportions, flow, names, comments)

LINTS: dict[str, Lint] = {
    item.code: item()
    for family in _FAMILIES
    for item in vars(family).values()
    if isinstance(item, type) and issubclass(item, Lint) and item.__module__ == family.__name__
}
"""Every lint by its code, in the order of the families."""

_SHOWN_CALLS = 3
_L = TypeVar("_L", bound=Lint)


class Linter:
    """Collects the warnings of a file from its text and from the networks that are built of it, none of which has errors."""

    def __init__(self, file: ast.File) -> None:
        self.text = Text(file)
        self._source = file.span.source
        self._allowances: dict[Source, Allowances] = {self._source: Allowances(self._source)}
        self._built: set[int] = set()
        """Where the statements begin that layers and blocks were built of."""
        self._found: dict[tuple[str | Span, ...], Diagnostic] = {}

    def network(self, graph: Graph, recipe: Recipe | None = None, expectation: Span | None = None) -> None:
        """Look at a network: at the settings that an expectation names, or else at its defaults."""
        network = Network(graph, recipe, self.text)
        for lint in _of(NetworkLint):
            for finding in lint.find(network):
                self._add(finding, expectation)
        if self._allowances[self._source]:
            self._remember(graph)

    def warnings(self, *, as_written: bool) -> Iterator[Diagnostic]:
        """All that is found and not allowed.

        ``as_written`` says that the networks were built as the file says, each with its expectations: only then is it known
        which comments allow nothing.
        """
        for lint in _of(TextLint):
            for warning in lint.find(self.text):
                if warning.primary is None or not self._is_allowed(warning.kind.code, warning.primary.span):
                    yield warning
        yield from self._found.values()
        own = self._allowances[self._source]
        if own:
            told = Comments(own, self._unseen_lines() if as_written else None, LINTS)
            for check in _of(CommentLint):
                yield from check.find(told)

    def _add(self, finding: Finding, expectation: Span | None) -> None:
        shown = _in_file(finding, self._source)
        places = {item.primary.span: None for item in (finding.diagnostic, shown) if item.primary is not None}
        allowed = [self._is_allowed(shown.kind.code, place) for place in places]
        if any(allowed):
            return
        if expectation is not None:
            trail = (*shown.secondary, Label(expectation, "in the network of this expectation"))
            shown = shown.replace(secondary=trail)
        self._found.setdefault((shown.kind.code, *places), shown)

    def _is_allowed(self, code: str, span: Span) -> bool:
        allowances = self._allowances.setdefault(span.source, Allowances(span.source))
        return allowances.silence(code, span.position[0])

    def _remember(self, graph: Graph) -> None:
        spans = [node.span for node in graph.nodes]
        blocks = {block for node in graph.nodes if node.block for block in node.block.chain}
        spans += [block.span for block in blocks]
        self._built.update(span.start for span in spans if span.source is self._source)

    def _unseen_lines(self) -> set[int]:
        """The lines of layers that were not built, as in a block for others or an ``if`` that was not taken."""
        calls = [item.action for item, _ in self.text.statements.values() if isinstance(item.action, ast.Call)]
        lines = {call.span.position[0] for call in calls if call.word.text not in STRUCTURES}
        return lines - {self._source.position(start)[0] for start in self._built}


def _of(sort: type[_L]) -> list[_L]:
    return [lint for lint in LINTS.values() if isinstance(lint, sort)]


def _in_file(finding: Finding, source: Source) -> Diagnostic:
    """The warning with the calls that led to it; what is in another file is told at the call in this one."""
    diagnostic, primary = finding.diagnostic, finding.diagnostic.primary
    chain = finding.node.block.chain if finding.node.block else ()
    calls = [block for block in reversed(chain) if block.name]
    if primary is None or primary.span.source is source:
        return diagnostic.replace(secondary=(*diagnostic.secondary, *_trail(calls[:_SHOWN_CALLS])))
    inner = [block for block in calls if block.span.source is source][:1]
    if not inner:
        return diagnostic
    outer = calls[calls.index(inner[0]) + 1 :][: _SHOWN_CALLS - 1]
    place = Label(inner[0].span, f"in this call of `{inner[0].name}`")
    return diagnostic.replace(primary=place, secondary=(primary, *diagnostic.secondary, *_trail(outer)), fixes=())


def _trail(calls: list[Block]) -> tuple[Label, ...]:
    return tuple(dict.fromkeys(Label(block.span, f"in this call of `{block.name}`") for block in calls))
