"""A source as a live class: executed as it stands, so that tracebacks, debuggers and profilers show its lines."""

from __future__ import annotations

import linecache
import sys
from hashlib import sha256
from types import ModuleType
from typing import cast

from torch import nn

from .source import Source

__all__ = ["class_of"]


def class_of(source: Source) -> type[nn.Module]:
    """The class of a network; the same source is executed once in a process.

    The module is registered, because ``torch.compile`` imports what a function of it refers to.
    """
    name = f"cnndsl.compiled.{source.name}_{sha256(source.text.encode()).hexdigest()[:12]}"
    if name not in sys.modules:
        module = ModuleType(name)
        module.__file__ = f"<{name}>"
        lines = source.text.splitlines(keepends=True)
        # an entry without a time of change is never looked for on the disk
        linecache.cache[module.__file__] = (len(source.text), None, lines, module.__file__)
        exec(compile(source.text, module.__file__, "exec"), module.__dict__)
        sys.modules[name] = module
    return cast("type[nn.Module]", getattr(sys.modules[name], source.name))
