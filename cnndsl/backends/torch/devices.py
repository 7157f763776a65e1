"""Where tensors live. No other module of the backend names a sort of device."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import torch

from ...diagnostics import Diagnostic, DiagnosticError
from ...diagnostics.kinds import training
from ...diagnostics.suggest import one_of

__all__ = ["exact", "find_device", "memory_errors", "weight_format"]


def find_device(name: str, dtype: str) -> torch.device:
    """The device of a name such as ``cpu``, ``cuda``, ``cuda:1`` or ``mps``, if it is there and computes in dtype.

    Raises:
        DiagnosticError: E0432.
    """
    try:
        device = torch.device(name)
    except RuntimeError:
        raise _no_device(f"`{name}` is not the name of a device, as cpu, cuda, cuda:1 and mps are") from None
    if (device.index or 0) >= _counts().get(device.type, 0):
        raise _no_device(f"there is no device `{name}` on this machine, or this build of torch cannot use it")
    if device.type == "mps" and dtype == "float64":
        raise _no_device("the device `mps` does not compute in float64")
    return device


def exact(device: torch.device) -> AbstractContextManager[None]:
    """Hold the kernels of a device to deterministic ones in full precision; a CPU has no others.

    Without it cuDNN may choose another algorithm in every run, and rounds float32 to 11 bits (TF32) in convolutions.
    """
    if device.type != "cuda":
        return nullcontext()
    flags: AbstractContextManager[None] = torch.backends.cudnn.flags(
        enabled=True, benchmark=False, deterministic=True, allow_tf32=False
    )
    return flags


@contextmanager
def memory_errors(device: torch.device) -> Iterator[None]:
    """Within it, what fails for want of memory raises MemoryError, with the bytes that are free on the device if it tells."""
    try:
        yield
    except RuntimeError as error:
        if isinstance(error, torch.OutOfMemoryError):
            free = (
                torch.cuda.mem_get_info(device)[0] + torch.cuda.memory_reserved(device) if device.type == "cuda" else 0
            )
            raise MemoryError(*([free] if free else [])) from None
        if "allocate memory" in str(error):  # torch has no class for it on a CPU
            raise MemoryError from None
        raise


def weight_format(device: torch.device, dtype: torch.dtype) -> torch.memory_format:
    """How the weights of convolutions lie in memory; what flows through them follows.

    With the channels last float32 is 1.0 to 1.7 times as fast on a CPU, and the tensor cores of CUDA ask for it. float64 has
    no kernels for it and is up to 1.5 times as slow. On mps it has given wrong results (pytorch issue 180984).
    """
    fast = dtype == torch.float32 and device.type != "mps"
    return torch.channels_last if fast else torch.contiguous_format


def _counts() -> dict[str, int]:
    """How many devices of each sort there are."""
    return {
        "cpu": 1,
        "cuda": torch.cuda.device_count() if torch.cuda.is_available() else 0,
        "mps": int(torch.backends.mps.is_available()),
    }


def _no_device(message: str) -> DiagnosticError:
    names = [f"{name}:{index}" if count > 1 else name for name, count in _counts().items() for index in range(count)]
    return DiagnosticError(
        Diagnostic(
            training.NO_DEVICE, message, help=(f"use {one_of(f'`{name}`' for name in names)}, which this machine has",)
        )
    )
