"""Weights that go in and out by name: bare safetensors files, such as published weights are, and our own checkpoints."""

from __future__ import annotations

import os
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ...diagnostics import refusal
from ...diagnostics.kinds import training
from ...files import write_atomically
from ...ir import Graph
from ...ops import element_count, format_shape
from ...record import Record
from .checkpoint import TENSORS, Tensor, Tensors, damaged, deserialize, read_bytes, require_finite

__all__ = ["Weights", "read_weights", "save_weights"]

_TYPES = {"F16": "<f2", "F32": "<f4", "F64": "<f8", "I32": "<i4", "I64": "<i8"}
_LARGEST = 2**36
_SHOWN = 4
_CONVERT = """\
python -c "import torch, safetensors.torch as s; s.save_file(torch.load('x.pth', weights_only=True), 'x.safetensors')\""""


class Weights(Record):
    """What a file of weights has for a network: ``tensors`` fit by name and shape.

    ``misfits`` are names with another shape, that of the file and that of the network; ``new`` are tensors of the network that
    the file lacks, ``unused`` those of the file that the network lacks.
    """

    path: str
    tensors: Tensors
    misfits: tuple[tuple[str, tuple[int, ...], tuple[int, ...]], ...]
    new: tuple[str, ...]
    unused: tuple[str, ...]

    def __str__(self) -> str:
        shapes = [
            f"{name} ({format_shape(own)} there, {format_shape(wanted)} here)" for name, own, wanted in self.misfits
        ]
        rows = [
            f"{len(self.tensors)} tensors of {self.path} fit",
            _row("of another shape, left as they were", shapes),
            _row("not in the file, left as they were", self.new),
            _row("in the file alone", self.unused),
        ]
        return "\n".join(filter(None, rows))


def _row(title: str, names: tuple[str, ...] | list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{len(names)} {title}: {', '.join(names[:_SHOWN])}{more}" if names else ""


def read_weights(path: str, graph: Graph) -> Weights:
    """The tensors of a safetensors file, or of a checkpoint's folder, that fit a network by name and shape.

    Raises:
        DiagnosticError: E0001 if there is no file, E0421 if it is damaged or of another format, E0422 if nothing fits.
    """
    file = os.path.join(path, TENSORS) if os.path.isdir(path) else path
    data = read_bytes(file, _LARGEST)
    if data.startswith(b"PK"):
        raise damaged(file, "it is a zip file, as `torch.save` writes, which are never unpickled here", _CONVERT)
    found = deserialize(file, data, "" if file != path else "copy or download it again: it may have been cut")
    wanted = {name: spec.shape for name, spec in {**graph.parameters, **graph.buffers}.items()}
    fitting = {name: found[name] for name, shape in wanted.items() if name in found and found[name].shape == shape}
    weights = Weights(
        path,
        {name: _array(file, name, tensor) for name, tensor in fitting.items()},
        tuple(
            (name, found[name].shape, shape) for name, shape in wanted.items() if name in found and name not in fitting
        ),
        tuple(name for name in wanted if name not in found),
        tuple(sorted(name for name in found if name not in wanted)),
    )
    if not fitting:
        raise refusal(
            training.CHECKPOINT_MISFIT,
            f"no tensor of `{path}` fits network `{graph.name}`",
            notes=tuple(str(weights).split("\n")[1:]),
            help=("`cnndsl summary --full` lists the names of the network",),
        )
    require_finite(file, weights.tensors)
    return weights


def save_weights(path: str, state: Mapping[str, NDArray[np.generic]]) -> None:
    """Write tensors to a safetensors file, under the names that ``load_state_dict`` of the network's module knows.

    Raises:
        DiagnosticError: E0003 if it cannot be written.
    """
    from safetensors.numpy import save

    write_atomically(
        path, save({name: np.asarray(array, order="C") for name, array in state.items()}, {"format": "pt"})
    )


def _array(path: str, name: str, tensor: Tensor) -> NDArray[np.generic]:
    if tensor.dtype == "BF16":  # the upper half of a float32
        bits = np.frombuffer(tensor.data, "<u2").astype("<u4") << np.uint32(16)
        return bits.view("<f4").reshape(tensor.shape)
    kind = _TYPES.get(tensor.dtype)
    if kind is None or len(tensor.data) != element_count(tensor.shape) * np.dtype(kind).itemsize:
        raise damaged(
            path, f"its `{name}` is of type {tensor.dtype}, which no network has", "give float or bfloat16 weights"
        )
    return np.frombuffer(tensor.data, kind).reshape(tensor.shape)
