"""``--compile``: what runs is made for one network and one size of batch, when the first batch comes.

Steps of training, and all that a graphics card does, are left to ``torch.compile`` with inductor, which writes kernels.
Predictions on a CPU are left to oneDNN's graph compiler, which takes a tenth of the time to make faster ones. Only TorchScript
reaches it.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable
from shutil import which
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, fx, nn

from ...diagnostics import Diagnostic, DiagnosticError
from ...diagnostics.kinds import files

__all__ = ["ForOneSize", "by_inductor", "by_onednn", "has_onednn_graphs", "require_compiler"]

Run = Callable[[Tensor], Any]

_POOLS = (F.max_pool1d, F.max_pool2d, F.max_pool3d, F.avg_pool1d, F.avg_pool2d, F.avg_pool3d)


class ForOneSize:
    """Calls what is ``made`` for the size of the first batch, and ``otherwise`` for all others.

    The last batch of an epoch is smaller as a rule, and compiling once more takes longer than it saves.
    """

    def __init__(self, made: Callable[[Tensor], Run], otherwise: Run) -> None:
        self._made = made
        self._otherwise = otherwise
        self._size = 0
        self._run = otherwise

    def __call__(self, batch: Tensor) -> Any:
        if not self._size:
            self._size, self._run = len(batch), self._made(batch)
        return (self._run if len(batch) == self._size else self._otherwise)(batch)


def by_inductor(module: nn.Module, *, freezing: bool = False, graphs: bool = False) -> Run:
    """What runs a module with inductor's kernels, which are written at the first call.

    ``freezing`` lets inductor take the tensors as constants: they are folded and packed, and must not change any more. With
    ``graphs`` a card of CUDA runs all kernels of a call as one graph; what it gives is overwritten by the next call.

    Raises:
        DiagnosticError: E0006 without the C++ compiler that inductor needs.
    """
    require_compiler()
    compiled = torch.compile(module, dynamic=False, options={"freezing": freezing, "triton.cudagraphs": graphs})
    if not graphs:
        return compiled

    def run(batch: Tensor) -> Any:
        torch.compiler.cudagraph_mark_step_begin()  # type: ignore[no-untyped-call]
        return compiled(batch)

    return run


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


def has_onednn_graphs(device: torch.device) -> bool:
    """Whether this build of torch has oneDNN's graph compiler for a device; Linux on x86 has it."""
    has_onednn = bool(torch.backends.mkldnn.is_available())  # type: ignore[no-untyped-call]
    return device.type == "cpu" and has_onednn and hasattr(torch._C, "_jit_set_llga_enabled")


def by_onednn(steps: fx.GraphModule, batch: Tensor) -> Run:
    """What runs these steps, in evaluation mode, for batches of this shape; the tensors are taken as constants.

    oneDNN fuses activations and sums into convolutions and holds its kernels, where torch's operators look for theirs at each
    call.
    """
    _write_out(steps)
    before = torch.jit.onednn_fusion_enabled()  # type: ignore[no-untyped-call]
    torch.jit.enable_onednn_fusion(True)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # TorchScript is called deprecated, and sizes are constants here
            traced = torch.jit.trace(steps.eval(), batch, check_trace=False)  # type: ignore[no-untyped-call]
            run: Run = torch.jit.freeze(traced)
        for _ in range(2):  # the first call looks at shapes, the second makes kernels
            run(batch)
    finally:
        torch.jit.enable_onednn_fusion(before)
    return run


def _write_out(steps: fx.GraphModule) -> None:
    """Write poolings as oneDNN's graphs know them: with the stride that is the default, and the mean of all places as one."""
    for step in steps.graph.nodes:
        if step.target in _POOLS and len(step.args) == 2 and step.kwargs.get("stride") is None:
            step.kwargs = {**step.kwargs, "stride": step.args[1]}
        elif step.target is F.adaptive_avg_pool2d and step.args[1] in (1, (1, 1)):
            step.target = _mean_of_places
    steps.recompile()


def _mean_of_places(x: Tensor, size: object) -> Tensor:
    places = [int(each) for each in x.shape[2:]]
    return F.avg_pool2d(x, places, places)
