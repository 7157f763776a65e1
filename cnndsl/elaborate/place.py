"""Where the elaborator is: what names mean there. Each pair of braces has a place of its own."""

from __future__ import annotations

from typing import Any

from ..attributes import Word
from ..diagnostics import Edit, Fix
from ..diagnostics.kinds import names
from ..diagnostics.suggest import nearest, one_of
from ..ir import Block
from ..source import Span
from .expressions import EvaluationError, fail
from .references import BlockReference, LayerReference, Library, ValueReference
from .scope import Scope
from .steps import take_steps

__all__ = ["Place"]

_MOST_NAMES = 12


class Place:
    """The variables, scope and library that a statement sees, and the block that its nodes belong to."""

    def __init__(
        self, variables: dict[str, Any], scope: Scope, library: Library, block: Block | None = None, top: bool = False
    ) -> None:
        self.variables = variables
        self.scope = scope
        self.library = library
        self.block = block
        self.top = top

    def inner(self, variables: dict[str, Any] | None = None, scope: Scope | None = None) -> Place:
        """The place inside braces here; what ``let`` adds there ends with them."""
        return Place({**self.variables, **(variables or {})}, scope or self.scope, self.library, self.block)

    def within(self, block: Block, scope: Scope) -> Place:
        """The place inside braces that make a scope of their own."""
        return Place(dict(self.variables), scope, self.library, block)

    def resolve(self, value: Any, span: Span) -> Any:
        """A value whose bare names have become references to layers, blocks and values.

        Raises:
            EvaluationError: E0208 if nothing has the name.
        """
        if isinstance(value, LayerReference | BlockReference | ValueReference):
            return value
        if isinstance(value, Word):
            return self._reference(value, span)
        if isinstance(value, list | tuple):
            take_steps(len(value), span)
        if isinstance(value, list):
            return [self.resolve(item, span) for item in value]
        return tuple(self.resolve(item, span) for item in value) if isinstance(value, tuple) else value

    def _reference(self, word: Word, span: Span) -> Word:
        layer = self.library.find(word)
        if layer is not None:
            return layer
        found, value = self.scope.find(word)
        if found:
            return ValueReference(word, value)
        if word in self.library.missing:
            raise EvaluationError(None)
        raise self.unknown(word, span)

    def unknown(self, name: str, span: Span) -> EvaluationError:
        """The complaint that nothing has this name."""
        importing = self.library.importing(name)
        if importing is not None:
            fix = Fix(f"use `{name}` from std", (importing,), True)
            help_ = f"`{name}` is a block of std: begin the file with `use {name} from std`"
            return fail(names.UNKNOWN_NAME, f"nothing here is called `{name}`", span, help_, fixes=(fix,))
        from .unknown_names import unknown_name  # all names of a text without mistakes are known

        known = (*self.variables, *self.library.names, *self.scope.visible())
        return EvaluationError(unknown_name(name, span, dict.fromkeys(known)))

    def unknown_value(self, name: str, span: Span) -> EvaluationError:
        """The complaint that no value has this name, unless a label given twice may have been meant for it."""
        if self.scope.duplicated:
            return EvaluationError(None)
        from .unknown_names import left_over  # all names of a text without mistakes are known

        meant = nearest(name, self.scope.visible())
        unused = None if meant else left_over(span.source, self.scope.visible())
        fixes = (Fix(f"write `{meant or unused}`", (Edit(span, meant or unused or ""),)),) if meant or unused else ()
        known = [f"`{each}`" for each in dict.fromkeys(self.scope.visible())]
        listed = (f"the values named before this are {one_of(known, 'and')}",) if 1 < len(known) <= _MOST_NAMES else ()
        help_ = (
            did_you_mean(meant)
            or listed
            or (
                "a label before a layer, as in `enc1: conv 64 3x3`, names its output; a block is given it as an argument",
            )
        )
        help_ = (*((f"did you mean `{unused}`, which nothing uses?",) if unused else ()), *help_)
        return fail(names.UNKNOWN_NAME, f"no value here is called `{name}`", span, *help_, fixes=fixes)


def did_you_mean(meant: str | None) -> tuple[str, ...]:
    """The help that a suggestion makes, if there is one."""
    return (f"did you mean `{meant}`?",) if meant else ()
