"""What can be wrong with a spec that can be read: one record and one plain sentence for each mistake.

The elaborator finds problems and reports them to a sink; it knows nothing of how they are explained. A problem carries the
facts: nodes of the syntax tree, values, the names that are known. :func:`plain` makes a diagnostic of the sentence alone;
:mod:`cnndsl.explain` looks for what was meant. The records are in modules by family, and each can be imported from here.
A family is loaded with the first mistake that needs it: most specs have none, and a check is as fast as what it loads.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .base import *  # noqa: F403

if TYPE_CHECKING:
    from .arguments import *  # noqa: F403
    from .expectations import *  # noqa: F403
    from .expressions import *  # noqa: F403
    from .files import *  # noqa: F403
    from .flow import *  # noqa: F403
    from .layers import *  # noqa: F403
    from .shapes import *  # noqa: F403
    from .sizes import *  # noqa: F403
    from .training import *  # noqa: F403

_FAMILIES = ("arguments", "expectations", "expressions", "files", "flow", "layers", "shapes", "sizes", "training")


def __getattr__(name: str) -> Any:
    if name.startswith("_") or name in _FAMILIES:  # what the import system itself asks for
        raise AttributeError(f"{__name__} has no {name}")
    for family in _FAMILIES:
        module = import_module(f"{__name__}.{family}")
        if name in module.__all__:
            return getattr(module, name)
    raise AttributeError(f"{__name__} has no {name}")
