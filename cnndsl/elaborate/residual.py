"""``residual { } shortcut ...``: the body's result plus what passes it (He et al. 2015)."""

from __future__ import annotations

from typing import Any

from .. import problems
from ..ir import Value
from ..ops import OPERATORS, Operator
from ..ops.convolution import Conv
from ..ops.free_size import FreeSize, Undecided, is_free
from ..ops.normalization import BatchNorm
from ..record import Record
from ..source import Span
from ..syntax import ast
from .scope import Place
from .shapes import is_undecided
from .state import State, keyword, rule

_WORDS = ("identity", "pad", "projection", "projection always", "none")


@rule(ast.Residual)
def residual(state: State, statement: ast.Statement, action: ast.Residual, place: Place) -> None:
    """Elaborate the body, then the shortcut from the value that entered, then their sum.

    Raises:
        Undecided: If what the shortcut must be depends on the size of a free input.
    """
    if action.same is not None and action.shortcut is not None:
        state.report(problems.TwoShortcuts(action.shortcut.span, action))
    state.require_current(keyword(action))
    entering = state.current if isinstance(state.current, Value) else None
    inner = state.inside(statement, place)
    first = len(state.nodes)
    state.body(action.body, inner.inner())
    result = state.current if isinstance(state.current, Value) else None
    state.current = None
    words = _words(state, action)
    if words == "none":
        state.current = result
    elif words is None or entering is None or result is None:
        _shortcut_body(state, action, inner, entering)
    elif action.same is not None and _differ(entering, result):
        state.current = result
    else:
        passed = _Shortcut(state, action, inner, entering, result, first).passed(words)
        state.current = None if passed is None else _sum(state, action, inner, passed, result)


def _words(state: State, action: ast.Residual) -> str | None:
    """The words after ``shortcut``, identity if there are none, empty if it has a body; None and a problem for others."""
    shortcut = action.shortcut
    if action.same is not None and action.same.text != "same":
        state.report(problems.WrongCondition(action.same.span, "residual", "same", action.same.text))
        return None
    if shortcut is None:
        return "identity"
    if shortcut.when is not None and shortcut.when.text != "changed":
        state.report(problems.WrongCondition(shortcut.when.span, "shortcut", "changed", shortcut.when.text))
        return None
    words = " ".join(name.text for name in shortcut.words)
    if shortcut.body is None and words not in _WORDS:
        span = shortcut.words[0].span.to(shortcut.words[-1].span)
        state.report(problems.UnknownShortcut(span, words, _WORDS, action))
        return None
    return words


def _shortcut_body(state: State, action: ast.Residual, place: Place, entering: Value | None) -> Value | None:
    """What the shortcut's own layers make of the value that enters, known or not."""
    if action.shortcut is None or action.shortcut.body is None:
        return None
    state.current = entering
    state.body(action.shortcut.body, place.inner())
    made, state.current = state.current, None
    return made if isinstance(made, Value) else None


class _Shortcut(Record):
    """The way past the body, before which there were so many nodes."""

    state: State
    action: ast.Residual
    place: Place
    entering: Value
    result: Value
    nodes: int

    @property
    def span(self) -> Span:
        return self.action.shortcut.span if self.action.shortcut else self.action.span

    def passed(self, words: str) -> Value | None:
        """What passes the body."""
        if words == "identity":
            return self.entering
        if words == "projection always":
            return self._project()
        if self._needs_change and not _differ(self.entering, self.result):
            return self.entering
        if words == "pad":
            return self._pad()
        if words == "projection":
            return self._project()
        return _shortcut_body(self.state, self.action, self.place, self.entering)

    @property
    def _needs_change(self) -> bool:
        """Whether the shortcut does something only where the body changes the shape."""
        shortcut = self.action.shortcut
        return shortcut is not None and (shortcut.body is None or shortcut.when is not None)

    def _pad(self) -> Value | None:
        """Option A: every so many pixels, and zeros for the new channels."""
        stride = self._stride()
        if stride is None:
            return None
        channels = self.result.type.shape[0]
        if self.entering.type.shape[0] > channels:
            self.state.report(problems.PadTakesAway(self.span, self.action, self.entering, self.result))
            return None
        operator = OPERATORS["shortcut_pad"](out_channels=channels, stride=stride)
        return self._apply(operator, self.entering, self.place.scope.path)

    def _project(self) -> Value | None:
        """Options B and C: a 1x1 convolution with the stride, normalised if the body is."""
        stride = self._stride()
        if stride is None:
            return None
        normalised = any(isinstance(node.operator, BatchNorm) for node in self.state.nodes[self.nodes :])
        conv = Conv(self.result.type.shape[0], (1, 1), stride, bias=not normalised)
        value = self._apply(conv, self.entering, self.place.scope.position())
        if value is None or not normalised:
            return value
        return self._apply(BatchNorm(), value, self.place.scope.position())

    def _apply(self, operator: Operator, value: Value, path: str) -> Value | None:
        node = self.state.add(operator, (value,), path, self.action, self.place)
        return node.output if node else None

    def _stride(self) -> tuple[int, int] | None:
        """The strides that turn the one size into the other, or None and a problem."""
        before, after = self.entering.type.shape, self.result.type.shape
        if len(before) == len(after) == 3:
            height, width = (_axis_stride(*pair) for pair in zip(before[1:], after[1:], strict=True))
            if height and width:
                return height, width
        self.state.report(problems.NoStride(self.span, self.action, self.entering, self.result))
        return None


def _differ(left: Value, right: Value) -> bool:
    """Whether two values differ in shape.

    Raises:
        Undecided: If that depends on the size of a free input.
    """
    if left.type == right.type:
        return False
    if is_undecided(left.type.shape, right.type.shape) or is_undecided(right.type.shape, left.type.shape):
        raise Undecided
    return True


def _axis_stride(before: int, after: int) -> int | None:
    """The smallest stride of a 1x1 window that leaves ``after`` of ``before`` places."""
    if is_free((before, after)):
        return _free_stride(before, after)
    if after > before:
        return None
    stride = (before + after - 1) // after
    return stride if (before - 1) // stride + 1 == after else None


def _free_stride(before: Any, after: Any) -> int:
    """The same for free extents: a stride multiplies what an extent is divided by."""
    if not isinstance(before, FreeSize) or not isinstance(after, FreeSize):
        raise Undecided
    stride = after.divisor // before.divisor
    if stride < 1 or (before - 1) // stride + 1 != after:
        raise Undecided
    return stride


def _sum(state: State, action: ast.Residual, place: Place, passed: Value, result: Value) -> Value | None:
    if passed.type != result.type:
        state.report(problems.ResidualMismatch(keyword(action).span, action, passed, result))
        return None
    node = state.add(OPERATORS["add"](), (result, passed), place.scope.path, action, place)
    return node.output if node else None
