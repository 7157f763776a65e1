"""The blocks of a file: those it defines, and those it uses from other files and from ``std``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial

from ..diagnostics import Diagnostic, DiagnosticError, Diagnostics, Edit, Fix, Label
from ..diagnostics.kinds import limits, names
from ..diagnostics.suggest import nearest
from ..ops import OPERATORS
from ..source import Source, Span
from ..syntax import ast, parse
from .copies import copied
from .lines import repeats_the_line_above
from .place import did_you_mean
from .references import STRUCTURES, BlockReference, Library
from .settings import declared_twice

__all__ = ["MAX_INCLUDES", "Reader", "build_library"]

MAX_INCLUDES = 16

Reader = Callable[[Source, str], Source]
"""Reads the file that a source names in a ``use``, or ``std``; raises DiagnosticError where that may or can not be read."""


def build_library(file: ast.File, reader: Reader, diagnostics: Diagnostics) -> Library:
    """The blocks that a file can call; every mistake about them that needs no expansion is reported."""
    loader = _Loader(reader, diagnostics)
    library = loader.library(file, ())
    _report_recursion(library, diagnostics)
    return library


def _std(source: Source) -> ast.File:
    """The library of the language, which is right and never changes: it is parsed once."""
    return _parsed(source.name, source.text)


@cache
def _parsed(name: str, text: str) -> ast.File:
    return parse(Source(name, text), Diagnostics())


class _Loader:
    """Reads each used file once."""

    def __init__(self, reader: Reader, diagnostics: Diagnostics) -> None:
        self.reader = reader
        self.diagnostics = diagnostics
        self.loaded: dict[str, Library] = {}

    def library(self, file: ast.File, trail: tuple[str, ...]) -> Library:
        library = Library()
        library.importing = partial(self._import, file)
        for item in file.items:
            if isinstance(item, ast.Use):
                self._use(library, item, (*trail, file.span.source.name))
            elif isinstance(item, ast.Definition) and item.keyword == "block":
                self._define(library, BlockReference(item, library), item.name)
                if declared_twice(item, self.diagnostics):
                    library.blocks.pop(item.name.text)
                    library.missing.add(item.name.text)
            elif isinstance(item, ast.Error):
                library.missing.update(item.names)
                if "std" in item.names:  # a broken `use`, of which nobody knows what it was to take
                    std = _std(self.reader(file.span.source, "std"))
                    library.missing.update(block.name.text for block in std.blocks)
        return library

    def _import(self, file: ast.File, name: str) -> Edit | None:
        """The edit that adds a block of std to what a file uses; None if std has none of this name."""
        source = file.span.source
        std = _std(self.reader(source, "std"))
        if name not in [block.name.text for block in std.blocks] or source.name == "std":
            return None
        uses = [item for item in file.items if isinstance(item, ast.Use) and isinstance(item.origin, ast.Name)]
        if uses:
            end = uses[0].names[-1].span.end
            return Edit(Span(source, end, end), f", {name}")
        return Edit(Span(source, 0, 0), f"use {name} from std\n\n")

    def _define(self, library: Library, block: BlockReference, name: ast.Name) -> None:
        if name.text in library.blocks:
            first = library.places[name.text]
            places = Label(name.span, "again here"), (Label(first, "first here"),)
            message, help_ = f"two blocks are called `{name.text}`", ("rename one of them, or remove it",)
            again = repeats_the_line_above(name.span)
            if library.blocks[name.text].definition is block.definition:
                message, help_ = f"`{name.text}` is used already", (again.text if again else "remove this one",)
            fixes = (again.fix.replace(certain=True),) if again else ()
            found = Diagnostic(names.DUPLICATE_NAME, message, *places, help=help_, fixes=fixes)
            self.diagnostics.report(copied(library.blocks[name.text].definition.span, block.definition.span) or found)
        elif name.text in OPERATORS or name.text in STRUCTURES:
            message = f"`{name.text}` is a layer of the language"
            place = Label(name.span)
            self.diagnostics.report(Diagnostic(names.DUPLICATE_NAME, message, place, help=("choose another name",)))
        library.blocks.setdefault(name.text, block)
        library.places.setdefault(name.text, name.span)

    def _use(self, library: Library, use: ast.Use, trail: tuple[str, ...]) -> None:
        used = self._load(use, trail)
        for name in use.names:
            if used is not None and name.text in used.blocks:
                self._define(library, used.blocks[name.text], name)
                continue
            library.missing.add(name.text)
            if used is None or name.text in used.missing:
                continue
            meant = nearest(name.text, used.blocks)
            if meant:
                library.missing.add(meant)  # whoever calls it by its right name makes no mistake
            help_ = did_you_mean(meant) or (
                f"it has {', '.join(used.blocks) or 'no blocks, and only blocks are used'}",
            )
            message = f"{use.origin.span.text} has no block `{name.text}`"
            fixes = (Fix(f"write `{meant}`", (Edit(name.span, meant),), True),) if meant else ()
            self.diagnostics.report(Diagnostic(names.UNKNOWN_NAME, message, Label(name.span), help=help_, fixes=fixes))

    def _load(self, use: ast.Use, trail: tuple[str, ...]) -> Library | None:
        if isinstance(use.origin, ast.Name) and use.origin.text != "std":
            message = f"blocks come from `std` or from a file in quotes, not from `{use.origin.text}`"
            help_ = (f'write `from "{use.origin.text.removesuffix(".cnn")}.cnn"`',)
            self.diagnostics.report(Diagnostic(names.BAD_USE, message, Label(use.origin.span), help=help_))
            return None
        wanted = use.origin.value if isinstance(use.origin, ast.String) else "std"
        try:
            source = self.reader(use.span.source, wanted)
        except DiagnosticError as error:
            for item in error.diagnostics:
                self.diagnostics.report(item.replace(primary=Label(use.origin.span)))
            return None
        if source.name in trail or len(trail) >= MAX_INCLUDES:
            self._too_deep(use, source, trail)
            return None
        if source.name not in self.loaded:
            file = _std(source) if isinstance(use.origin, ast.Name) else parse(source, self.diagnostics)
            self.loaded[source.name] = self.library(file, trail)
        return self.loaded[source.name]

    def _too_deep(self, use: ast.Use, source: Source, trail: tuple[str, ...]) -> None:
        place = Label(use.origin.span)
        if source.name in trail:
            circle = " -> ".join((*trail[trail.index(source.name) :], source.name))
            message = "files use each other in a circle"
            self.diagnostics.report(Diagnostic(names.CIRCULAR_USE, message, place, notes=(circle,)))
            return
        message = f"files use each other more than {MAX_INCLUDES} deep"
        self.diagnostics.report(Diagnostic(limits.TOO_DEEP, message, place))


def _report_recursion(library: Library, diagnostics: Diagnostics) -> None:
    """Find blocks that call themselves, directly or through others, on the graph of calls."""
    done: set[int] = set()
    for block in library.blocks.values():
        cycle = _find_cycle(block, done)
        if cycle:
            _report_cycle(cycle, diagnostics)
            library.recursive.update(id(called.definition) for called, _ in cycle)


def _report_cycle(cycle: list[tuple[BlockReference, ast.Name]], diagnostics: Diagnostics) -> None:
    circle = " -> ".join([*(str(block) for block, _ in cycle), str(cycle[0][0])])
    *earlier, (last, word) = cycle
    diagnostics.report(
        Diagnostic(
            names.RECURSIVE_BLOCK,
            f"the block `{last if not earlier else cycle[0][0]}` calls itself",
            Label(word.span, "this call closes the circle" if earlier else "calls the block that it stands in"),
            tuple(Label(call.span, f"`{block}` calls `{call.text}`") for block, call in earlier),
            notes=(circle,) if earlier else (),
            help=("use `repeat` for a loop",),
        )
    )


def _find_cycle(start: BlockReference, done: set[int]) -> list[tuple[BlockReference, ast.Name]] | None:
    """The calls of a circle that begins in a block, searched without recursion."""
    if id(start.definition) in done:
        return None
    path: list[tuple[BlockReference, Iterator[ast.Name]]] = [(start, _called(start))]
    calls: list[ast.Name] = []
    while path:
        block, words = path[-1]
        word = next(words, None)
        if word is None:
            done.add(id(block.definition))
            path.pop()
            if calls:
                calls.pop()
            continue
        target = block.library.blocks.get(word.text)
        if target is None or id(target.definition) in done:
            continue
        on_path = [id(item.definition) for item, _ in path]
        if id(target.definition) in on_path:
            first = on_path.index(id(target.definition))
            blocks = [item for item, _ in path[first:]]
            done.update(on_path)
            return list(zip(blocks, [*calls[first:], word], strict=True))
        path.append((target, _called(target)))
        calls.append(word)
    return None


def _called(block: BlockReference) -> Iterator[ast.Name]:
    """The words of all calls in a block's body, unless a parameter has the name."""
    parameters = {parameter.name.text for parameter in block.definition.parameters}
    bodies = [block.definition.body]
    while bodies:
        for statement in bodies.pop().statements:
            action = statement.action
            if isinstance(action, ast.Call) and action.word.text not in parameters:
                yield action.word
            bodies += _bodies(action)


def _bodies(action: ast.Action) -> list[ast.Body]:
    """The braces directly in an action."""
    found: list[ast.Body] = []
    part: ast.Action | ast.Body | None = action
    while isinstance(part, ast.If):
        found.append(part.body)
        part = part.otherwise
    if isinstance(part, ast.Body):
        found.append(part)
    elif isinstance(part, ast.Residual):
        found.append(part.body)
        if part.shortcut is not None and part.shortcut.body is not None:
            found.append(part.shortcut.body)
    elif isinstance(part, ast.Call | ast.Repeat | ast.For) and part.body is not None:
        found.append(part.body)
    return found
