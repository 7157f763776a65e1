"""Which parameters of a network its class can have as arguments: found by building the network at another value of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ....attributes import format_value
from ....ir import Graph
from .expressions import NotUniform
from .file import Source, write_source

__all__ = ["Build", "write_family"]

Build = Callable[[Mapping[str, Any]], Graph | None]
"""Builds the network at these settings; None where it has mistakes."""


def write_family(graph: Graph, build: Build, origin: str) -> Source:
    """The source of a network, with those parameters that change nothing but numbers as arguments of its class.

    ``origin`` names what the network was written in.
    """
    found: dict[str, Graph] = {}
    for name in graph.settings:
        variant = _variant(graph, build, name)
        if variant is not None and _is_written(graph, variant, name):
            found[name] = variant
    fixed = [f"{name}={format_value(value)}" for name, value in graph.settings.items() if name not in found]
    at = f" at {', '.join(fixed)}" if fixed else ""
    return write_source(graph, tuple(found.values()), found, f"{graph.name}, compiled by cnndsl from {origin}{at}.")


def _variant(graph: Graph, build: Build, name: str) -> Graph | None:
    """The network with one parameter changed; None for what is no number, and where another one is a mistake."""
    value = graph.settings[name]
    if type(value) not in (int, float) or value == 0:
        return None
    others = (value + 1, 2 * value) if type(value) is int else (value / 2,)
    return next(
        (each for each in (build({**graph.settings, name: other}) for other in others) if each is not None), None
    )


def _is_written(graph: Graph, variant: Graph, name: str) -> bool:
    """Whether the class can have the parameter as an argument, and needs it."""
    try:
        return f"{name}: " in write_source(graph, (variant,), (name,)).text.rpartition("\nclass ")[2]
    except NotUniform:
        return False
