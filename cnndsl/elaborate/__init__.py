"""From the syntax tree to typed graphs and a recipe: names, arguments, shapes, contracts."""

from __future__ import annotations

from .definitions import elaborate_network, find_network
from .library import Reader, build_library
from .references import STRUCTURES, Library
from .settings import parse_setting
from .steps import limited_steps
from .training import elaborate_recipe

__all__ = [
    "STRUCTURES",
    "Library",
    "Reader",
    "build_library",
    "elaborate_network",
    "elaborate_recipe",
    "find_network",
    "limited_steps",
    "parse_setting",
]
