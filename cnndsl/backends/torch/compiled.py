"""``--compile``: torch.compile with inductor, which writes kernels for one network and one size of batch."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from shutil import which
from typing import Any

import torch
from torch import Tensor, nn

from ...diagnostics import Diagnostic, DiagnosticError
from ...diagnostics.kinds import files

__all__ = ["ForOneSize", "require_compiler"]


def require_compiler() -> None:
    """Nothing, if there is the C++ compiler that inductor looks for.

    Raises:
        DiagnosticError: E0006.
    """
    name = os.environ.get("CXX") or {"darwin": "clang++", "win32": "cl"}.get(sys.platform, "g++")
    if which(name) is None:
        message = f"`--compile` needs a C++ compiler, and there is no `{name}`"
        help_ = "install one, name another in `$CXX`, or leave out `--compile`"
        raise DiagnosticError(Diagnostic(files.MISSING_PACKAGE, message, help=(help_,)))


class ForOneSize:
    """Calls what is compiled for batches of the size that comes first, and ``otherwise`` for all others.

    The last batch of an epoch is smaller as a rule, and compiling once more takes longer than it saves. ``freezing`` lets
    inductor take the tensors as constants: they are folded and packed, and must not change any more. With ``graphs`` a card
    of CUDA runs all kernels of a call as one graph; what it gives is overwritten by the next call.
    """

    def __init__(
        self, module: nn.Module, otherwise: Callable[[Tensor], Any], *, freezing: bool = False, graphs: bool = False
    ) -> None:
        self._graphs = graphs
        self._compiled = torch.compile(
            module, dynamic=False, options={"freezing": freezing, "triton.cudagraphs": graphs}
        )
        self._otherwise = otherwise
        self._size = 0

    def __call__(self, batch: Tensor) -> Any:
        self._size = self._size or len(batch)
        if len(batch) != self._size:
            return self._otherwise(batch)
        if self._graphs:
            torch.compiler.cudagraph_mark_step_begin()  # type: ignore[no-untyped-call]
        return self._compiled(batch)
