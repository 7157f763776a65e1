"""The blocks of a file: those it defines, and those it uses from other files and from ``std``."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .. import problems
from ..diagnostics import DiagnosticError
from ..ops import OPERATORS
from ..problems import Sink
from ..source import Source
from ..syntax import ast
from ..syntax.walk import walk
from .budget import MAX_INCLUDES
from .settings import declared_twice
from .values import STRUCTURES, BlockReference, Library

__all__ = ["Reader", "build_library"]

Reader = Callable[[Source, str], ast.File]
"""Reads the file that a source names in a ``use``, or ``std``; raises DiagnosticError where that may or can not be read.

It reports for itself what cannot be understood of the text.
"""


def build_library(file: ast.File, read: Reader, sink: Sink) -> Library:
    """The blocks that a file can call; every mistake about them that needs no expansion is reported."""
    library = _Loader(read, sink).library(file, ())
    done: set[int] = set()
    for block in library.blocks.values():
        circle = _find_circle(block, done)
        if circle:
            names = tuple((str(called), word) for called, word in circle)
            sink(problems.RecursiveBlock(circle[-1][1].span, names[0][0], names), None)
            library.recursive.update(id(called.definition) for called, _ in circle)
    return library


class _Loader:
    """Reads each used file once."""

    def __init__(self, read: Reader, sink: Sink) -> None:
        self.read = read
        self.sink = sink
        self.loaded: dict[str, Library] = {}

    def library(self, file: ast.File, trail: tuple[str, ...]) -> Library:
        """The blocks of a file that is used by others, of which the trail has the names."""
        library = Library()
        for item in file.items:
            if isinstance(item, ast.Use):
                self._use(library, item, (*trail, file.span.source.name))
            elif isinstance(item, ast.Definition) and item.keyword == "block":
                self._define(library, BlockReference(item, library), item.name)
                if declared_twice(item, self.sink):
                    library.blocks.pop(item.name.text)
                    library.missing.add(item.name.text)
            elif isinstance(item, ast.Error):
                library.missing.update(item.names)
        return library

    def _define(self, library: Library, block: BlockReference, name: ast.Name) -> None:
        known, definition = library.blocks.get(name.text), block.definition
        if known is None and (name.text in OPERATORS or name.text in STRUCTURES):
            self.sink(problems.LayerName(name.span, name.text), None)
        elif known is not None and known.definition is definition:
            self.sink(problems.UsedTwice(name.span, library.places[name.text], name.text), None)
        elif known is not None:
            self.sink(problems.DefinedTwice(name.span, library.places[name.text], definition, known.definition), None)
        library.blocks.setdefault(name.text, block)
        library.places.setdefault(name.text, name.span)

    def _use(self, library: Library, use: ast.Use, trail: tuple[str, ...]) -> None:
        used = self._load(use, trail)
        for name in use.names:
            if used is not None and name.text in used.blocks:
                self._define(library, used.blocks[name.text], name)
                continue
            library.missing.add(name.text)
            if used is not None and name.text not in used.missing:
                self.sink(problems.UnknownImport(name.span, name.text, use, tuple(used.blocks)), None)

    def _load(self, use: ast.Use, trail: tuple[str, ...]) -> Library | None:
        """The blocks of a used file, or None if a mistake was reported."""
        span = use.origin.span
        if isinstance(use.origin, ast.Name) and use.origin.text != "std":
            self.sink(problems.UnknownOrigin(span, use.origin.text), None)
            return None
        try:
            file = self.read(use.span.source, use.origin.value if isinstance(use.origin, ast.String) else "std")
        except DiagnosticError as error:
            for cause in error.diagnostics:
                self.sink(problems.FileRefused(span, cause), None)
            return None
        name = file.span.source.name
        if name in trail:
            self.sink(problems.CircularUse(span, (*trail[trail.index(name) :], name)), None)
            return None
        if len(trail) >= MAX_INCLUDES:
            self.sink(problems.TooDeep(span, f"files use each other more than {MAX_INCLUDES} deep"), None)
            return None
        if name not in self.loaded:
            self.loaded[name] = self.library(file, trail)
        return self.loaded[name]


def _find_circle(start: BlockReference, done: set[int]) -> list[tuple[BlockReference, ast.Name]]:
    """The blocks of a circle that can be reached from one, if there is one, each with the word that calls the next."""
    path: list[tuple[BlockReference, Iterator[ast.Name]]] = [(start, _called(start))]
    calls: list[ast.Name] = []
    while path and id(start.definition) not in done:
        block, words = path[-1]
        word = next(words, None)
        if word is None:
            done.add(id(block.definition))
            path.pop()
            del calls[-1:]
            continue
        target = block.library.blocks.get(word.text)
        if target is None or id(target.definition) in done:
            continue
        on_path = [id(called.definition) for called, _ in path]
        if id(target.definition) in on_path:
            first = on_path.index(id(target.definition))
            done.update(on_path)
            return list(zip([called for called, _ in path[first:]], [*calls[first:], word], strict=True))
        path.append((target, _called(target)))
        calls.append(word)
    return []


def _called(block: BlockReference) -> Iterator[ast.Name]:
    """The words of all calls in a block's body, unless a parameter has the name."""
    parameters = {parameter.name.text for parameter in block.definition.parameters}
    words = [node.word for node in walk(block.definition.body) if isinstance(node, ast.Call)]
    return (word for word in sorted(words, key=lambda word: word.span.start) if word.text not in parameters)
