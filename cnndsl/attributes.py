"""Declared attributes: what the fields of an operator or of a training setting mean, and which values they take.

The declarations carry a sentence of documentation, a type with its bounds and a default; binding, reference pages,
completion and error messages all read them, so that each fact is written once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, dataclass_transform

from .record import REQUIRED, FieldInfo, Record

__all__ = [
    "LARGEST",
    "Attribute",
    "AttributeType",
    "Boolean",
    "Choice",
    "Declared",
    "FilePath",
    "Integer",
    "Number",
    "Pair",
    "Single",
    "Text",
    "ValueProblem",
    "Word",
    "attribute",
    "format_value",
]

LARGEST = 2**31 - 1


class Word(str):
    """A bare name among the arguments that stands for itself, such as ``same`` in ``pad=same``."""

    def __reduce__(self) -> tuple[object, ...]:
        """Its text and what it holds, whatever a class wants to be made of: networks go to other processes."""
        return str.__new__, (type(self), str(self)), vars(self)


class ValueProblem(Exception):
    """A value does not fit an attribute; ``out_of_range`` if its sort is right and its size is not."""

    def __init__(self, message: str, *, out_of_range: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.out_of_range = out_of_range


class AttributeType:
    """Turns a value of the language into the value of a field, or raises :class:`ValueProblem`."""

    words: tuple[str, ...] = ()

    @property
    def description(self) -> str:
        raise NotImplementedError

    def convert(self, value: object) -> Any:
        raise NotImplementedError

    def wrong(self, value: object) -> ValueProblem:
        return ValueProblem(f"expected {self.description}, found {format_value(value)}")

    def outside(self, value: object) -> ValueProblem:
        return ValueProblem(f"expected {self.description}, found {format_value(value)}", out_of_range=True)


class Integer(AttributeType):
    """A whole number within bounds."""

    def __init__(self, minimum: int, maximum: int = LARGEST) -> None:
        self.minimum = minimum
        self.maximum = maximum

    @property
    def description(self) -> str:
        return _bounded("a whole number", self.minimum, self.maximum)

    def convert(self, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong(value)
        if not self.minimum <= value <= self.maximum:
            raise self.outside(value)
        return value


class Number(AttributeType):
    """A number within bounds; ``above`` excludes the bound itself."""

    def __init__(
        self, minimum: float | None = None, maximum: float | None = None, *, above: float | None = None
    ) -> None:
        self.minimum = minimum
        self.maximum = maximum
        self.above = above

    @property
    def description(self) -> str:
        if self.above is not None:
            return f"a number above {format_value(self.above)}"
        return _bounded("a number", self.minimum, self.maximum)

    def convert(self, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(value)
        if self.above is not None and not value > self.above:
            raise self.outside(value)
        if self.minimum is not None and not value >= self.minimum:
            raise self.outside(value)
        if self.maximum is not None and not value <= self.maximum:
            raise self.outside(value)
        return float(value)


class Boolean(AttributeType):
    """true or false."""

    description = "true or false"

    def convert(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise self.wrong(value)
        return value


class Choice(AttributeType):
    """One of a few words."""

    def __init__(self, *words: str) -> None:
        self.words = words

    @property
    def description(self) -> str:
        return " or ".join(self.words)

    def convert(self, value: object) -> str:
        if not isinstance(value, str) or value not in self.words:
            raise self.wrong(value)
        return str(value)


class Text(AttributeType):
    """A text in quotes."""

    description = "a text in quotes"

    def convert(self, value: object) -> str:
        if not isinstance(value, str) or isinstance(value, Word) or not value:
            raise self.wrong(value)
        return value


class FilePath(Text):
    """The path of a file or folder that lies where the spec lies, or in a folder there."""

    description = 'a path from the folder of the spec down, in quotes, as "photos"'

    def convert(self, value: object) -> str:
        path = super().convert(value)
        parts = path.replace("\\", "/").split("/")
        if ".." in parts or not parts[0] or parts[0].startswith("~") or ":" in path or "\0" in path:
            raise self.outside(value)
        return path


class Single(Integer):
    """A length, the one size of a line; held as a tuple, as the sizes of an image are."""

    def convert(self, value: object) -> Any:
        return (super().convert(value),)


class Pair(AttributeType):
    """Height and width: ``5`` for both, or ``5x3``."""

    def __init__(self, minimum: int) -> None:
        self.each = Integer(minimum)

    @property
    def description(self) -> str:
        least = "a positive whole number" if self.each.minimum == 1 else self.each.description
        return f"{least}, or two as HEIGHTxWIDTH"

    def convert(self, value: object) -> tuple[int, int]:
        both = value if isinstance(value, tuple) else (value, value)
        if len(both) != 2:
            raise self.wrong(value)
        try:
            return (self.each.convert(both[0]), self.each.convert(both[1]))
        except ValueProblem as problem:
            raise ValueProblem(self.wrong(value).message, out_of_range=problem.out_of_range) from None


def _bounded(noun: str, minimum: float | None, maximum: float | None) -> str:
    if minimum is not None and maximum is not None and maximum != LARGEST:
        return f"{noun} from {format_value(minimum)} to {format_value(maximum)}"
    if minimum == 1:
        return noun.replace("a ", "a positive ")
    return noun if minimum is None else f"{noun} of at least {format_value(minimum)}"


def format_value(value: object) -> str:
    """A value as the language writes it, cut where it is long."""
    match value:
        case Word():
            text = str(value)
        case bool():
            text = "true" if value else "false"
        case str():
            text = f'"{value}"'
        case float():
            text = f"{value:.1f}" if value.is_integer() and abs(value) < 10**6 else f"{value:g}"
        case int() if abs(value) > 10**30:
            text = "a number of over 30 digits"
        case tuple() if len(value) > 1 and all(isinstance(item, int) and item >= 0 for item in value[:_LONG]):
            text = "x".join(map(str, value[:_LONG]))
        case tuple():
            text = f"({_format_items(map(format_value, value))})"
        case list():
            text = f"[{_format_items(map(format_value, value))}]"
        case dict():
            text = f"({_format_items(f'{key}={format_value(item)}' for key, item in value.items())})"
        case _:
            text = str(value)
    return text if len(text) <= _LONG else text[: _LONG - 3] + "..."


_LONG = 60


def _format_items(texts: Iterable[str]) -> str:
    """As many as are shown: the rest of a long list is not even looked at."""
    shown: list[str] = []
    length = 0
    for text in texts:
        shown.append(text)
        length += len(text) + 2
        if length > _LONG:
            break
    return ", ".join(shown)


class Attribute(FieldInfo):
    """One attribute: its documentation, type and default, and other names by which it may be given."""

    def __init__(self, doc: str, type_: AttributeType, default: Any, aliases: tuple[str, ...]) -> None:
        super().__init__(default=default)
        self.doc = doc
        self.type = type_
        self.aliases = aliases

    @property
    def required(self) -> bool:
        return self.default is REQUIRED


def attribute(doc: str, type_: AttributeType, *, default: Any = REQUIRED, aliases: tuple[str, ...] = ()) -> Any:
    """Declare an attribute in a class body."""
    return Attribute(doc, type_, default, aliases)


@dataclass_transform(frozen_default=True, field_specifiers=(attribute,))
class Declared(Record):
    """Base of the classes whose fields are attributes; ``name`` is the word for it in a spec."""

    name: ClassVar[str] = ""
    positional: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def attributes(cls) -> dict[str, Attribute]:
        """The attributes by name, in the order of declaration."""
        return {name: info for name, info in cls.field_infos.items() if isinstance(info, Attribute)}

    @classmethod
    def find_attribute(cls, name: str) -> str | None:
        """The attribute that goes by this name or alias."""
        attributes = cls.attributes()
        if name in attributes:
            return name
        return next((key for key, info in attributes.items() if name in info.aliases), None)

    @classmethod
    def summary(cls) -> str:
        """The first paragraph of the class's documentation, on one line."""
        return " ".join((cls.__doc__ or "").split("\n\n")[0].split())
