"""How samples are brought to the range in which networks learn well."""

from __future__ import annotations

from typing import Any, ClassVar

from ..attributes import AttributeType, Declared, Number, attribute

__all__ = ["NORMALIZATIONS", "Given", "Measured", "Normalize", "Raw", "Usual"]


class _Numbers(AttributeType):
    description = "a number for each channel, as (0.5, 0.5, 0.5), or one for all"

    def __init__(self, each: Number) -> None:
        self.each = each

    def convert(self, value: object) -> Any:
        items = value if isinstance(value, tuple | list) else (value,)
        if not items:
            raise self.wrong(value)
        return tuple(self.each.convert(item) for item in items)


class Normalize(Declared):
    """Base of all ways; levels of bytes go from 0 to 1 before."""


class Usual(Normalize):
    """As is usual for the data set: digits from -0.1 to 1.175, colours as ``measured``, numbers of your own as they are."""

    name: ClassVar = "usual"


class Measured(Normalize):
    """Each channel, or each number of a vector, with mean 0 and deviation 1 over the training data."""

    name: ClassVar = "measured"


class Given(Normalize):
    """Each channel less its mean, over its deviation, as they are given."""

    name: ClassVar = "given"
    mean: tuple[float, ...] = attribute("what is taken away", _Numbers(Number()))
    std: tuple[float, ...] = attribute("what it is divided by", _Numbers(Number(above=0)))


class Raw(Normalize):
    """Nothing else: bytes go from 0 to 1."""

    name: ClassVar = "raw"


NORMALIZATIONS: dict[str, type[Normalize]] = {way.name: way for way in (Usual, Measured, Given, Raw)}
