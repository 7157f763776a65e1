"""Attributes that a call gives and that what it names does not have: all those of one call are one mistake."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from ..attributes import Declared
from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import names
from ..diagnostics.suggest import one_of
from ..explain.foreign import LEFT_OUT, attribute_meant
from ..ops import Operator
from ..record import Record
from ..source import Span
from ..syntax import ast

__all__ = ["removed", "unknown_attributes"]

_LABELS = ("name", "label", "id")


class _Reading(Record):
    """What is said of one of them."""

    place: Label
    edits: tuple[Edit, ...] = ()
    certain: bool = True
    fix: str = ""
    help: str = ""


def unknown_attributes(
    declared: type[Declared],
    word: ast.Name,
    unknown: Sequence[tuple[ast.Name, ast.Argument]],
    given: Container[str],
) -> Diagnostic:
    """What is wrong with the names and their arguments, with one edit for all that can be mended.

    ``given`` are the attributes that the call gives otherwise.
    """
    readings = [_read(declared, word, name, argument, given) for name, argument in unknown]
    listed = one_of([f"`{name.text}`" for name, _ in unknown], "or")
    message = f"`{word.text}` has no attribute {listed}"
    attributes = declared.attributes()
    has = f"`{word.text}` " + (f"has {', '.join(attributes)}" if attributes else "takes no attributes")
    help_ = dict.fromkeys(each.help or has for each in readings)
    mended = [each for each in readings if each.edits]
    edits = tuple(edit for each in mended for edit in each.edits)
    mends = one_of(dict.fromkeys(each.fix for each in mended), "and").replace(" and write ", " and ") if mended else ""
    fix = Fix(mends.replace(", write ", ", "), edits, all(each.certain for each in mended))
    first, *others = (each.place for each in readings)
    return Diagnostic(
        names.UNKNOWN_ATTRIBUTE, message, first, tuple(others), help=tuple(help_), fixes=(fix,) if mended else ()
    )


def _read(
    declared: type[Declared], word: ast.Name, name: ast.Name, argument: ast.Argument, given: Container[str]
) -> _Reading:
    if issubclass(declared, Operator) and name.text in LEFT_OUT:
        fix = removed(argument)
        return _Reading(Label(name.span), fix.edits, fix=fix.message, help=LEFT_OUT[name.text])
    if issubclass(declared, Operator) and name.text in _LABELS:
        return _label(word, name, argument)
    known = [*declared.attributes(), *_aliases(declared)]
    meant = attribute_meant(name.text, known)
    if meant is None:
        return _Reading(Label(name.span))
    if declared.find_attribute(meant) in given:
        return _Reading(Label(name.span, f"this is `{meant}`, which is given already"))
    certain = name.text != "dim"  # elsewhere axes count the batch, so that the number is another one
    return _Reading(
        Label(name.span, f"did you mean `{meant}`?"), (Edit(name.span, meant),), certain, f"write `{meant}`"
    )


def _aliases(declared: type[Declared]) -> Iterable[str]:
    return (alias for info in declared.attributes().values() for alias in info.aliases)


def _label(word: ast.Name, name: ast.Name, argument: ast.Argument) -> _Reading:
    """``name="conv1"``: a label stands before the layer."""
    value = argument.value
    text = value.value if isinstance(value, ast.String) else value.name if isinstance(value, ast.Variable) else ""
    label = str(text) if str(text).isidentifier() else "conv1"
    help_ = f"a name stands before its layer: `{label}: {word.text} ...`"
    source = word.span.source
    before = source.text[: word.span.start].rstrip(" \t")
    if label != text or before.endswith(":"):
        return _Reading(Label(name.span), help=help_)
    begin = Edit(Span(source, word.span.start, word.span.start), f"{label}: ")
    return _Reading(Label(name.span), (begin, *removed(argument).edits), True, f"write `{label}:` before it", help_)


def removed(argument: ast.Argument, *, certain: bool = True) -> Fix:
    """The edit that takes an argument away, with the blanks before it."""
    span = argument.span
    start = len(span.source.text[: span.start].rstrip(" \t"))
    return Fix(f"remove `{span.text}`", (Edit(Span(span.source, start, span.end), ""),), certain)
