"""Where tensors live. No other module of the backend names a sort of device."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

from ...diagnostics import Diagnostic, DiagnosticError
from ...diagnostics.kinds import training
from ...diagnostics.suggest import one_of
from ..base import Options

__all__ = ["Device", "find_device", "weight_format"]

_HELD = 2**30
"""Bytes of samples that a device holds at most."""


def find_device(name: str, dtype: str) -> torch.device:
    """The device of a name such as ``cpu``, ``cuda``, ``cuda:1`` or ``mps``, if it is there and computes in dtype.

    ``auto`` is the first of cuda, mps and cpu that does. Each process that ``torchrun`` has started takes a card of its own.

    Raises:
        DiagnosticError: E0432.
    """
    given = name
    if name == "auto":
        name = next(each for each, count in _counts().items() if count and (each, dtype) != ("mps", "float64"))
    if name == "cuda":
        name = f"cuda:{os.environ.get('LOCAL_RANK', '0')}"
    try:
        device = torch.device(name)
    except RuntimeError:
        raise _no_device(f"`{name}` is not the name of a device, as auto, cpu, cuda, cuda:1 and mps are") from None
    if (device.index or 0) >= _counts().get(device.type, 0):
        raise _no_device(f"there is no device `{given}` on this machine, or this build of torch cannot use it")
    if device.type == "mps" and dtype == "float64":
        raise _no_device("the device `mps` does not compute in float64")
    return device


class Device:
    """A device that computes, and what is done in another way there than on a CPU."""

    def __init__(self, place: torch.device, options: Options = Options()) -> None:  # noqa: B008
        self.place = place
        self.options = options

    @property
    def waits(self) -> bool:
        """Whether reading a number waits for all that is still to be computed there."""
        return self.place.type != "cpu"

    @contextmanager
    def computing(self) -> Iterator[None]:
        """Hold its kernels within to what the options say; a CPU has no others.

        By default cuDNN chooses another algorithm in every run, and rounds float32 to 11 bits (TF32) in convolutions.
        """
        if self.place.type != "cuda":
            yield
            return
        exact, products = self.options.deterministic, torch.backends.cuda.matmul
        before = products.allow_tf32
        products.allow_tf32 = self.options.tf32
        try:
            with torch.backends.cudnn.flags(
                enabled=True, benchmark=not exact, deterministic=exact, allow_tf32=self.options.tf32
            ):
                yield
        finally:
            products.allow_tf32 = before

    def send(self, tensor: Tensor, dtype: torch.dtype) -> Tensor:
        """A tensor of the CPU, there; a graphics card fetches it from pinned memory while it computes."""
        if self.place.type == "cuda":
            return tensor.pin_memory().to(self.place, non_blocking=True).to(dtype)
        return tensor.to(self.place, dtype)

    @property
    def room(self) -> int:
        """The bytes of samples that it may hold: 1 GiB, and of a GPU an eighth of what is free at most; a CPU need not."""
        if self.place.type == "cuda":
            return min(_HELD, torch.cuda.mem_get_info(self.place)[0] // 8)
        return _HELD if self.waits else 0

    @contextmanager
    def memory_errors(self) -> Iterator[None]:
        """Within it, what fails for want of memory raises MemoryError, with the bytes that a GPU has free."""
        try:
            yield
        except RuntimeError as error:
            if isinstance(error, torch.OutOfMemoryError):
                if self.place.type == "cuda":
                    free = torch.cuda.mem_get_info(self.place)[0] + torch.cuda.memory_reserved(self.place)
                    raise MemoryError(free) from None
                raise MemoryError from None
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
    """How many devices of each sort there are, the fastest first."""
    return {
        "cuda": torch.cuda.device_count() if torch.cuda.is_available() else 0,
        "mps": int(torch.backends.mps.is_available()),
        "cpu": 1,
    }


def _no_device(message: str) -> DiagnosticError:
    names = [f"{name}:{index}" if count > 1 else name for name, count in _counts().items() for index in range(count)]
    return DiagnosticError(
        Diagnostic(
            training.NO_DEVICE, message, help=(f"use {one_of(f'`{name}`' for name in names)}, which this machine has",)
        )
    )
