"""From the syntax tree to typed graphs and a recipe: names, arguments, shapes, contracts.

What is wrong is reported to a sink as problems (:mod:`cnndsl.problems`); nothing here explains it.
"""

from __future__ import annotations

from .budget import limited_steps
from .file import elaborate_network, find_network
from .library import Reader, build_library
from .settings import parse_setting
from .sinks import collect
from .training import changed_recipe, elaborate_recipes
from .values import STRUCTURES, Library

__all__ = [
    "STRUCTURES",
    "Library",
    "Reader",
    "build_library",
    "changed_recipe",
    "collect",
    "elaborate_network",
    "elaborate_recipes",
    "find_network",
    "limited_steps",
    "parse_setting",
]
