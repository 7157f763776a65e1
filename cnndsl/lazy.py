"""Packages whose modules are imported on first use: who asks for one name does not load all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

__all__ = ["imported_on_use"]


def imported_on_use(package: str, modules: Mapping[str, tuple[str, ...]]) -> Callable[[str], Any]:
    """The ``__getattr__`` of a package, given the names that each of its modules has for others.

    A module that has none is asked for by its own name.
    """

    def find(name: str) -> Any:
        if not modules.get(name, (name,)):
            return import_module(f".{name}", package)
        for module, names in modules.items():
            if name in names:
                return getattr(import_module(f".{module}", package), name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return find
