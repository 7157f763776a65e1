"""What is written as a method of a value, and the shapes and axes that go with it: ``x.view(-1, 400)``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .calls import Argument
from .names import SEVERAL, fold

__all__ = ["input_shape", "joined_along", "method"]

Line = tuple[str, str]
"""A line, empty if there is none, and what is in doubt about it."""


def method(name: str, arguments: Sequence[Argument]) -> Line:
    """A method of PyTorch's tensors."""
    make = _METHODS.get(name)
    if make is None:
        return "", SEVERAL.get(
            fold(name), f"nothing here is like `{name}` of a value: `cnndsl layers` lists the layers"
        )
    return make(arguments)


def _flatten(arguments: Sequence[Argument]) -> Line:
    if [(each.name or "start_dim", each.value) for each in arguments[:1]] == [("start_dim", 1)] and len(arguments) == 1:
        return "flatten", ""
    return "flatten", "`flatten` keeps the batch and nothing else: that is `flatten(1)`"


def _view(arguments: Sequence[Argument]) -> Line:
    """The batch and the rest: ``x.view(x.size(0), -1)`` and ``x.view(-1, 400)``."""
    items = _extents(arguments)
    rest = items[1:]
    if len(items) == 2 and -1 in items:
        return "flatten", ""
    if (
        rest
        and all(isinstance(item, int) and item > 0 for item in rest)
        and (items[0] == -1 or not isinstance(items[0], int))
    ):
        return f"reshape {'x'.join(map(str, rest))}", ""
    return "", "`reshape 16x5x5` gives a sample another shape, `flatten` makes a vector of it: the batch is not named"


def _permute(arguments: Sequence[Argument]) -> Line:
    items = _extents(arguments)
    axes = [item - 1 for item in items[1:] if isinstance(item, int)]
    if items[:1] == [0] and sorted(axes) == list(range(len(items) - 1)):
        return f"permute ({', '.join(map(str, axes))})", ""
    return "", SEVERAL["permute"]


def _mean(arguments: Sequence[Argument]) -> Line:
    """``x.mean([2, 3])`` over an image, with or without the axes of one that are left."""
    axes = [each.value for each in arguments if each.name in ("", "dim")]
    kept = [each.value for each in arguments if each.name == "keepdim"]
    if axes in ([[2, 3]], [(2, 3)], [2, 3]) and kept in ([], [False], [True]):
        return "global_avgpool" if kept == [True] else "global_avgpool | flatten", ""
    return "", "`global_avgpool` takes the mean of each channel"


_METHODS: dict[str, Callable[[Sequence[Argument]], Line]] = {
    "flatten": _flatten,
    "view": _view,
    "reshape": _view,
    "permute": _permute,
    "mean": _mean,
}


def _extents(arguments: Sequence[Argument]) -> list[object]:
    """The values of arguments that stand by place, or in one tuple."""
    values = [each.value for each in arguments]
    return list(values[0]) if len(values) == 1 and isinstance(values[0], list | tuple) else values


def joined_along(name: str, word: str, arguments: Sequence[Argument]) -> tuple[tuple[str, ...], str]:
    """The axis of a join as ours, if it is not that of the channels, and what is in doubt about it."""
    package, _, last = name.rpartition(".")
    more = [each for each in arguments if each.name not in ("dim", "axis", "name") and (each.name or word == "concat")]
    if word != "concat" or name in (word, "+"):
        return (), f"nothing here is like `{more[0].name}`" if word != "concat" and any(
            each.name for each in more
        ) else ""
    given = next((each for each in arguments if each.name in ("dim", "axis") or not each.name), None)
    axis = given.value if given else None
    if package.startswith("torch") or last == "cat" or (given is not None and given.name == "dim"):
        if not isinstance(axis, int) or axis < 1:
            return (), "PyTorch joins along the batch if no `dim` is given, and counts it as axis 0: `concat` has none"
        return ((f"axis={axis - 1}",) if axis > 1 else ()), ""
    if axis not in (None, -1, 3):
        return (), f"`axis={axis}` are the channels only if Keras has them there: here they come first, axis 0"
    return (), ""


def input_shape(name: str, arguments: Sequence[Argument]) -> Line:
    """``Input(shape=(28, 28, 1))`` of Keras, which has the channels last; ``input(1, 28, 28)``, which has not."""
    shape = next((each for each in arguments if each.name in ("shape", "input_shape") or not each.name), None)
    if shape is None or shape.value is None:
        return "", "`input 3x32x32` says the shape, channels first"
    items = (
        list(shape.value)
        if isinstance(shape.value, list | tuple)
        else [each.value for each in arguments if not each.name]
    )
    texts = ["?" if item is None else str(item) for item in items]
    if not texts or not all(item is None or isinstance(item, int) for item in items):
        return f"input {shape.text}", "`input 3x32x32` says the shape, channels first"
    if name == "input" and not shape.name:
        return f"input {'x'.join(texts)}", ""
    return f"input {'x'.join((texts[-1], *texts[:-1]))}", _channels_first(items)


def _channels_first(items: Sequence[object]) -> str:
    """Three numbers that look as if the channels came first."""
    first, last = items[0], items[-1]
    looks = len(items) == 3 and isinstance(first, int) and isinstance(last, int) and first <= 4 < last
    return "Keras has the channels last, here they come first" if looks else ""
