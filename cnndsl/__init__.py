"""cnndsl: a declarative language and compiler for convolutional networks.

>>> import cnndsl
>>> model = cnndsl.load("zoo:lenet5", classes=10)
>>> model.check()
()
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .version import VERSION

if TYPE_CHECKING:
    from .api import Checked, Model, check_text, load
    from .diagnostics import Diagnostic, DiagnosticError

__all__ = ["Checked", "Diagnostic", "DiagnosticError", "Model", "__version__", "check_text", "load"]

__version__ = VERSION


def __dir__() -> list[str]:
    return sorted(__all__)


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext cnndsl``: cells that begin with ``%%cnn`` are specs."""
    from .notebook import register

    register(shell)


def __getattr__(name: str) -> Any:
    """Import on first use, so that ``import cnndsl`` costs nothing."""
    if name not in __all__:
        raise AttributeError(f"module 'cnndsl' has no attribute {name!r}")
    from . import api, diagnostics

    return getattr(api if name in api.__all__ else diagnostics, name)
