"""The entry to the backend: refuse what it cannot do, then give the network its initial tensors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ... import diagnostics
from ...diagnostics import kinds
from ...ir import Graph
from ..options import Limitation, Options
from ..workers import ALONE, Workers, world_size
from .network import NumpyNetwork

if TYPE_CHECKING:
    from .kernels import Array

__all__ = ["NumpyBackend"]


class NumpyBackend:
    """Compiles graphs to a sequence of NumPy kernels, on the CPU."""

    name = "numpy"
    limitations: tuple[Limitation, ...] = ()

    def compile(
        self,
        graph: Graph,
        *,
        dtype: str = "float32",
        seed: int = 0,
        device: str = "cpu",
        threads: int | None = None,
        compiled: bool = False,
        exact: bool = False,
        state: Mapping[str, Array] | None = None,
        options: Options = Options(),  # noqa: B008
    ) -> NumpyNetwork:
        """The graph as a network with its initial tensors.

        In float32 a prediction's layers are within 3e-5 of exact arithmetic, relative to the largest number of each before
        its activation; with ``exact`` within 2e-6. ``threads``, by default one, share the layers of a prediction and the parts
        of a batch that is trained on; the bytes do not depend on how many there are.

        Raises:
            DiagnosticError: E0432 for a device other than ``cpu``, E0433 if an operator has no kernel, or if it is to be
                ``compiled``.
            ValueError: If dtype is neither ``float32`` nor ``float64``.
        """
        if dtype not in ("float32", "float64"):
            raise ValueError(f"no dtype {dtype!r}; there are float32, float64")
        if device not in ("cpu", "auto"):
            raise _no_device(device)
        if compiled:
            raise _of_torch("compiles nothing", "--compile")
        if options.recompute:
            raise _of_torch("keeps what layers give until the step is done", "--recompute")
        network = NumpyNetwork(graph, np.dtype(dtype), seed, exact=exact, threads=threads or 1)
        if state is None:
            from ..initial import initial_state

            state = initial_state(graph, seed)
        network.load_state(state)
        return network

    def workers(self, device: str, dtype: str) -> Workers:
        """This process, which trains alone.

        Raises:
            DiagnosticError: E0433 if ``torchrun`` has started several.
        """
        if world_size() > 1:
            message = f"the numpy backend trains in one process, and torchrun has started {world_size()}"
            help_ = "add `--backend torch`, or start `cnndsl train` without torchrun"
            raise diagnostics.refusal(kinds.training.BACKEND_LIMITATION, message, help=(help_,))
        return ALONE


def _of_torch(fact: str, option: str) -> diagnostics.DiagnosticError:
    help_ = f"leave out `{option}`, or add `--backend torch`"
    return diagnostics.refusal(kinds.training.BACKEND_LIMITATION, f"the numpy backend {fact}", help=(help_,))


def _no_device(device: str) -> diagnostics.DiagnosticError:
    message = f"the numpy backend has no device `{device}`: it computes on the CPU"
    help_ = (f"leave out `--device {device}`", "or add `--backend torch`, which computes on cpu, cuda and mps")
    return diagnostics.refusal(kinds.training.NO_DEVICE, message, help=help_)
