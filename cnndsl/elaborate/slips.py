"""Slips of a spec that is well written and means something else: what a text may have been before one of them.

Two neighbours exchanged, a number that is another one, a stride or padding left out or too much, another size of the input.
They are only proposed here; :mod:`cnndsl.elaborate.trial` offers those with which the whole spec agrees.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ..diagnostics import Edit
from ..diagnostics.mending import apply_edits
from ..record import Record
from ..source import Span
from ..syntax import ast
from ..syntax.walk import walk

__all__ = ["Slip", "numbers", "replaced", "slips"]

_LONGEST = 64
_WINDOWS = ("conv", "maxpool", "avgpool", "depthwise", "conv1d", "conv_transpose")
_KERNELS = (1, 2, 3, 5, 7)
_SIDES = (224, 32, 28, 227, 256, 299)
_ADDED = (" pad=1", " stride=2", " ceil_mode=true", " stride=1")


class Slip(Record):
    """What may have been meant: the words for it, and the edits."""

    text: str
    edits: tuple[Edit, ...]


def slips(file: ast.File, lines: Sequence[int], channels: tuple[int, int] | None = None) -> list[Slip]:
    """Single slips, those of some lines first, and those that are made more often.

    ``channels`` are those wanted somewhere and those found there.
    """
    calls = [node for node in _nodes(file) if isinstance(node, ast.Call)]
    tuples = [node for node in _nodes(file) if isinstance(node, ast.Tuple)]
    whole = [(number, around) for number, around in numbers(file) if isinstance(number.value, int)]
    sorts: tuple[Iterator[Slip], ...] = (
        (slip for call in calls for slip in _exchanged(call.span, _by_place(call))),
        (slip for each in tuples for slip in _exchanged(each.span, each.items)),
        (slip for call in calls if call.word.text == "flatten" for slip in _inserted(call)),
        (slip for number, around in whole for slip in _of_channels(number, around, channels)),
        (slip for call in calls if call.word.text == "input" for slip in _of_inputs(call)),
        (slip for call in calls if call.word.text != "input" for slip in _of_windows(call)),
        (slip for number, around in whole for slip in _near(number, around)),
    )
    found: list[tuple[int, int, Slip]] = []
    for sort in sorts:
        for slip in sort:
            line = slip.edits[0].span.position[0]
            found.append((min((abs(line - each) for each in lines), default=0), len(found), slip))
    found.sort(key=lambda item: (item[0] > 0, item[1]))
    return [slip for _, _, slip in found]


def _by_place(call: ast.Call) -> list[ast.Argument]:
    return [item for item in call.arguments if item.name is None]


def numbers(file: ast.File) -> list[tuple[ast.Number, Span]]:
    """The numbers of networks and blocks, and the call or line around each; what is asserted is none of them."""
    found: dict[int, tuple[ast.Number, Span]] = {}
    for node in _nodes(file):
        holder = node.action if isinstance(node, ast.Statement) else node
        if isinstance(holder, ast.Call | ast.Let | ast.Repeat | ast.Tuple | ast.Parameter | ast.List):
            for number in _own_numbers(holder):
                kept = found.get(number.span.start)
                if kept is None or len(holder.span.text) < len(kept[1].text):
                    found[number.span.start] = (number, holder.span)
    return list(found.values())


def _nodes(file: ast.File) -> Iterator[ast.Syntax]:
    """All of networks and blocks but what they expect and assert."""
    waiting: list[ast.Syntax] = [item for item in reversed(file.items) if isinstance(item, ast.Definition)]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.Call) and node.word.text == "permute":
            continue  # many orders of axes fit, and one is meant
        for name in reversed(type(node).field_infos):
            value = getattr(node, name)
            each = value if isinstance(value, tuple) else (value,)
            waiting += (
                item
                for item in reversed(each)
                if isinstance(item, ast.Syntax) and not isinstance(item, ast.Expect | ast.Contract | ast.Label)
            )


def _own_numbers(holder: ast.Syntax) -> list[ast.Number]:
    """The numbers of a call or line, not those in the braces behind it."""
    parts: Sequence[ast.Syntax] = (holder,)
    if isinstance(holder, ast.Call):
        parts = holder.arguments
    elif isinstance(holder, ast.Repeat):
        parts = (holder.count,)
    return [node for part in parts for node in walk(part) if isinstance(node, ast.Number)]


def _exchanged(around: Span, items: Sequence[ast.Syntax]) -> Iterator[Slip]:
    """Two neighbours the other way round."""
    for left, right in pairwise(items):
        if left.span.text != right.span.text:
            yield _slip(around, Edit(left.span, right.span.text), Edit(right.span, left.span.text))


def _inserted(flatten: ast.Call) -> Iterator[Slip]:
    """The pooling of all places that often stands before a ``flatten``."""
    start = Span(flatten.span.source, flatten.span.start, flatten.span.start)
    yield _slip(flatten.span, Edit(start, "global_avgpool | "))


def _of_channels(number: ast.Number, around: Span, channels: tuple[int, int] | None) -> Iterator[Slip]:
    """As much more as is wanted more, as of the branches of a `concat`; or in proportion."""
    if channels is None:
        return
    wanted, found = channels
    value = number.value
    assert isinstance(value, int)
    others = [value + wanted - found, *([value * wanted // found] if value * wanted % found == 0 else [])]
    yield from (replaced(number.span, str(other), around) for other in others if other > 0 and other != value)


def _of_inputs(call: ast.Call) -> Iterator[Slip]:
    for size in (item.value for item in call.arguments):
        if isinstance(size, ast.Size) and len(size.extents) == 3:
            yield from (replaced(size.span, f"{size.extents[0]}x{side}x{side}", call.span) for side in _SIDES)


def _of_windows(call: ast.Call) -> Iterator[Slip]:
    """Another stride, padding or kernel."""
    sizes = [item.value for item in call.arguments if isinstance(item.value, ast.Size) and len(item.value.extents) == 2]
    named = {item.name.text: item for item in call.arguments if item.name}
    pools = call.word.text.endswith("pool")
    for text in (*(_added(sizes) if pools and not named else ()), *_ADDED):
        if text.split("=")[0].strip() not in named and (sizes or call.word.text in _WINDOWS):
            end = call.arguments[-1].span.end if call.arguments else call.word.span.end
            yield _slip(call.span, Edit(Span(call.span.source, end, end), text))
    for argument in named.values():
        start = len(call.span.source.text[: argument.span.start].rstrip())
        yield _slip(call.span, Edit(Span(call.span.source, start, argument.span.end), ""))
    for size in sizes:
        yield from (replaced(size.span, f"{each}x{each}", call.span) for each in _KERNELS[pools:])


def _added(sizes: Sequence[ast.Size]) -> list[str]:
    """What lets a pooling keep the size: its stride is that of its kernel if none is written."""
    return [f" stride=1 pad={size.extents[0] // 2}" for size in sizes if size.extents[0] and size.extents[0] % 2]


def _near(number: ast.Number, around: Span) -> Iterator[Slip]:
    """What a number may have been: its digits exchanged, one more or less, twice or half of it."""
    value, digits = number.value, number.span.text
    assert isinstance(value, int)
    swapped = [digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :] for i in range(len(digits) - 1)]
    others = [*(int(each) for each in swapped if each.isdigit()), value + 1, value - 1, 2 * value, value // 2]
    for other in dict.fromkeys(others):
        if other > 0 and other != value:
            yield replaced(number.span, str(other), around)


def replaced(span: Span, text: str, around: Span) -> Slip:
    """Another text in a place of a call or line."""
    return _slip(around, Edit(span, text))


def _slip(around: Span, *edits: Edit) -> Slip:
    return Slip(_shown(around, edits), edits)


def _shown(around: Span, edits: Sequence[Edit]) -> str:
    """A call with edits in place and its line, or the edit alone where that would be long."""
    inside = [
        edit.replace(span=Span(edit.span.source, edit.span.start - around.start, edit.span.end - around.start))
        for edit in edits
    ]
    text = apply_edits(around.text, inside)
    if "\n" not in text and len(text) <= _LONGEST:
        return f"`{text}` on line {around.position[0]}"
    changes = " and ".join(f"`{edit.replacement}` for `{edit.span.text}`" for edit in edits)
    return f"{changes} on line {edits[0].span.position[0]}"
