"""Lints of the text alone: what it defines and does not use.

A name that begins with ``_`` is unused by intent; one that stands for two things counts as used by both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...diagnostics import Diagnostic, Edit, Fix, Label
from ...source import Span
from ...syntax import ast
from .lint import TextLint
from .tree import Text, names_used, statements

__all__ = ["UnusedBlock", "UnusedLet", "UnusedParameter"]


class UnusedBlock(TextLint):
    """No network of the file uses a block.

    The file has a network, and none of its networks uses the block, directly or through other blocks. A
    block that was taken with `use` counts as well. A file of blocks alone is there for others, and all
    of its blocks may be unused.

    This gives the warning:

    ```cnn failing
    block unit(channels) { conv channels 3x3 pad=1 | relu }

    block wide_unit(channels) { conv channels 5x5 pad=2 | relu }

    network Example {
        input 3x32x32
        unit 8
    }
    ```

    This does not:

    ```cnn
    block unit(channels) { conv channels 3x3 pad=1 | relu }

    block wide_unit(channels) { conv channels 5x5 pad=2 | relu }

    network Example {
        input 3x32x32
        unit 8
        wide_unit 8
    }
    ```

    A name that begins with `_`, such as `_wide_unit`, is unused by intent.
    """

    code = "W0505"

    def find(self, text: Text) -> Iterator[Diagnostic]:
        if not text.file.networks:
            return
        reached = _reached(text)
        for block in text.file.blocks:
            name = block.name.text
            if name not in reached and not name.startswith("_"):
                help_ = f"use it, remove it, or name it `_{name}`; a file of blocks for others has no network"
                yield Diagnostic(self.kind, _unused(name), Label(block.name.span), help=(help_,))
        for use in (item for item in text.file.items if isinstance(item, ast.Use)):
            for taken in (name for name in use.names if name.text not in reached):
                place = Label(taken.span, f"from {use.origin.span.text}")
                fixes = (_without(use, taken),) if len(use.names) > 1 else ()
                help_ = "use the block, or remove it from the `use` line"
                yield Diagnostic(self.kind, _unused(taken.text), place, help=(help_,), fixes=fixes)


def _unused(name: str) -> str:
    return f"no network of this file uses the block `{name}`"


def _reached(text: Text) -> set[str]:
    """The names that a network uses, directly or through blocks, and those that an unused block uses: it is to blame."""
    calls = {item.name.text: names for item, names in text.names if item.keyword == "block"}
    reached: set[str] = set()
    waiting = [name for item, names in text.names if item.keyword == "network" for name in names]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += calls.get(name, ())
    return reached.union(*(calls[block] for block in calls.keys() - reached))


def _without(use: ast.Use, name: ast.Name) -> Fix:
    """Take one of several names away, with the comma before it or, of the first, after it."""
    place = use.names.index(name)
    if place:
        span = Span(name.span.source, use.names[place - 1].span.end, name.span.end)
    else:
        span = Span(name.span.source, name.span.start, use.names[1].span.start)
    return Fix(f"remove `{name.text}` from the `use` line", (Edit(span, ""),), certain="#" not in span.text)


class UnusedParameter(TextLint):
    """A network or block does not use its parameter.

    The body of the network or block never uses the parameter: whatever it is given changes nothing.

    This gives the warning:

    ```cnn failing
    network Example(width = 8) {
        input 1x8x8
        conv 8 3x3 pad=1
        flatten
        dense 10
    }
    ```

    This does not:

    ```cnn
    network Example(width = 8) {
        input 1x8x8
        conv width 3x3 pad=1
        flatten
        dense 10
    }
    ```

    A block may need a parameter because others of its kind have it. Let its name begin with `_` then, as in
    `_stride`.
    """

    code = "W0507"

    def find(self, text: Text) -> Iterator[Diagnostic]:
        for definition, used in text.names:
            for parameter in definition.parameters:
                name = parameter.name.text
                if used[name] or name.startswith("_"):
                    continue
                message = f"{definition.keyword} `{definition.name.text}` does not use its parameter `{name}`"
                help_ = f"use it, remove it, or name it `_{name}`"
                yield Diagnostic(self.kind, message, Label(parameter.name.span), help=(help_,))


class UnusedLet(TextLint):
    """Nothing uses what a `let` names.

    A `let` names a value, and nothing uses the name. Often another name was written where it should be.

    This gives the warning:

    ```cnn failing
    network Example {
        input 1x8x8
        let hidden = 32
        flatten
        dense 16 | relu
        dense 10
    }
    ```

    This does not:

    ```cnn
    network Example {
        input 1x8x8
        let hidden = 32
        flatten
        dense hidden | relu
        dense 10
    }
    ```

    Where a `let` takes a tuple apart, let the names that are not needed begin with `_`:
    `let (unit, _counts) = ...`.
    """

    code = "W0508"

    def find(self, text: Text) -> Iterator[Diagnostic]:
        for definition, used in text.names:
            for let in _lets(definition):
                own = names_used(let.value)
                for name in let.pattern.names:
                    if used[name.text] <= own[name.text] and not name.text.startswith("_"):
                        help_ = f"use it, remove it, or name it `_{name.text}`"
                        yield Diagnostic(self.kind, f"nothing uses `{name.text}`", Label(name.span), help=(help_,))


def _lets(definition: ast.Definition) -> Iterable[ast.Let]:
    return (item.action for item, _ in statements(definition) if isinstance(item.action, ast.Let))
