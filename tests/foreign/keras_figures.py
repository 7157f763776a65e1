"""What Keras computes for the calls in ``keras_cases``, and its signatures: writes ``tests/fixtures/keras.json``.

Keras is not needed to run the tests. To renew the figures, in an environment of its own:

    pip install keras torch && KERAS_BACKEND=torch python -m tests.foreign.keras_figures
"""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers

from cnndsl.translation.layers import KERAS, KERAS_ACTIVATIONS

from .keras_cases import EXACT
from .waves import wave

WHERE = Path(__file__).parent.parent / "fixtures" / "keras.json"

_LAYOUTS = {
    "Conv1D": (2, 1, 0),
    "Conv2D": (2, 3, 1, 0),
    "Conv2DTranspose": (2, 3, 1, 0),
    "Dense": (1, 0),
}
"""The axes of a kernel as we have them, in the order of Keras."""


def main() -> None:
    """Write the figures."""
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")  # some of it is computed in single precision all the same
    figures = {f"{text} {shape}": computed(text, shape) for text, shape in EXACT.items()}
    found = {
        "keras": keras.__version__,
        "figures": figures,
        "signatures": {name: signature(getattr(layers, name)) for name in KERAS},
        "activations": {name: hasattr(keras.activations, name) for name in KERAS_ACTIVATIONS},
        "layers": sorted(name for name in dir(layers) if name[0].isupper()),
    }
    WHERE.write_text(json.dumps(found, indent=0, sort_keys=True) + "\n")


def computed(text: str, shape: tuple[int, ...]) -> dict[str, Any]:
    """The outputs of a layer for a batch of two, in evaluation and in training, channels first, and its state after that."""
    layer = eval(text, {"layers": layers})
    batch = wave((2, *shape))
    is_token = text.startswith("layers.Embedding")
    x = np.arange(2 * shape[0]).reshape(2, *shape) % 9 if is_token else _channels_last(batch)
    layer(keras.ops.convert_to_tensor(x))  # builds its weights
    for index, weight in enumerate(layer.weights):
        weight.assign(_kernel(layer, weight, index))
    outputs = [keras.ops.convert_to_numpy(layer(keras.ops.convert_to_tensor(x), training=way)) for way in (False, True)]
    after = [_rounded(keras.ops.convert_to_numpy(weight.value)) for weight in layer.weights[2:4]]
    figures = {"evaluation": _output(outputs[0])}
    if not np.array_equal(*outputs):
        figures |= {"training": _output(outputs[1]), "statistics": after}
    return figures


def _kernel(layer: Any, weight: Any, index: int) -> np.ndarray:
    """Our numbers in the layout of Keras."""
    shape, kind = tuple(weight.shape), type(layer).__name__
    if kind == "DepthwiseConv2D" and len(shape) == 4:
        height, width, channels, several = shape
        ours = np.abs(wave((channels * several, 1, height, width), index + 1)) + 0.1
        return ours.reshape(channels, several, height, width).transpose(2, 3, 0, 1)
    axes = _LAYOUTS.get(kind, ()) if len(shape) == len(_LAYOUTS.get(kind, ())) else tuple(range(len(shape)))
    ours = tuple(shape[axes.index(axis)] for axis in range(len(shape)))
    return (np.abs(wave(ours, index + 1)) + 0.1).transpose(axes)


def _channels_last(batch: np.ndarray) -> np.ndarray:
    return np.moveaxis(batch, 1, -1)


def _output(array: np.ndarray) -> list[Any]:
    return _rounded(np.moveaxis(array, -1, 1) if array.ndim > 2 else array)


def _rounded(array: np.ndarray) -> list[Any]:
    return [list(array.shape), " ".join(f"{value:.7g}" for value in array.ravel())]


def signature(function: Any) -> list[list[Any]]:
    """The parameters with their defaults; those without one have none."""
    found = inspect.signature(function).parameters.values()
    return [
        [each.name, *([] if each.default is inspect.Parameter.empty else [each.default])]
        for each in found
        if each.kind is not inspect.Parameter.VAR_KEYWORD
    ]


if __name__ == "__main__":
    main()
