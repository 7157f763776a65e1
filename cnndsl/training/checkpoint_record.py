"""What a checkpoint says beside its tensors: the content of ``model.json``, checked field by field when it is read."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from ..attributes import Declared
from ..recipe import Recipe
from ..record import Record

__all__ = ["LARGEST_RECORD", "CheckpointRecord", "RecordProblem", "describe", "plain", "recipe_as_data"]

SCHEMA = "cnndsl.checkpoint"
VERSION = 1
LARGEST_RECORD = 4 * 2**20
"""Bytes of a ``model.json``: sixteen times the largest spec."""


class RecordProblem(Exception):
    """The text is not the record of a checkpoint; the message says why."""


class CheckpointRecord(Record):
    """The facts by which a checkpoint can be used, and told from others.

    ``settings`` are the network's parameters as set, ``recipe`` how it was trained, ``history`` a row for each epoch done,
    ``sha256`` and ``size`` those of the file of tensors, ``versions`` the packages that wrote it.
    """

    network: str
    spec: str
    settings: Mapping[str, Any]
    recipe: Mapping[str, Any]
    class_names: tuple[str, ...]
    epoch: int
    dtype: str
    history: tuple[Mapping[str, float], ...]
    sha256: str
    size: int
    versions: Mapping[str, str]

    @property
    def dataset(self) -> str:
        """The name of the data set that it was trained on."""
        return str(self.recipe["data"]["name"])

    def to_json(self) -> str:
        """The text of ``model.json``: the same bytes for equal records."""
        fields = {name: getattr(self, name) for name in _FIELDS}
        document = {"schema": SCHEMA, "version": VERSION, **fields}
        return json.dumps(document, indent=1, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, data: bytes) -> CheckpointRecord:
        """The record in the bytes of a ``model.json``.

        Raises:
            RecordProblem: If they are anything else.
        """
        document = _parse(data)
        if document.get("schema") != SCHEMA:
            raise RecordProblem("it is not the record of a cnndsl checkpoint")
        if document.get("version") != VERSION:
            raise RecordProblem(f"its version is {describe(document.get('version'))}, and this cnndsl reads {VERSION}")
        if document.keys() != {"schema", "version", *_FIELDS}:
            raise RecordProblem("its fields are not those of a checkpoint")
        for name, is_valid in _FIELDS.items():
            if not is_valid(document[name]):
                raise RecordProblem(f"its field `{name}` is {describe(document[name])}")
        fields = {name: document[name] for name in _FIELDS}
        return cls(**{**fields, "class_names": tuple(fields["class_names"]), "history": tuple(fields["history"])})


def recipe_as_data(recipe: Recipe) -> dict[str, Any]:
    """A recipe as JSON data: every setting by its name, with all its attributes."""
    return {name: plain(getattr(recipe, name)) for name in Recipe.field_infos}


def plain(value: object) -> Any:
    """A value of the language as JSON data; sizes and tuples become lists."""
    match value:
        case Declared():
            return {"name": value.name, **{name: plain(getattr(value, name)) for name in value.attributes()}}
        case list() | tuple():
            return [plain(item) for item in value]
        case str():
            return str(value)
        case bool() | int() | float():
            return value
    return str(value)


def describe(value: object) -> str:
    """A value of a JSON document for a message, cut where it is long."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _parse(data: bytes) -> dict[str, Any]:
    try:
        document = json.loads(data.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise RecordProblem("it is not JSON") from None
    if not isinstance(document, dict):
        raise RecordProblem("it is not a JSON object")
    return document


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(word)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _is_word(value: object) -> bool:
    return isinstance(value, str) and len(value) <= 200 and value.isprintable()


def _is_words(value: object) -> bool:
    return isinstance(value, list) and len(value) > 0 and all(map(_is_word, value))


def _is_recipe(value: object) -> bool:
    if not isinstance(value, dict) or value.keys() != Recipe.field_infos.keys():
        return False
    data = value["data"]
    return isinstance(data, dict) and _is_word(data.get("name"))


def _is_history(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(row, dict) and all(_is_count(item) or _is_finite(item) for item in row.values()) for row in value
    )


def _is_finite(value: object) -> bool:
    return isinstance(value, float) and math.isfinite(value)


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and len(value) == 64 and set(value) <= set("0123456789abcdef")


_FIELDS: dict[str, Callable[[object], bool]] = {
    "network": _is_word,
    "spec": _is_text,
    "settings": _is_object,
    "recipe": _is_recipe,
    "class_names": _is_words,
    "epoch": _is_count,
    "dtype": lambda value: value in ("float32", "float64"),
    "history": _is_history,
    "sha256": _is_digest,
    "size": _is_count,
    "versions": lambda value: isinstance(value, dict) and all(map(_is_word, value.values())),
}
