"""Frozen records: what ``dataclass(frozen=True)`` gives, without generating code at import time.

The standard decorator compiles five methods for each class, 0.7 ms apiece, and imports ``inspect``; with the hundred
small classes of a compiler that is most of the time of ``cnndsl check`` (docs/decisions/0002). A :class:`Record`
declares its fields in the same way and shares one implementation of each method.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self, dataclass_transform

__all__ = ["REQUIRED", "Record", "field"]


class _Required:
    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED: Any = _Required()

_set = object.__setattr__


class FieldInfo:
    """What a class body says of one field beyond its name; subclasses add their own facts."""

    def __init__(self, *, default: Any = REQUIRED, compare: bool = True) -> None:
        self.default = default
        self.compare = compare


def field(*, default: Any = REQUIRED, compare: bool = True) -> Any:
    """Declare a field that takes part in equality only if ``compare`` is true."""
    return FieldInfo(default=default, compare=compare)


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Record:
    """Base of immutable values that are equal when their fields are: the annotated names of the class body."""

    field_infos: ClassVar[dict[str, FieldInfo]] = {}
    _compared: ClassVar[tuple[str, ...]] = ()
    _defaults: ClassVar[dict[str, Any]] = {}

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        infos = dict(cls.field_infos)
        for name, annotation in cls.__dict__.get("__annotations__", {}).items():
            if "ClassVar" in str(annotation):
                infos.pop(name, None)  # what is a field of the base is the same for all of this class
                continue
            value = cls.__dict__.get(name, REQUIRED)
            infos[name] = value if isinstance(value, FieldInfo) else FieldInfo(default=value)
            if name in cls.__dict__:
                delattr(cls, name)
        cls.field_infos = infos
        cls._compared = tuple(name for name, info in infos.items() if info.compare)
        cls._defaults = {name: info.default for name, info in infos.items() if info.default is not REQUIRED}

    def __init__(self, *values: Any, **named: Any) -> None:
        infos = type(self).field_infos
        if len(values) == len(infos) and not named:
            # one by one: that keeps the values in the object itself, where a dictionary would take three times the room
            for name, value in zip(infos, values, strict=True):
                _set(self, name, value)
            return
        if len(values) > len(infos):
            raise TypeError(f"{type(self).__name__} takes {len(infos)} values, not {len(values)}")
        fields = {**self._defaults, **dict(zip(infos, values, strict=False)), **named}
        if len(fields) != len(infos) or fields.keys() != infos.keys():
            missing = [name for name in infos if name not in fields]
            unknown = [name for name in fields if name not in infos]
            raise TypeError(f"{type(self).__name__}: missing {missing}, unknown {unknown}")
        for name in infos:
            _set(self, name, fields[name])

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self._compared)

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, name) for name in self._compared)))

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._compared)
        return f"{type(self).__name__}({inside})"

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed."""
        fields = {name: getattr(self, name) for name in type(self).field_infos}
        return type(self)(**{**fields, **changes})
