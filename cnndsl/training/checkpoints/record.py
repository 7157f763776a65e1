"""What a checkpoint says beside its tensors: the content of ``model.json``, checked field by field when it is read."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from ...attributes import Declared
from ...hashing import sha256_of
from ...record import Record

if TYPE_CHECKING:
    from ...recipe import Recipe

__all__ = ["LARGEST_RECORD", "CheckpointRecord", "RecordProblem", "describe", "plain", "recipe_as_data"]

SCHEMA = "cnndsl.checkpoint"
VERSION = 6
_DIGEST = "record_sha256"
LARGEST_RECORD = 4 * 2**20
"""Bytes of a ``model.json``: sixteen times the largest spec."""


class RecordProblem(Exception):
    """The text is not the record of a checkpoint: why, and what to do where that is known."""

    def __init__(self, fact: str, hint: str = "") -> None:
        super().__init__(fact)
        self.fact = fact
        self.hint = hint


class CheckpointRecord(Record):
    """The facts by which a checkpoint can be used, and told from others.

    ``settings`` are the network's parameters as set, ``recipe`` how it was trained, ``history`` a row for each epoch done,
    ``sha256`` and ``size`` those of the file of tensors, ``versions`` the packages that wrote it, ``graph`` what the
    network computes, as :func:`~cnndsl.training.checkpoints.network.as_data` has it, ``request`` what ``spec`` was built for
    (:class:`~cnndsl.source.SpecRequest`), ``preparation`` what stored samples go through, ``position`` where the training
    stands, and ``trainer_sha256`` and ``trainer_size`` are those of the file that it goes on from.
    """

    network: str
    spec: str
    settings: Mapping[str, Any]
    graph: Mapping[str, Any]
    request: str | None
    recipe: Mapping[str, Any]
    class_names: tuple[str, ...]
    epoch: int
    dtype: str
    history: tuple[Mapping[str, float], ...]
    sha256: str
    size: int
    versions: Mapping[str, str]
    preparation: Mapping[str, Any]
    position: Mapping[str, Any]
    trainer_sha256: str
    trainer_size: int

    @property
    def dataset(self) -> str:
        """The name of the data set that it was trained on."""
        return str(self.recipe["data"]["name"])

    def to_json(self) -> str:
        """The text of ``model.json``: the same bytes for equal records."""
        fields = {name: getattr(self, name) for name in _FIELDS}
        document = {"schema": SCHEMA, "version": VERSION, **fields}
        return json.dumps({**document, _DIGEST: _digest(document)}, indent=1, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, data: bytes) -> CheckpointRecord:
        """The record in the bytes of a ``model.json``.

        Raises:
            RecordProblem: If they are anything else.
        """
        document = _parse(data)
        if document.get("schema") != SCHEMA:
            raise RecordProblem(f'it is not the record of a checkpoint, which has `"schema": "{SCHEMA}"`')
        if document.get("version") != VERSION:
            raise _other_version(document.get("version"))
        _check_names(document)
        for name, (is_valid, wanted) in _FIELDS.items():
            if not is_valid(document[name]):
                raise RecordProblem(f"its `{name}` is {describe(document[name])}, not {wanted}")
        if document.pop(_DIGEST) != _digest(document):
            raise RecordProblem("it was changed after it was written: its SHA-256 is another")
        fields = {name: document[name] for name in _FIELDS}
        return cls(**{**fields, **{name: tuple(fields[name]) for name in ("class_names", "history")}})


def _digest(document: Mapping[str, Any]) -> str:
    """The hash of all that a record says, whatever its layout."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return sha256_of(text.encode())


def recipe_as_data(recipe: Recipe) -> dict[str, Any]:
    """A recipe as JSON data: every setting by its name, with all its attributes."""
    return {name: plain(getattr(recipe, name)) for name in type(recipe).field_infos}


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


def _other_version(version: object) -> RecordProblem:
    is_newer = isinstance(version, int) and version > VERSION
    hint = "a newer cnndsl has written it: update cnndsl" if is_newer else ""
    return RecordProblem(f"it is of version {describe(version)}, and this cnndsl reads version {VERSION}", hint)


def _check_names(document: Mapping[str, Any]) -> None:
    lacking = [name for name in (*_FIELDS, _DIGEST) if name not in document]
    unknown = [name for name in document if name not in (*_FIELDS, _DIGEST, "schema", "version")]
    if lacking:
        raise RecordProblem(f"it lacks `{lacking[0]}`")
    if unknown:
        raise RecordProblem(f"it has {describe(unknown[0])}, which no checkpoint has")


def _parse(data: bytes) -> dict[str, Any]:
    if not data:
        raise RecordProblem("it is empty")
    try:
        document = json.loads(data.decode("utf-8"), parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise RecordProblem(f"it is not JSON from line {error.lineno}, column {error.colno} on") from None
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
    """Settings that were added since it was written may be missing: it was trained with their defaults."""
    data = value.get("data") if isinstance(value, dict) else None
    return isinstance(data, dict) and _is_word(data.get("name"))


def _is_history(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(row, dict) and all(_is_count(item) or _is_finite(item) for item in row.values()) for row in value
    )


def _is_finite(value: object) -> bool:
    return isinstance(value, float) and math.isfinite(value)


def _is_position(value: object) -> bool:
    if not isinstance(value, dict) or value.keys() != _POSITION:
        return False
    counts, numbers = [value["epoch"], value["batch"]], [value["loss"], value["first_loss"] or 0.0]
    return all(map(_is_count, counts)) and all(map(_is_finite, numbers))


def _is_preparation(value: object) -> bool:
    """Whether JSON data is that of a preparation."""
    if not isinstance(value, dict) or value.keys() != _PREPARATION:
        return False
    numbers = [value["scale"], value["offset"]]
    return (
        value["fit"] in _FITS
        and all(isinstance(each, list) and each and all(isinstance(item, float) for item in each) for each in numbers)
        and len(value["scale"]) == len(value["offset"])
        and isinstance(value["stored"], list)
        and (not value["stored"] or _are_extents(value["stored"]))
        and isinstance(value["vocabulary"], list)
        and all(isinstance(word, str) for word in value["vocabulary"])
    )


def _are_extents(value: list[object]) -> bool:
    return len(value) == 2 and all(type(item) is int and 0 < item <= 2**16 for item in value)


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and len(value) == 64 and set(value) <= set("0123456789abcdef")


_FITS = ("as_is", "pad", "resize", "crop")
_PREPARATION = {"fit", "stored", "scale", "offset", "vocabulary"}
_POSITION = {"epoch", "batch", "loss", "first_loss"}
"""The fields of a ``Position``, and above those of a ``Preparation``, whose modules a prediction does not load."""

_FIELDS: dict[str, tuple[Callable[[object], bool], str]] = {
    "network": (_is_word, "a name"),
    "spec": (_is_text, "the text of a spec"),
    "settings": (_is_object, "an object"),
    "graph": (_is_object, "an object"),
    "request": (lambda value: value is None or _is_text(value), "a text or null"),
    "recipe": (_is_recipe, "a recipe with its data set"),
    "class_names": (_is_words, "a list of names"),
    "epoch": (_is_count, "a whole number from 0 up"),
    "dtype": (lambda value: value in ("float32", "float64"), "float32 or float64"),
    "history": (_is_history, "a list of finite numbers by name"),
    "sha256": (_is_digest, "64 hexadecimal digits"),
    "size": (_is_count, "a whole number from 0 up"),
    "versions": (lambda value: isinstance(value, dict) and all(map(_is_word, value.values())), "a list of versions"),
    "preparation": (_is_preparation, "what samples go through"),
    "position": (_is_position, "how far a training got"),
    "trainer_sha256": (_is_digest, "64 hexadecimal digits"),
    "trainer_size": (_is_count, "a whole number from 0 up"),
}
"""What each field is checked by, and what it is to be."""
