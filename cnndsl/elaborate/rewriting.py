"""Changed attributes as edits of the text: in the call of the layer, or of the block that hands the value on.

``conv out kernel pad=pad`` in a block takes its padding from where the block is called, so that is the place to change it;
and a block that another file holds can be changed nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..diagnostics import Edit
from ..diagnostics.mending import apply_edits
from ..ir import Block, Node
from ..ops.writing import argument_text, spelling
from ..record import Record
from ..source import Span
from ..syntax import ast

if TYPE_CHECKING:
    from .network import NetworkElaborator

__all__ = ["Rewriting", "put_before", "rewriting"]


class Rewriting(Record):
    """Edits of one call, the call with them in place, and where it stands."""

    edits: tuple[Edit, ...]
    text: str
    call: Span


class _Place(Record):
    """Where an attribute is given: in which call, under which name, and its argument there if it has one."""

    call: Span
    name: str
    argument: Span | None


def rewriting(network: NetworkElaborator, node: Node, changes: Mapping[str, Any]) -> Rewriting | None:
    """The edits that give attributes of a node other values; None if they stand in no one call that can be changed."""
    places = {name: _place(network, node, name) for name in _with_stride(node, changes)}
    call = next(iter(places.values())).call
    if call.source is not network.network.span.source or any(place.call != call for place in places.values()):
        return None
    edits, added = [], []
    for name, value in _with_stride(node, changes).items():
        place = places[name]
        if place.argument is None:
            added.append(f" {place.name}={argument_text(value, positional=False)}")
            continue
        before, equals, _ = place.argument.text.partition("=")
        text = argument_text(value, positional=not equals)
        edits.append(Edit(place.argument, f"{before}={text}" if equals else text))
    if added:
        edits.append(Edit(Span(call.source, call.end, call.end), "".join(added)))
    return Rewriting(tuple(edits), _edited(call, edits), call)


def _with_stride(node: Node, changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """The stride of a pooling is its kernel if it is not written: where the kernel changes it has to be."""
    stride = node.operator.attributes().get("stride")
    if "kernel_size" in changes and stride and stride.default is None and "stride" not in node.attribute_spans:
        return {**changes, "stride": node.operator.window().stride}
    return changes


def _place(network: NetworkElaborator, node: Node, name: str) -> _Place:
    place = _Place(node.span, spelling(node.operator, name), node.attribute_spans.get(name))
    block = _called(network, node.block)
    while block is not None and place.argument is not None:
        call, reference = network.uses[block]
        parameter = place.argument.text.rpartition("=")[2]
        names = [each.name.text for each in reference.definition.parameters]
        body = reference.definition.body.span.text
        if parameter not in names or len(re.findall(rf"\b{parameter}\b", body)) != 1 + (f"{parameter}=" in body):
            break
        place = _Place(call.span, parameter, _argument(call, parameter, names))
        block = _called(network, block.parent)
    return place


def _called(network: NetworkElaborator, block: Block | None) -> Block | None:
    """The innermost use of a block; braces with a label are none."""
    while block is not None and block not in network.uses:
        block = block.parent
    return block


def _argument(call: ast.Call, parameter: str, names: Sequence[str]) -> Span | None:
    """The argument of a call for a parameter of its block."""
    by_place = iter(names)
    for argument in call.arguments:
        name = argument.name.text if argument.name else next(by_place, "")
        if name == parameter:
            return argument.span
    return None


def _edited(span: Span, edits: Sequence[Edit]) -> str:
    """The text of a span after some edits within it."""
    here = [
        edit.replace(span=Span(span.source, edit.span.start - span.start, edit.span.end - span.start)) for edit in edits
    ]
    return apply_edits(span.text, here)


def put_before(word: Span, layer: str) -> Edit:
    """A layer of its own before a word and the label that it may have."""
    source = word.source
    line, column = word.position
    before = source.line(line)[: column - 1]
    start = max(before.rfind("|"), before.rfind("{")) + 1
    start += len(before[start:]) - len(before[start:].lstrip())
    between = " | " if before[:start].strip() else "\n" + before[:start]
    place = word.start - (column - 1) + start
    return Edit(Span(source, place, place), f"{layer}{between}")
