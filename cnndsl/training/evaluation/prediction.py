"""Prediction: arrays and pictures in, classes and probabilities out."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...backends.base import Network
from ...diagnostics import Diagnostic, DiagnosticError, refusal
from ...diagnostics.kinds import files, training
from ...files import why_not
from ...ops import Shape, format_shape
from ...ops.activation import LogSoftmax, Softmax
from ...record import Record
from ..checkpoints.loading import run_batches
from ..data import Images, Preparation
from ..data.arrays import is_table, read_npz, read_numbers
from ..data.idx import read_idx
from ..data.pictures import is_dark_on_light, read_picture, read_pixels
from ..data.text import tokens_of
from .metrics import log_softmax

__all__ = ["Prediction", "predict", "probabilities_of", "read_inputs"]

_KINDS = (
    "give a picture such as a PNG, an IDX file of images, a .npy or .npz array, or a table with commas; the content tells "
    "which, not the name"
)
_HELD = {"U": "text", "S": "text", "b": "true and false", "c": "complex numbers", "M": "dates", "V": "records"}
_NUMBERS = "save an array of numbers, such as `numpy.save(path, array.astype(numpy.float32))`"


class Prediction(Record):
    """What a network says of one input: the class by number and name, and the probability of each class."""

    label: int
    name: str
    probabilities: tuple[float, ...]


def predict(network: Network, images: Images, class_names: tuple[str, ...] | None = None) -> list[Prediction]:
    """Classes and probabilities of inputs N x sample shape, which are normalised as in training.

    A network that ends without softmax is taken to give logits, as cross entropy does.
    """
    output = network.graph.output.type.shape
    if len(output) > 1:
        message = f"the network gives a class for each position of {format_shape(output)}, not one for each picture"
        raise refusal(training.DATA_MISFIT, message, help=("`Model.predict` gives the maps from Python",))
    probabilities = probabilities_of(network, run_batches(network, images))
    names = class_names or tuple(map(str, range(probabilities.shape[1])))
    return [Prediction(int(row.argmax()), names[int(row.argmax())], tuple(row.tolist())) for row in probabilities]


def read_inputs(
    path: str,
    preparation: Preparation,
    shape: Shape,
    *,
    invert: bool = False,
    note: Callable[[str], None] | None = None,
    warn: Callable[[Diagnostic], None] = lambda found: None,
) -> Images:
    """The inputs in a file: a ``.npy`` array, the ``x`` of a ``.npz`` file, a table, an IDX file of images, or a picture.

    Whole numbers from 0 to 255 are grey levels or colours of any size, N x height x width or one image, N x channels x height
    x width or N x height x width x channels; they go through what the samples of the training went through, as
    ``preparation`` says. An array of floating-point numbers is taken as it is, or as the numbers of the
    training were: N x sample shape, or one sample. So are the numbers of a table, which has a sample in each line. Of a text
    each line is a sentence for a network that takes tokens. ``invert`` turns dark on light into light on dark, which is how the
    data sets store digits; ``note`` is told of images that seem to need it, and
    ``warn`` of sentences that are cut.

    Raises:
        DiagnosticError: E0001 if the file cannot be read, E0412 if it is damaged, E0413 if it does not fit the network.
    """
    if preparation.vocabulary:
        return _as_tokens(path, preparation, shape, warn)
    array = _read_array(path, shape)
    if array is None and preparation.fit == "crop":
        return preparation.normalized(read_pixels(path, tuple(shape), _KINDS)[None])
    if array is None:
        levels = read_picture(path, _KINDS, preparation.channels)[None]
    elif array.dtype.kind == "f":
        samples = _as_inputs(path, array, shape)
        return preparation.normalized(samples) if preparation.fit == "as_is" else samples
    else:
        levels = _as_levels(path, array, preparation.channels)
    is_ink = preparation.fit in ("pad", "resize") and bool(preparation.stored)
    if (
        is_ink
        and note is not None
        and not invert
        and sum(is_dark_on_light(each[0]) for each in levels) > len(levels) / 2
    ):
        note(f"`{path}` seems to be dark on light, and the network has learnt light on dark: try `--invert`")
    arranged = preparation.arranged(1 - levels if invert else levels, shape)
    return preparation.normalized(arranged).reshape(-1, *shape)


def _as_tokens(path: str, preparation: Preparation, shape: Shape, warn: Callable[[Diagnostic], None]) -> Images:
    """The sentences of a text, one in each line."""
    try:
        with open(path, encoding="utf-8") as file:
            sentences = [line.strip() for line in file if line.strip()]
    except (OSError, ValueError) as error:
        hint = "give a text in UTF-8 with a sentence in each line"
        message = f"cannot read `{path}` as a text: {why_not(path, error)}"
        raise refusal(files.CANNOT_READ, message, help=(hint,)) from None
    if not sentences:
        raise _damaged(path, "has no sentences", "give one in each line")
    return tokens_of(sentences, preparation.vocabulary, shape[0], warn)


def probabilities_of(network: Network, outputs: NDArray[np.floating]) -> NDArray[np.float64]:
    """The probabilities of the classes for outputs of a network, N x classes, logits where it has no softmax."""
    graph = network.graph
    last = next((node.operator for node in graph.nodes if graph.output in node.outputs), None)
    if isinstance(last, Softmax):
        return outputs.astype(np.float64)
    if isinstance(last, LogSoftmax):
        return np.exp(outputs.astype(np.float64))
    return np.exp(log_softmax(outputs))


def _read_array(path: str, shape: Shape) -> NDArray[Any] | None:
    """The array in a file; None if it is to be read as a picture."""
    try:
        with open(path, "rb") as file:
            start = file.read(8)
    except (OSError, ValueError) as error:  # a path with a zero byte is a ValueError
        raise refusal(files.CANNOT_READ, f"cannot read `{path}`: {why_not(path, error)}", help=(_KINDS,)) from None
    if not start:
        raise _damaged(path, "is empty", _KINDS)
    if start.startswith(b"\x93NUMPY"):
        return _read_npy(path)
    if start.startswith((b"\0\0", b"\x1f\x8b")):
        return read_idx(path, None, "an IDX file of images")
    if start.startswith(b"PK"):
        return _read_npz(path)
    return read_numbers(path, shape) if is_table(path) else None


def _read_npy(path: str) -> NDArray[Any]:
    """An array from a .npy file; its data is mapped, not read, so that a false header costs no memory."""
    try:
        array: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except Exception as error:  # numpy reads the header with Python's own parser, whose errors are of many sorts
        if "object" in str(error).lower():
            raise _damaged(path, "holds Python objects, which are never unpickled", _NUMBERS) from None
        size = os.path.getsize(path)
        fact = f"is cut off or damaged: its {size:,} bytes are not the array that its header declares"
        raise _damaged(path, fact, "save it again with `numpy.save`") from None
    return _numbers_of(path, array)


def _read_npz(path: str) -> NDArray[Any]:
    """The samples in what `numpy.savez` has written, by the names that a training reads."""
    arrays = read_npz(path)
    name = next((name for name in ("x", "x_test") if name in arrays), None)
    if name is None:
        raise _damaged(path, "has no array called `x` or `x_test`", "call the array of samples `x`")
    return _numbers_of(path, arrays[name])


def _numbers_of(path: str, array: NDArray[Any]) -> NDArray[Any]:
    if array.dtype.kind not in "fiu":
        held = _HELD.get(array.dtype.kind, f"values of type {array.dtype}")
        raise _damaged(path, f"holds {held}, not real numbers", _NUMBERS)
    if array.size == 0:
        raise _damaged(path, f"holds no numbers: the array is {format_shape(array.shape)}", _NUMBERS)
    return array


def _as_inputs(path: str, array: NDArray[Any], shape: Shape) -> Images:
    samples = array[None] if array.shape == shape else array
    if samples.shape[1:] != shape:
        hint = f"give Nx{format_shape(shape)}, or grey levels from 0 to 255 as whole numbers, which are made to fit"
        raise _misfit(path, f"is {format_shape(array.shape)}, and the network takes {format_shape(shape)}", hint)
    if not np.isfinite(samples).all():
        count = int(np.size(samples) - np.isfinite(samples).sum())
        fact = f"holds {count:,} of {np.size(samples):,} numbers that are infinite or not a number"
        raise _damaged(path, fact, "correct the numbers before you predict")
    return samples.astype(np.float32)


def _as_levels(path: str, array: NDArray[Any], channels: int) -> NDArray[np.float32]:
    """Whole numbers as levels N x C x h x w; one channel need not be spelled out, and colours may come last."""
    images = array[None] if array.ndim == (2 if channels == 1 else 3) else array
    if images.ndim == 3 and channels == 1:
        images = images[:, None]
    if images.ndim == 4 and images.shape[1] != channels == images.shape[3]:
        images = np.moveaxis(images, 3, 1)
    if images.ndim != 4 or images.shape[1] != channels:
        wanted = "grey images are height x width, or N x height x width"
        if channels > 1:
            wanted = f"pictures are N x {channels} x height x width"
        fact = f"is {format_shape(array.shape)}, and {wanted}"
        raise _misfit(path, fact, "make colours grey first, or give floating-point numbers in the network's own shape")
    if images.min() < 0 or images.max() > 255:
        fact = f"holds whole numbers from {images.min()} to {images.max()}, and grey levels go from 0 to 255"
        raise _misfit(path, fact, "scale them; floating-point numbers are taken as the network's input as they are")
    return images.astype(np.float32) / np.float32(255)


def _misfit(path: str, fact: str, hint: str) -> DiagnosticError:
    return refusal(training.DATA_MISFIT, f"`{path}` {fact}", help=(hint,))


def _damaged(path: str, fact: str, hint: str) -> DiagnosticError:
    return refusal(training.DATA_DAMAGED, f"`{path}` {fact}", help=(hint,))
