"""A graph as the source of an ordinary ``nn.Module``, as one would have written it.

``tree`` finds the scopes of a graph, ``sharing`` which of them are one class, ``merging`` and ``families`` which could be.
``expressions`` says what numbers are called in a class, ``forms`` how modules and functions are written. ``constructor`` and
``forward`` write the two methods of a class, ``file`` puts the file together, ``layout`` formats it.
"""

from __future__ import annotations

from .expressions import NotUniform
from .families import Build, write_family
from .file import Source, write_source
from .tree import DROPOUTS

__all__ = ["DROPOUTS", "Build", "NotUniform", "Source", "write_family", "write_source"]
