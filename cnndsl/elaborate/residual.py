"""``residual { } shortcut ...``: the body's result plus what goes past it (He et al. 2015)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import names, shapes
from ..diagnostics.suggest import nearest
from ..ir import Value
from ..ops import OPERATORS, format_shape
from ..ops.convolution import Conv
from ..ops.extent import FreeExtent, Undecided, is_free
from ..ops.normalization import BatchNorm
from ..ops.rearrange import Permute
from ..source import Span
from ..syntax import ast
from .place import Place, did_you_mean
from .references import NOTHING
from .shapes import is_undecided
from .trail import Trail, origin, shown_span
from .ways import ways

if TYPE_CHECKING:
    from .network import NetworkElaborator

__all__ = ["residual"]

_WORDS = (("identity",), ("pad",), ("projection",), ("projection", "always"), ("none",))


def residual(network: NetworkElaborator, statement: ast.Statement, action: ast.Residual, place: Place) -> None:
    """Elaborate the body, then the shortcut from the value that entered, then their sum."""
    _elaborate(network, statement, action, place)
    network.name_output(statement, place)


def _elaborate(network: NetworkElaborator, statement: ast.Statement, action: ast.Residual, place: Place) -> None:
    if action.same is not None and action.shortcut is not None:
        message = "`residual when same` has no other shortcut: it adds its input where the shapes agree"
        help_ = "remove `when same`, or the shortcut"
        network.error(names.WRONG_PLACE, message, action.shortcut.span, help_)
    if not network.started or network.current is NOTHING:
        network.take_current(ast.Name(action.span, "residual"))
    entering = network.current if isinstance(network.current, Value) else None
    inner = network.inner_scope(statement, place)
    first = len(network.nodes)
    network.body(action.body, inner.inner())
    result = network.current if isinstance(network.current, Value) else None
    network.current = None
    words = _words(network, action)
    if action.same is not None and not _is_same(network, action.same):
        return
    if action.same is not None and entering and result and _differ(entering, result):
        network.current = result
        return
    if words == ("none",):
        network.current = result
        return
    arm = _Arm(network, action, inner, entering, result, first)
    passed = arm.body() if action.shortcut and action.shortcut.body else arm.words(words)
    if passed is not None and result is not None:
        network.current = _sum(network, action, inner, passed, result)


def _is_same(network: NetworkElaborator, word: ast.Name) -> bool:
    if word.text == "same":
        return True
    network.error(names.UNKNOWN_NAME, f"`residual when` is followed by `same`, not `{word.text}`", word.span)
    return False


def _words(network: NetworkElaborator, action: ast.Residual) -> tuple[str, ...]:
    """What stands behind ``shortcut``; identity if nothing does or it is not known."""
    if action.shortcut is None or action.shortcut.body is not None:
        return ("identity",)
    words = tuple(name.text for name in action.shortcut.words)
    if words in _WORDS:
        return words
    first = action.shortcut.words[0]
    known = [" ".join(each) for each in _WORDS]
    meant = nearest(" ".join(words), known)
    span = first.span.to(action.shortcut.words[-1].span)
    layers = f"layers stand in braces: `shortcut {{ {' '.join(words)} }}`" if words[0] in OPERATORS else ""
    help_ = did_you_mean(meant) or (layers or f"there are {', '.join(known)}, and a body",)
    fixes = (Fix(f"write `{meant}`", (Edit(span, meant),), True),) if meant else ()
    message = f"no shortcut is called `{' '.join(words)}`"
    network.report(Diagnostic(names.UNKNOWN_NAME, message, Label(span), help=help_, fixes=fixes))
    return ("unknown",)


class _Arm:
    """The way past the body."""

    def __init__(
        self,
        network: NetworkElaborator,
        action: ast.Residual,
        place: Place,
        entering: Value | None,
        result: Value | None,
        first: int,
    ) -> None:
        self.network = network
        self.action = action
        self.place = place
        self.entering = entering
        self.result = result
        self.first = first

    @property
    def changed(self) -> bool:
        """Whether the body changes the shape."""
        return self.entering is not None and self.result is not None and _differ(self.entering, self.result)

    def body(self) -> Value | None:
        """The shortcut's own layers; with ``when changed`` only where the shape changes."""
        shortcut = self.action.shortcut
        assert shortcut is not None
        assert shortcut.body is not None
        if shortcut.when is not None and shortcut.when.text != "changed":
            message = f"`shortcut when` is followed by `changed`, not `{shortcut.when.text}`"
            self.network.error(names.UNKNOWN_NAME, message, shortcut.when.span)
            return None
        if shortcut.when is not None and not self.changed:
            return self.entering
        self.network.current = self.entering
        self.network.body(shortcut.body, self.place.inner())
        current, self.network.current = self.network.current, None
        return current if isinstance(current, Value) else None

    def words(self, words: tuple[str, ...]) -> Value | None:
        """One of the shortcuts that have names."""
        if self.entering is None or self.result is None or words == ("unknown",):
            return None
        if words == ("pad",) and self.changed:
            return self._pad(self.entering, self.result)
        if words == ("projection", "always") or (words == ("projection",) and self.changed):
            return self._project(self.entering, self.result)
        return self.entering

    def _pad(self, entering: Value, result: Value) -> Value | None:
        """Option A: every so many pixels, and zeros for the new channels."""
        stride = self._stride(entering, result)
        if stride is None:
            return None
        if entering.type.shape[0] > result.type.shape[0]:
            message = f"`shortcut pad` adds channels of zeros and cannot turn {entering.type} into {result.type}"
            span = self.action.shortcut.span if self.action.shortcut else self.action.span
            help_ = "write `shortcut projection`, whose 1x1 convolution can"
            self.network.error(shapes.RESIDUAL_MISMATCH, message, span, help_)
            return None
        operator = OPERATORS["shortcut_pad"](out_channels=result.type.shape[0], stride=stride)
        return self.network.apply(operator, (entering,), self.place.scope.path, self.action, self.place)

    def _project(self, entering: Value, result: Value) -> Value | None:
        """Options B and C: a 1x1 convolution with the stride, normalised if the body is."""
        stride = self._stride(entering, result)
        if stride is None:
            return None
        normalised = any(isinstance(node.operator, BatchNorm) for node in self.network.nodes[self.first :])
        conv = Conv(result.type.shape[0], (1, 1), stride, bias=not normalised)
        path = self.place.scope.position()
        value = self.network.apply(conv, (entering,), path, self.action, self.place)
        if value is None or not normalised:
            return value
        return self.network.apply(BatchNorm(), (value,), self.place.scope.position(), self.action, self.place)

    def _stride(self, entering: Value, result: Value) -> tuple[int, int] | None:
        """The strides that turn the one size into the other, or None and an error."""
        if len(entering.type.shape) == len(result.type.shape) == 3:
            pairs = zip(entering.type.shape[1:], result.type.shape[1:], strict=True)
            height, width = (_axis_stride(before, after) for before, after in pairs)
            if height and width:
                return height, width
        self.network.report_made(partial(self._no_stride, entering, result))
        return None

    def _no_stride(self, entering: Value, result: Value) -> Diagnostic:
        message = f"no 1x1 window turns {entering.type} into {result.type}, whatever its stride"
        shortcut = self.action.shortcut
        place = shortcut.span if shortcut else self.action.span
        helps, fixes = _remedies(self.network, self.action, entering, result)
        return Diagnostic(shapes.RESIDUAL_MISMATCH, message, Label(place), help=helps, fixes=fixes)


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
    stride = -(-before // after)
    return stride if (before - 1) // stride + 1 == after else None


def _free_stride(before: Any, after: Any) -> int | None:
    """The same for free extents: a stride multiplies what an extent is divided by."""
    if not isinstance(before, FreeExtent) or not isinstance(after, FreeExtent):
        raise Undecided
    stride = after.divisor // before.divisor
    if stride < 1 or (before - 1) // stride + 1 != after:
        raise Undecided
    return stride


def _sum(network: NetworkElaborator, action: ast.Residual, place: Place, passed: Value, result: Value) -> Value | None:
    if passed.type == result.type:
        return network.apply(OPERATORS["add"](), (result, passed), place.scope.path, action, place)
    network.report_made(partial(_mismatch, network, action, passed, result))
    return None


def _mismatch(network: NetworkElaborator, action: ast.Residual, passed: Value, result: Value) -> Diagnostic:
    values = (("the shortcut", passed), ("the body's result", result))
    secondary = tuple(
        Label(span, f"{what} is {value.type}") for what, value in values if (span := origin(network, value)) is not None
    )
    helps, fixes = _remedies(network, action, passed, result)
    return Diagnostic(
        shapes.RESIDUAL_MISMATCH,
        f"the body gives {result.type} and the shortcut {passed.type}: they cannot be added",
        Label(action.span.first_word),
        (*secondary, *_parting(network, passed, result)),
        help=helps,
        fixes=fixes,
    )


def _parting(network: NetworkElaborator, passed: Value, result: Value) -> tuple[Label, ...]:
    """The layer of the body where its size parts from that of the shortcut, if it is not the last one."""
    node = Trail(network, result, apart_from=passed).parting(passed.type.shape[1:])
    place = shown_span(network, node) if node is not None else None
    if node is None or place is None or place == origin(network, result):
        return ()
    before, after = (format_shape(type_.shape[1:]) for type_ in (node.input.type, node.output.type))
    return (Label(place, f"here {before} becomes {after}"),)


def _remedies(
    network: NetworkElaborator, action: ast.Residual, passed: Value, result: Value
) -> tuple[tuple[str, ...], tuple[Fix, ...]]:
    """What would make the two agree: a projection where a 1x1 window can, else changes of the layers."""
    before, after = passed.type.shape, result.type.shape
    if action.shortcut and action.shortcut.body:
        found = ways(Trail(network, passed, apart_from=result), after, action.span)
        own = f"change the layers of the shortcut so that they give {result.type}, or those of the body"
        return tuple(way.text for way in found) or (own,), tuple(way.fix for way in found)
    if len(before) == len(after) == 1:
        text = f"shortcut {{ dense {after[0]} }}"
        return (f"write `{text}`",), (_shortcut_fix(action, text),)
    if len(before) != 3 or len(after) != 3:
        return ("give both the same shape",), ()
    if before != after and sorted(before) == sorted(after):
        return _permuted(network, passed, result)
    strides = [_axis_stride(*pair) for pair in zip(before[1:], after[1:], strict=True)]
    if None not in strides:
        convolution = f"conv {after[0]} 1x1" + (f" stride={strides[0]}" if strides != [1, 1] else "")
        text = f"write `shortcut projection`, a 1x1 convolution such as `{convolution}`"
        text += ", or `shortcut pad`" if after[0] >= before[0] else ""
        return (text,), (_shortcut_fix(action, "shortcut projection"),)
    found = ways(Trail(network, result, apart_from=passed), (None, *before[1:]), action.span)
    own = "pad the layers of the body so that it keeps its size, or write a `shortcut { ... }` of its own"
    return tuple(way.text for way in found) or (own,), tuple(way.fix for way in found)


def _permuted(network: NetworkElaborator, passed: Value, result: Value) -> tuple[tuple[str, ...], tuple[Fix, ...]]:
    """Axes that the body left in another order: the last ``permute`` as it has to be, or one that is missing."""
    nodes = [node for node in Trail(network, result, apart_from=passed).nodes if isinstance(node.operator, Permute)]
    orders = [node.operator.dims for node in reversed(nodes) if isinstance(node.operator, Permute)]
    wrong = orders[:-1] if len(orders) > 1 else orders
    axes = tuple(range(len(passed.type.shape)))
    for order in wrong:
        axes = tuple(axes[axis] for axis in order)
    back = f"permute ({', '.join(str(axes.index(axis)) for axis in range(len(axes)))})"
    if not orders:
        return ("put the axes of the body in the order of what enters, with `permute`",), ()
    if len(orders) == 1:
        return (f"`{back}` at the end of the body puts the axes back",), ()
    place = nodes[0].span
    return (f"`{back}` on line {place.position[0]} puts the axes back",), (
        Fix(f"write `{back}`", (Edit(place, back),)),
    )


def _shortcut_fix(action: ast.Residual, text: str) -> Fix:
    """Write a shortcut behind the body, or in place of the one that is there."""
    end = Span(action.span.source, action.body.span.end, action.body.span.end)
    edit = Edit(action.shortcut.span, text) if action.shortcut else Edit(end, f" {text}")
    return Fix(f"write `{text}`", (edit,))
