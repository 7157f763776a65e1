"""Checkpoints: a folder with ``model.safetensors`` (parameters and buffers) and ``model.json`` (what they belong to).

Nothing in a checkpoint is believed before it is checked: sizes before reading, the hash before parsing, names, shapes and
types before use. Nothing is ever unpickled.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ... import diagnostics
from ...diagnostics import kinds
from ...hashing import sha256_of
from ...ir import Graph
from ...ops import ParameterSpec, element_count, format_shape
from ...source import Source, Span
from .network import as_data, as_graph, differing_lines
from .places import RECORD, STAGED, TENSORS, TRAINER, no_checkpoint
from .record import LARGEST_RECORD, CheckpointRecord, RecordProblem, plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...recipe import Recipe

__all__ = [
    "RECORD",
    "TENSORS",
    "Tensor",
    "Tensors",
    "damaged",
    "deserialize",
    "fitting_tensors",
    "load_tensors",
    "load_trainer",
    "read_bytes",
    "read_checkpoint",
    "read_record",
    "require_finite",
    "require_same_data",
    "staged_record",
]

Tensors = dict[str, np.ndarray[Any, np.dtype[np.generic]]]

_TYPES = {"F32": "<f4", "F64": "<f8", "I64": "<i8"}
_MOST_READS = 100
_SHOWN = 6
_WORDS = {"float32": "F32", "float64": "F64", "int64": "I64"}


def load_trainer(folder: str, record: CheckpointRecord) -> Tensors:
    """What the training of a record goes on from.

    Raises:
        DiagnosticError: E0421 if it is damaged or not there.
    """
    path = os.path.join(folder, TRAINER)
    for place in (path, path + STAGED):
        data = read_bytes(place, record.trainer_size) if os.path.isfile(place) else b""
        if data and sha256_of(data) == record.trainer_sha256:
            return {name: _to_array(tensor) for name, tensor in deserialize(path, data).items()}
    raise damaged(path, f"its SHA-256 is not the one in {RECORD}: it was changed or replaced")


def read_record(path: str) -> CheckpointRecord:
    """The record of a checkpoint; the path is its folder or one of its two files.

    Raises:
        DiagnosticError: E0001 if there is none, E0421 if it is not one.
    """
    file = os.path.join(_folder(path), RECORD)
    try:
        return CheckpointRecord.from_json(read_bytes(file, LARGEST_RECORD))
    except RecordProblem as problem:
        raise damaged(file, problem.fact, problem.hint) from None


def load_tensors(path: str, graph: Graph, *, force: bool = False) -> tuple[CheckpointRecord, Tensors]:
    """The record and the tensors of a checkpoint, which are exactly those of the graph, in its order.

    With ``force`` the tensors alone have to fit: a network that computes something else with them is taken.

    Raises:
        DiagnosticError: E0001 if there is none, E0421 if it is damaged, E0422 if it is of another network.
    """
    record, data = read_checkpoint(path)
    return record, fitting_tensors(path, record, data, graph, force=force)


def read_checkpoint(path: str) -> tuple[CheckpointRecord, bytes]:
    """The record of a checkpoint, and the bytes of its tensors, which are those that the record tells.

    Raises:
        DiagnosticError: E0001 if there is none, E0421 if it is damaged.
    """
    return _read_pair(_folder(path))


def fitting_tensors(path: str, record: CheckpointRecord, data: bytes, graph: Graph, *, force: bool = False) -> Tensors:
    """The tensors in the bytes of a checkpoint, for this graph: see :func:`load_tensors`.

    Raises:
        DiagnosticError: E0421 if they are damaged, E0422 if they are of another network.
    """
    tensors = deserialize(os.path.join(_folder(path), TENSORS), data)
    _require_fit(_folder(path), record, tensors, graph)
    if not force:
        _require_same(_folder(path), record, graph)
    arrays = {name: _to_array(tensors[name]) for name in _expected(graph, record.dtype)}
    require_finite(os.path.join(_folder(path), TENSORS), arrays)
    return arrays


def _folder(path: str) -> str:
    return os.path.dirname(path) or "." if os.path.basename(path) in (TENSORS, RECORD) else path


def read_bytes(path: str, limit: int) -> bytes:
    """The content of a file of at most so many bytes.

    Raises:
        DiagnosticError: E0001 if it cannot be read, E0421 if it is longer.
    """
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            data = b"" if size > limit else file.read(size)
    except (OSError, ValueError) as error:  # a path with a zero byte is a ValueError
        raise no_checkpoint(path, error) from None
    if size > limit:
        raise damaged(path, f"it is {size:,} bytes long, more than the {limit:,} that it can be")
    return data


def _read_pair(folder: str) -> tuple[CheckpointRecord, bytes]:
    """The record and the bytes that belong together.

    A process that dies between moving the two files leaves new tensors and a staged record, which is then the right one.
    """
    path = os.path.join(folder, TENSORS)
    for _ in range(_MOST_READS):  # a training may be writing: then the next look finds a pair
        record = read_record(folder)
        staged = staged_record(folder)
        limit = max(record.size, staged.size if staged else 0)
        data = read_bytes(path, limit)
        digest = sha256_of(data)
        for candidate in (record, staged):
            if candidate is not None and candidate.sha256 == digest:
                return candidate, data
        if read_record(folder) == record and staged_record(folder) == staged:
            break
    if data.startswith(b"PK"):
        raise damaged(path, "it is a zip file, as `torch.save` writes, which are never unpickled")
    if len(data) < record.size:
        raise damaged(path, f"it is {len(data):,} bytes long, and {RECORD} says {record.size:,}")
    raise damaged(path, f"its SHA-256 is not the one in {RECORD}: it was changed or replaced")


def staged_record(folder: str) -> CheckpointRecord | None:
    """The record that a process has written and not moved to its place; None if there is none."""
    path = os.path.join(folder, RECORD + STAGED)
    if not os.path.isfile(path):
        return None
    try:
        return CheckpointRecord.from_json(read_bytes(path, LARGEST_RECORD))
    except (RecordProblem, diagnostics.DiagnosticError):
        return None


class Tensor:
    """A tensor as the file has it, not yet an array."""

    def __init__(self, dtype: str, shape: tuple[int, ...], data: bytes) -> None:
        self.dtype = dtype
        self.shape = shape
        self.data = data


def deserialize(path: str, data: bytes, hint: str = "") -> dict[str, Tensor]:
    """The tensors of a file by name; ``hint`` is what to do if they cannot be read.

    Raises:
        DiagnosticError: E0421 if it is not a safetensors file.
    """
    from safetensors import SafetensorError
    from safetensors import deserialize as parse

    try:
        items = parse(data)  # type: ignore[no-untyped-call]
    except SafetensorError:
        raise damaged(path, "it is not a safetensors file", hint) from None
    return {name: Tensor(item["dtype"], tuple(item["shape"]), item["data"]) for name, item in items}


def require_finite(path: str, tensors: Mapping[str, NDArray[np.generic]]) -> None:
    """Refuse weights that make every output not a number; training stops before it writes such."""
    for name, array in tensors.items():
        finite = np.isfinite(array)
        if not finite.all():
            wrong = array.size - int(finite.sum())
            raise damaged(path, f"{wrong:,} of the {array.size:,} numbers of `{name}` are infinite or not a number")


def _to_array(tensor: Tensor) -> NDArray[np.generic]:
    array = np.frombuffer(tensor.data, _TYPES[tensor.dtype]).reshape(tensor.shape)
    return array.astype(array.dtype.newbyteorder("="))


def _expected(graph: Graph, dtype: str) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Type and shape of every tensor of the graph, by name."""
    specs: dict[str, ParameterSpec] = {}
    for node in graph.nodes:
        specs |= {**node.parameters, **node.buffers}
    return {name: (_WORDS.get(spec.dtype, _WORDS[dtype]), spec.shape) for name, spec in specs.items()}


def _require_fit(folder: str, record: CheckpointRecord, tensors: Mapping[str, Tensor], graph: Graph) -> None:
    differences = _differences(_expected(graph, record.dtype), tensors)
    if graph.output.type.shape[0] != len(record.class_names):
        differences.append(f"it names {len(record.class_names)} classes, and the output is {graph.output.type}")
    if not differences:
        return
    own = "it any more" if record.network == graph.name else f"network `{graph.name}`"
    left = len(differences) - 3
    more = [f"and {left} more difference{'s' if left > 1 else ''}"] if left > 0 else []
    raise diagnostics.refusal(
        kinds.training.CHECKPOINT_MISFIT,
        f"the checkpoint `{folder}` of network `{record.network}` does not fit {own}",
        notes=(*differences[:3], *more),
        help=(_what_fits(record, graph),),
    )


def _require_same(folder: str, record: CheckpointRecord, graph: Graph) -> None:
    """Refuse a network that has the same tensors and computes something else."""
    data = as_data(graph)
    if record.graph == data:
        return
    if as_graph(record.network, record.graph, Span(Source(RECORD, ""), 0, 0)) is None:
        raise damaged(os.path.join(folder, RECORD), "its `graph` is not a network that this cnndsl knows")
    lines = list(differing_lines(record.graph, data))
    more = [f"and {len(lines) - _SHOWN} more lines"] if len(lines) > _SHOWN else []
    raise diagnostics.refusal(
        kinds.training.CHECKPOINT_MISFIT,
        f"the checkpoint `{folder}` was trained as another network than this `{graph.name}`",
        notes=("what it was trained as (-), and what this is (+):", *lines[:_SHOWN], *more),
        help=(_what_fits(record, graph), "`--force` uses its weights all the same"),
    )


def require_same_data(path: str, record: CheckpointRecord, recipe: Recipe) -> None:
    """Refuse another data set than that of a checkpoint.

    Raises:
        DiagnosticError: E0422 with both.
    """
    trained, asked = record.recipe["data"], plain(recipe.data)
    if trained == asked:
        return
    raise diagnostics.refusal(
        kinds.training.CHECKPOINT_MISFIT,
        f"the checkpoint `{_folder(path)}` was trained on other data than `{recipe.data.name}`",
        notes=("what it was trained on (-), and what this is (+):", f"- {_words(trained)}", f"+ {_words(asked)}"),
        help=("`--force` uses its weights all the same",),
    )


def _words(setting: Mapping[str, object]) -> str:
    named = [f"{name}={value}" for name, value in setting.items() if name != "name"]
    return " ".join(["data", str(setting["name"]), *named])


def _what_fits(record: CheckpointRecord, graph: Graph) -> str:
    if record.network != graph.name:
        return f"use the spec of `{record.network}` that it was trained with; `spec` in its {RECORD} is the text"
    own = {name: plain(value) for name, value in graph.settings.items()}
    other = [f"--set {name}={value}" for name, value in record.settings.items() if name in own and own[name] != value]
    if other and record.settings.keys() == own.keys():
        return f"it was trained with `{' '.join(other)}`; add that"
    return f"the spec has been changed since; `spec` in its {RECORD} is what it was trained with"


def _differences(expected: Mapping[str, tuple[str, tuple[int, ...]]], tensors: Mapping[str, Tensor]) -> list[str]:
    """What differs, in the order of the network and then of the file."""
    extra = sorted(name for name in tensors if name not in expected)  # safetensors gives them in any order
    found = []
    for name, (dtype, shape) in expected.items():
        tensor = tensors.get(name)
        if tensor is None:
            similar = diagnostics.nearest(name, extra)
            found.append(f"it has no `{name}`" + (f", but `{similar}`" if similar else ""))
        elif tensor.shape != shape:
            found.append(f"its `{name}` is {format_shape(tensor.shape)}, and the network's is {format_shape(shape)}")
        elif tensor.dtype != dtype or len(tensor.data) != element_count(shape) * np.dtype(_TYPES[dtype]).itemsize:
            found.append(f"its `{name}` is of type {tensor.dtype}, not {dtype}")
    return found + [f"its `{name}` is unknown to the network" for name in extra]


def damaged(path: str, fact: str, hint: str = "") -> diagnostics.DiagnosticError:
    """E0421: a file is not what it should be."""
    return diagnostics.refusal(
        kinds.training.CHECKPOINT_DAMAGED,
        f"`{path}` cannot be used as part of a checkpoint",
        notes=(fact,),
        help=(hint or "restore both files of the checkpoint from a copy, or train again",),
    )
