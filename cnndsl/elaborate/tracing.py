"""Whose mistake a mistake is: what a layer refuses may come from the call of a block, a ``let``, a loop, or a default.

A value is followed back through the names that hand it on, to the place where somebody wrote it. The blocks of std are never
to blame: what does not fit there was given or called wrongly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..attributes import format_value
from ..diagnostics import Diagnostic, Label
from ..diagnostics.kinds import names
from ..diagnostics.suggest import one_of
from ..record import Record
from ..source import Span
from ..syntax import ast
from ..syntax.walk import walk
from .expressions import EvaluationError, evaluate_argument
from .references import BlockReference

__all__ = ["Traced", "traced"]

_OF_VALUES = (names.WRONG_VALUE, names.OUT_OF_RANGE, names.UNKNOWN_LAYER, names.BAD_EXPRESSION)
_OF_SORT = (names.WRONG_VALUE, names.UNKNOWN_LAYER)
_STD = "std"
_TRUTH = "expected true or false, found "

Calls = Sequence[tuple[ast.Call, BlockReference]]


class Traced(Record):
    """A mistake told where its cause is, inside so many of the calls; ``origin`` is where the wrong value was written."""

    diagnostic: Diagnostic
    depth: int
    origin: Span | None = None


def traced(
    diagnostic: Diagnostic,
    network: ast.Definition,
    given: Mapping[str, Span],
    settings: Mapping[str, Any],
    calls: Calls,
) -> Traced:
    """The mistake where its cause is, if that is elsewhere; ``given`` and ``settings`` are those of the network."""
    primary = diagnostic.primary
    if primary is None:
        return Traced(diagnostic, len(calls))
    of_value, of_std = diagnostic.kind in _OF_VALUES, primary.span.source.name == _STD
    if not of_value and not of_std:
        return Traced(diagnostic, len(calls))
    trace = _Trace(network, given, settings, calls)
    trace.follow(primary.span, only_home=not of_value)
    if of_std:
        trace.leave()
    origin = trace.call[0].span if trace.call else trace.origin  # two arguments exchanged are one mistake
    return Traced(_moved(diagnostic, trace), trace.depth, origin if of_value else None)


class _Trace:
    """Follows a name back: ``span`` is where its value stands, ``depth`` how many calls are still around that."""

    def __init__(
        self, network: ast.Definition, given: Mapping[str, Span], settings: Mapping[str, Any], calls: Calls
    ) -> None:
        self.network = network
        self.given = given
        self.settings = settings
        self.calls = calls
        self.depth = len(calls)
        self.span = Span(network.span.source, 0, 0)
        self.origin: Span | None = None
        self.call: tuple[ast.Call, BlockReference] | None = None
        self.labels: list[Label] = []

    def follow(self, span: Span, only_home: bool) -> None:
        """Go back from a place as long as a bare name stands there, or only into the file of the network."""
        self.span = span
        name = span.text.rpartition("=")[2]
        while name.isidentifier() and not (only_home and self.is_home):
            before = self._before(name)
            if before is None:
                return
            self.origin = before
            name = before.text

    @property
    def is_home(self) -> bool:
        return self.span.source is self.network.span.source

    def leave(self) -> None:
        """Go out to the call in the network's file that leads to the place."""
        while self.depth and not self.is_home:
            self.depth -= 1
            self.span = self.calls[self.depth][0].span
            self.origin = None

    def _before(self, name: str) -> Span | None:
        """Where the value of a name stands, which the braces that are around it here bind; None if that is not known."""
        definition = self.calls[self.depth - 1][1].definition if self.depth else self.network
        binder = _binder(definition.body, name)
        if binder is not None:
            what = "comes from this list" if isinstance(binder, ast.For) else "is named here"
            value = binder.items if isinstance(binder, ast.For) else binder.value
            if not isinstance(value, ast.Variable):
                place = value.span if isinstance(binder, ast.For) else binder.pattern.span
                self.labels.append(Label(place, f"`{name}` {what}"))
            return value.span
        parameter = next((each for each in definition.parameters if each.name.text == name), None)
        if parameter is None:
            return None
        before = self._argument(name) if self.depth else self.given.get(name)
        if before is not None:
            self.depth -= bool(self.depth)
            self.span = before
            self.call = self.calls[self.depth] if self.calls[self.depth :] else None
            self.labels.clear()
            return before
        default = parameter.default
        if default is None or not (self.depth or self._is_default(name, default)):
            if not self.depth and name in self.settings:
                self.origin = parameter.name.span
                self.labels.append(
                    Label(parameter.name.span, f"`{name}` is set to {format_value(self.settings[name])}")
                )
            return None
        self.labels.append(Label(default.span, f"the default of `{name}`"))
        return default.span

    def _argument(self, name: str) -> Span | None:
        """The argument of the innermost call for a parameter of its block."""
        call, block = self.calls[self.depth - 1]
        by_place = iter(block.definition.parameters)
        for argument in call.arguments:
            place = argument.name.text if argument.name else next((each.name.text for each in by_place), "")
            if place == name:
                return argument.value.span
        return None

    def _is_default(self, name: str, default: ast.Expression) -> bool:
        """Whether the network has its default for a parameter, and no ``--set`` gave it another value."""
        try:
            return bool(evaluate_argument(default, {}) == self.settings.get(name))
        except EvaluationError:
            return False


def _binder(body: ast.Body, name: str) -> ast.For | ast.Let | None:
    """What binds a name in some braces, if one statement does."""
    found = [node for node in _binders(body) if name in [each.text for each in node.pattern.names]]
    return found[0] if len(found) == 1 else None


def _binders(body: ast.Body) -> list[ast.For | ast.Let]:
    """All that binds names in some braces; those of the last body are kept, as a text with many mistakes asks for each."""
    if not _last or _last[0][0] is not body:
        _last[:] = [(body, [node for node in walk(body) if isinstance(node, ast.For | ast.Let)])]
    return _last[0][1]


_last: list[tuple[ast.Body, list[ast.For | ast.Let]]] = []


def _moved(diagnostic: Diagnostic, trace: _Trace) -> Diagnostic:
    """The mistake at the place that a value was followed to, with what is said there put right."""
    primary = diagnostic.primary
    assert primary is not None
    labels = tuple(label for label in trace.labels if label.span != primary.span)
    if trace.span == primary.span:
        return diagnostic.replace(secondary=(*diagnostic.secondary, *labels))
    text = trace.span.text
    help_ = tuple(line for line in diagnostic.help if "stands first" not in line)
    if not help_ and "/" in text.replace("//", "") and "cannot be" in diagnostic.message:
        help_ = ("`/` gives a number with a point; `//` divides whole numbers",)
    if diagnostic.message.startswith(_TRUTH):
        help_ = (*help_, "write `true` or `false`")
    if (
        not help_
        and diagnostic.kind in _OF_SORT
        and trace.call is not None
        and len(trace.call[1].definition.parameters) > 1
    ):
        taken = [f"`{each.name.text}`" for each in trace.call[1].definition.parameters]
        help_ = (*help_, f"`{trace.call[1]}` takes {one_of(taken, 'and')}, in this order")
    used = Label(primary.span, "used here")
    return diagnostic.replace(
        fixes=tuple(fix for fix in diagnostic.fixes if all(edit.span != primary.span for edit in fix.edits)),
        primary=Label(trace.span, primary.text),
        secondary=(used, *diagnostic.secondary, *labels),
        help=help_,
    )
