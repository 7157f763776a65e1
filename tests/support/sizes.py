"""Sizes of inputs tried one by one, by the plain elaborator: what the solver's answers are held against."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cnndsl.diagnostics import Diagnostics
from cnndsl.elaborate import build_library, collect, elaborate_network, find_network
from cnndsl.ir import Graph
from cnndsl.reading import read_used
from cnndsl.record import Record
from cnndsl.source import Source
from cnndsl.syntax import ast, parse

__all__ = ["Trial", "Tried"]


class Tried(Record):
    """What holds of one input."""

    legal: bool
    lossless: bool
    contracts: bool


class Trial:
    """A spec built with one input after another, as it stands and without its contracts."""

    def __init__(self, source: Source) -> None:
        nodes = list(_records(parse(source)))
        asserted = [node.span for node in nodes if isinstance(node, ast.Contract)]
        self.contracts = [(source.text.rindex("->", 0, span.start), span.end, "") for span in asserted]
        (self.input,) = (node for node in nodes if isinstance(node, ast.Call) and node.word.text == "input")
        self.source = source
        self.asserting = self.plain = None

    def __call__(self, shape: tuple[int, ...]) -> Tried:
        if self.plain is None or len(shape) == 1:  # a free vector cannot be written: its network is read for each size
            span = self.input.arguments[0].span
            edits = [(span.start, span.end, "x".join("?" * len(shape)) if len(shape) > 1 else str(shape[0]))]
            self.asserting = _read(self.source, _edited(self.source.text, edits))
            self.plain = _read(self.source, _edited(self.source.text, edits + self.contracts))
        graph = self._build(self.plain, shape)
        if graph is None:
            return Tried(False, False, False)
        lossless = not any(_loses(node) for node in graph.nodes)
        return Tried(True, lossless, self._build(self.asserting, shape) is not None)

    def _build(self, read: Any, shape: tuple[int, ...]) -> Graph | None:
        definition, library = read
        diagnostics = Diagnostics()
        graph = elaborate_network(definition, {}, library, collect(diagnostics), shape, expectations=False)
        return None if diagnostics.has_errors else graph


def _records(item: Any) -> Iterator[Record]:
    if isinstance(item, list | tuple):
        for each in item:
            yield from _records(each)
    elif isinstance(item, Record) and not hasattr(item, "source"):
        yield item
        for name in type(item).field_infos:
            yield from _records(getattr(item, name))


def _edited(text: str, edits: list[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _read(source: Source, text: str) -> tuple[Any, Any]:
    diagnostics = Diagnostics()
    file = parse(Source(source.name, text, source.path))
    sink = collect(diagnostics)
    read = find_network(file, None, sink), build_library(file, _used, sink)
    diagnostics.raise_errors()
    return read


def _used(source: Source, name: str) -> ast.File:
    return parse(read_used(source, name))


def _loses(node: Any) -> bool:
    """Whether the last row that a window reads, counted one by one, is not the last of the input."""
    window = node.operator.window()
    if window is None or all(size == 1 for size in window.kernel_size):
        return False
    for axis, (size, count) in enumerate(zip(node.input.type.shape[1:], node.output.type.shape[1:], strict=True)):
        begins = range(-window.padding[axis][0], window.stride[axis] * count, window.stride[axis])[count - 1]
        if begins + window.dilation[axis] * (window.kernel_size[axis] - 1) < size - 1:
            return True
    return False
