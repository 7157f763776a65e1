"""Settings of training that are given beside the spec: on the command line, or from Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..attributes import Declared, Word, format_value
from ..diagnostics import Diagnostics
from ..elaborate import changed_recipe
from ..recipe import Recipe
from ..recipe.settings import CHOICES, RECORDS
from ..record import REQUIRED
from ..source import Source
from .checking import Explained, parse_text

__all__ = ["with_changes"]


def with_changes(recipe: Recipe | None, changes: Mapping[str, Any]) -> Recipe:
    """A recipe with some settings changed, or one that is made of nothing else.

    A change is what is after the word of a setting, ``epochs=3`` or ``optimizer="adam lr=1e-3"``; what the recipe package
    has for it, ``optimizer=Adam(lr=1e-3)``; or one attribute of a setting, ``{"optimizer.lr": 1e-3}``.

    Raises:
        DiagnosticError: With what is wrong with them, as a ``train { }`` would be told.
    """
    made = {name: value for name, value in changes.items() if isinstance(value, Declared) and _is_one(name, value)}
    lines = [f"    {line}\n" for line in _lines(recipe, {name: changes[name] for name in changes if name not in made})]
    source = Source("train(...)", "".join(("train {\n", *lines, "}\n")))
    diagnostics = Diagnostics()
    file = parse_text(source, diagnostics)
    changed = changed_recipe(recipe, file.trains[0], Explained(file, diagnostics)) if file.trains else None
    diagnostics.raise_errors()
    assert changed is not None
    return changed.replace(**made)


def _is_one(name: str, value: Declared) -> bool:
    """Whether a setting can be this; a loss cannot be an optimizer."""
    return type(value) in (*CHOICES.get(name, {}).values(), RECORDS.get(name))


def _lines(recipe: Recipe | None, changes: Mapping[str, Any]) -> list[str]:
    """The settings as a spec writes them, those of one attribute with the others of theirs."""
    whole = {name: _written(value) for name, value in changes.items() if "." not in name}
    attributes: dict[str, dict[str, str]] = {}
    for name, value in changes.items():
        setting, dot, attribute = name.partition(".")
        if dot:
            attributes.setdefault(setting, {})[attribute] = _written(value)
    for setting, values in attributes.items():
        words = whole.get(setting) or _as_written(getattr(recipe, setting, None), values)
        whole[setting] = " ".join((words, *(f"{name}={text}" for name, text in values.items())))
    return [f"{name} {text}".rstrip() for name, text in whole.items()]


def _as_written(value: object, without: Mapping[str, object]) -> str:
    """A setting of a recipe as a spec writes it, but for some attributes."""
    if not isinstance(value, Declared):
        return ""
    given = {
        name: getattr(value, name)
        for name, info in value.attributes().items()
        if name not in without and (info.default is REQUIRED or getattr(value, name) != info.default)
    }
    word = "" if type(value) in RECORDS.values() else value.name
    return " ".join((word, *(f"{name}={_exact(item)}" for name, item in given.items()))).strip()


def _exact(value: object) -> str:
    """A value with all its digits."""
    if isinstance(value, float):
        return repr(value)
    return f"({', '.join(map(_exact, value))})" if isinstance(value, tuple) else format_value(value)


def _written(value: object) -> str:
    """A value from outside as a spec writes it; texts are what is after the word of a setting."""
    if isinstance(value, Declared):
        return value.name
    if isinstance(value, str) and not isinstance(value, Word):
        return value.replace("\n", " ")
    if isinstance(value, Mapping):
        return " ".join(f"{name}={_exact(item)}" for name, item in value.items())
    if isinstance(value, list | tuple) and value and all(isinstance(item, str) for item in value):
        return " ".join(map(str, value))
    return _exact(value)
