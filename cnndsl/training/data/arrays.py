"""Arrays of the user's own: in a ``.npz`` file, in a table, or from Python."""

from __future__ import annotations

import csv
import os
import zipfile
from math import prod
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from ...diagnostics import DiagnosticError, refusal
from ...diagnostics.kinds import training
from ...diagnostics.suggest import one_of, with_article
from ...ops import format_shape
from ...recipe.datasets import Arrays, Csv
from .model import ArraySamples, Data, Labels, Request, Samples, Subset, divided
from .preparation import Preparation, measured
from .reader import Reader

__all__ = ["ArraysReader", "CsvReader", "data_of_arrays", "data_of_pairs", "read_npz"]

_PARTS = (("x_train", "y_train"), ("x_test", "y_test"))
_LARGEST = 2**32
_LIKELY_INFLATION = 100
_SMALL = 2**24
_MOST_COLUMNS = 2**20
_LINE = 2**16
"""Bytes in which the first line of a table ends, or goes on as it began."""
_MEASURED, _CHUNK = 65_536, 512
"""About how many pictures the mean and the deviation are taken of, and how many samples are looked at together."""


def data_of_pairs(pairs: Any, request: Request) -> Data:
    """Arrays from Python: ``(x, y)``, or such a pair to train on and one that is held out.

    Raises:
        DiagnosticError: E0412 or E0413 if they are anything else, or do not fit the network.
    """
    if not isinstance(pairs, tuple | list) or len(pairs) != 2:
        hint = "give `(x, y)`, or `((x, y), (x, y))` with what is held out"
        raise _damaged("`data`", f"is {with_article(type(pairs).__name__)}", hint)
    first, second = pairs
    if isinstance(first, tuple | list) and len(first) == 2 and isinstance(second, tuple | list) and len(second) == 2:
        return data_of_arrays(tuple(first), tuple(second), request)
    return data_of_arrays((first, second), None, request)


def data_of_arrays(
    train: tuple[Any, Any], held_out: tuple[Any, Any] | None, request: Request, *, share: float = 0.2, where: str = ""
) -> Data:
    """Samples and classes from Python, or from a file called ``where``; without ``held_out`` a share is held out.

    Bytes are grey levels or colours, whose mean and deviation are taken away; other numbers are taken as they are.

    Raises:
        DiagnosticError: E0412 or E0413 if they are not samples with a class each, or do not fit the network.
    """
    where = where or "the pair of arrays"
    x, y = _checked(train, request, where)
    blank = Preparation()
    whole = ArraySamples(x, y, blank, request.shape)
    parts: tuple[Samples, Samples]
    if held_out is not None:
        parts = whole, ArraySamples(*_checked(held_out, request, where), blank, request.shape)
    else:
        chosen = divided(y, share)  # places, and not copies: the arrays may be larger than memory
        parts = Subset(whole, np.flatnonzero(~chosen)), Subset(whole, np.flatnonzero(chosen))
    if not all(map(len, parts)):
        raise _damaged(where, "has no samples to train on, or none to hold out", "give more samples of each class")
    preparation = request.preparation or (_measured(parts[0]) if x.dtype == np.uint8 else blank)
    prepared = [part.with_preparation(preparation) for part in parts]
    count = 1 + max(int(part.labels.max()) for part in parts)
    classes = max(request.graph.output.type.shape[0], count)
    return Data(prepared[0], prepared[1], tuple(map(str, range(classes))), preparation)


def _measured(samples: Samples) -> Preparation:
    """Pictures with mean 0 and deviation 1, as samples spread over the whole tell it."""
    step = max(1, len(samples) // _MEASURED)
    places = range(0, len(samples), step * _CHUNK)
    parts = (samples.levels(slice(start, start + step * _CHUNK, step)) for start in places)
    return measured((part if part.ndim == 4 else part.reshape(len(part), 1, 1, -1) for part in parts), "resize")


def _checked(pair: tuple[Any, Any], request: Request, where: str) -> tuple[NDArray[Any], Labels]:
    """Samples N x input shape and their classes N, or N x height x width for a network whose output is a map."""
    x, y = np.asarray(pair[0]), np.asarray(pair[1])
    if y.ndim == 2 and y.shape[1] == 1:
        y = y[:, 0]
    places = request.graph.output.type.shape[1:]
    if y.shape[1:] != places or y.ndim == 0 or x.ndim == 0 or len(x) != len(y):
        fact = f"holds samples {format_shape(x.shape)} and classes {format_shape(y.shape)}"
        wanted = f"Nx{format_shape(places)}" if places else "N"
        raise _damaged(where, fact, f"give N samples and {wanted} class numbers")
    if y.dtype.kind not in "iu" or (len(y) and y.min() < 0):
        raise _damaged(where, f"has classes of {y.dtype}", "classes are whole numbers from 0 on")
    return _fitting(x, request, where), y.astype(np.int64)


def _fitting(x: NDArray[Any], request: Request, where: str) -> NDArray[Any]:
    """Samples in the shape of the input: grey pictures may leave out their one channel, and colours may come last."""
    shape, given = request.graph.input.type.shape, x.shape[1:]
    if len(shape) == 3 and given == (*shape[1:], shape[0]) and given != shape:
        x = np.moveaxis(x, -1, 1)
    elif given != shape and prod(given) != prod(shape):
        raise refusal(
            training.DATA_MISFIT,
            f"{where} holds samples {format_shape(given)}, and the network takes {format_shape(shape)}",
            help=(
                f"write `input {format_shape(given)}`"
                if 0 < len(given) < 4
                else "give arrays of one sample in each row",
            ),
        )
    if x.dtype.kind not in "fiub":
        raise _damaged(where, f"holds {x.dtype}", "samples are numbers")
    x = x.reshape(len(x), *shape)
    if request.graph.input.type.dtype == "token":
        return x.astype(np.int64)
    if x.dtype.kind == "f" and not _is_finite(x):
        raise _damaged(where, "holds numbers that are infinite or not a number", "correct them first")
    return x if x.dtype == np.uint8 else x.astype(np.float32, copy=False)


def _is_finite(x: NDArray[Any]) -> bool:
    """Whether every number is, looked at in parts."""
    return all(bool(np.isfinite(x[start : start + _CHUNK]).all()) for start in range(0, len(x), _CHUNK))


class ArraysReader(Reader):
    """Reads a ``.npz`` file."""

    def read(self, dataset: Arrays, request: Request) -> Data:
        path = _find(dataset, request)
        arrays = read_npz(path)
        pairs = [tuple(arrays[name] for name in names) for names in _PARTS if set(names) <= set(arrays)]
        if len(pairs) == 2:
            return data_of_arrays(pairs[0], pairs[1], request, where=f"`{path}`")  # type: ignore[arg-type]
        if {"x", "y"} <= set(arrays):
            return data_of_arrays(
                (arrays["x"], arrays["y"]), None, request, share=dataset.validation, where=f"`{path}`"
            )
        held = one_of((f"`{name}`" for name in arrays), "and") if arrays else "nothing"
        raise _damaged(f"`{path}`", f"holds {held}", "name its arrays x_train, y_train, x_test and y_test, or x and y")


def read_npz(path: str) -> dict[str, NDArray[Any]]:
    """The arrays of a file called x and y, and those of its parts for training and test.

    None is believed to be as large as it says before it is.

    Raises:
        DiagnosticError: E0412 if the file is damaged, or holds Python objects.
    """
    wanted = {"x", "y", *(name for pair in _PARTS for name in pair)}
    try:
        with zipfile.ZipFile(path) as archive:
            entries = {entry.filename.removesuffix(".npy"): entry for entry in archive.infolist()}
            arrays = {}
            for name in wanted & entries.keys():
                entry = entries[name]
                if entry.file_size > max(_SMALL, _LIKELY_INFLATION * entry.compress_size) or entry.file_size > _LARGEST:
                    fact = f"declares {entry.file_size:,} bytes for `{name}`, of which it holds {entry.compress_size:,}"
                    raise _damaged(f"`{path}`", fact, "save it again with `numpy.savez`")
                with archive.open(entry) as stream:
                    arrays[name] = _read_array(path, name, stream, entry.file_size)
            return dict(sorted(arrays.items()))
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        hint = (
            "objects of Python are never read" if "object" in str(error).lower() else "save it again with `numpy.savez`"
        )
        raise _damaged(f"`{path}`", "is damaged, or no `.npz` file of numbers", hint) from None


def _read_array(path: str, name: str, stream: IO[bytes], size: int) -> NDArray[Any]:
    version = np.lib.format.read_magic(stream)
    read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, fortran_order, dtype = read_header(stream)
    if dtype.hasobject:
        raise ValueError("object")
    count = prod(shape)
    if count * dtype.itemsize > size:
        raise ValueError("longer than it is")
    data = stream.read(count * dtype.itemsize)
    return np.frombuffer(data, dtype, count).reshape(shape, order="F" if fortran_order else "C")


class CsvReader(Reader):
    """Reads a table of numbers with a column of classes."""

    def read(self, dataset: Csv, request: Request) -> Data:
        path = _find(dataset, request)
        rows, names = _table(path, dataset.label)
        classes = tuple(sorted(set(names), key=_order))
        y = np.array([classes.index(name) for name in names], np.int64)
        found = data_of_arrays((rows, y), None, request, share=dataset.validation, where=f"`{path}`")
        return found.replace(class_names=classes)


def _order(name: str) -> tuple[float, str]:
    try:
        return float(name), ""
    except ValueError:
        return float("inf"), name


def _table(path: str, label: str) -> tuple[NDArray[np.float32], list[str]]:
    """The numbers of each line, and its class."""
    lines: list[list[float]] = []
    names: list[str] = []
    place = -1
    try:
        with open(path, encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.reader(file), 1):
                if number == 1 and _is_header(row):
                    place = row.index(label) if label in row else _no_column(path, row, label)
                elif row:
                    names.append(row.pop(place if place >= 0 else len(row) - 1).strip())
                    lines.append(list(map(float, row)))
                    if len(row) != len(lines[0]) or len(row) > _MOST_COLUMNS:
                        raise ValueError(
                            f"line {number} has {len(row) + 1} columns, and the first has {len(lines[0]) + 1}"
                        )
    except (ValueError, IndexError, csv.Error, UnicodeDecodeError) as error:
        raise _damaged(f"`{path}`", f"is not a table of numbers: {error}", "give numbers separated by commas") from None
    if not lines or not lines[0]:
        raise _damaged(f"`{path}`", "has no samples", "give a sample in each line")
    return np.array(lines, np.float32), names


def is_table(path: str) -> bool:
    """Whether a file begins as a line of text with commas does."""
    with open(path, "rb") as file:
        start = file.read(_LINE)
    try:
        line = start.split(b"\n")[0].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return "," in line and line.replace("\t", " ").rstrip("\r").isprintable()


def read_numbers(path: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """The samples of a table without classes, N x shape: one in each line, after a line of names or not.

    Raises:
        DiagnosticError: E0412 if it is no such table, E0413 if its lines are longer or shorter than a sample.
    """
    lines: list[NDArray[np.float32]] = []
    try:
        with open(path, encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.reader(file), 1):
                if not row or (number == 1 and _is_header(row)):
                    continue
                if len(row) != prod(shape):
                    raise _line_misfit(path, number, len(row), prod(shape))
                lines.append(np.array(list(map(float, row)), np.float32))
    except (ValueError, csv.Error) as error:
        raise _damaged(f"`{path}`", f"is not a table of numbers: {error}", "give numbers separated by commas") from None
    if not lines:
        raise _damaged(f"`{path}`", "has no samples", "give a sample in each line")
    return np.stack(lines).reshape(-1, *shape)


def _line_misfit(path: str, number: int, found: int, wanted: int) -> DiagnosticError:
    message = f"line {number} of `{path}` has {found:,} numbers, and the network takes {wanted:,}"
    return refusal(training.DATA_MISFIT, message, help=("give a sample in each line, without its class",))


def _is_header(row: list[str]) -> bool:
    try:
        [float(cell) for cell in row]
    except ValueError:
        return len(row) > 1 and not any(_is_number(cell) for cell in row)
    return False


def _is_number(cell: str) -> bool:
    return _order(cell)[0] != float("inf")


def _no_column(path: str, row: list[str], label: str) -> int:
    hint = f'name it, as in `data csv "{os.path.basename(path)}" label="{row[-1]}"`'
    raise _damaged(f"`{path}`", f"has no column `{label}`: it has {one_of(row, 'and')}", hint)


def _find(dataset: Arrays | Csv, request: Request) -> str:
    path = os.path.join(os.path.expanduser(request.data_dir or request.spec_folder), dataset.path)
    if not os.path.isfile(path):
        message = f"the file `{path}` of data set `{dataset.name}` is not there"
        raise refusal(training.DATA_MISSING, message, help=("give its folder with --data-dir",))
    return path


def _damaged(where: str, fact: str, hint: str) -> DiagnosticError:
    return refusal(training.DATA_DAMAGED, f"{where} {fact}", help=(hint,))
