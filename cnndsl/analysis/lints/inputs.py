"""Lints of the input: whether it is written as cnndsl reads it."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics import Diagnostic, Label
from ...ir import Node
from ...ops import format_shape
from ...ops.free_size import is_free
from ...ops.rearrange import Permute
from .lint import NetworkLint
from .network import Finding, Network

__all__ = ["ChannelsLast", "is_channels_last"]

_CHANNELS = (1, 3)
_LEAST_SIZE = 8


class ChannelsLast(NetworkLint):
    """The input seems to have its channels last.

    Shapes are channels x height x width, as in PyTorch: a colour photo is `3x224x224`. TensorFlow and most image
    libraries write `224x224x3`, which is here an image of 224 channels that is 3 columns wide. Such a network can be
    valid, and it learns nothing useful.

    This gives the warning:

    ```cnn failing
    network Example {
        input 32x32x3
        conv 8 3x3 pad=1 | relu
    }
    ```

    This does not:

    ```cnn
    network Example {
        input 3x32x32
        conv 8 3x3 pad=1 | relu
    }
    ```

    If the data really come with their channels last, let the first layer put them first: `permute (2, 0, 1)`.
    """

    code = "W0516"

    def find(self, network: Network) -> Iterator[Finding]:
        shape = network.graph.input.type.shape
        readers = network.readers.get(network.graph.input, [])
        if is_free(shape) or not is_channels_last(shape) or not readers:
            return
        if not any(isinstance(node.operator, Permute) for node in readers):
            yield Finding(self._warning(readers[0], shape), readers[0])

    def _warning(self, node: Node, shape: tuple[int, ...]) -> Diagnostic:
        height, width, channels = shape
        return Diagnostic(
            self.kind,
            f"the input {format_shape(shape)} seems to be height x width x channels",
            Label(node.span, f"reads {height} channels of {width}x{channels}"),
            notes=("shapes are channels x height x width",),
            help=(f"write `input {channels}x{height}x{width}`",),
        )


def is_channels_last(shape: tuple[int, ...]) -> bool:
    """Whether the last of three sizes is that of channels, and the first is not."""
    return len(shape) == 3 and shape[2] in _CHANNELS and min(shape[:2]) >= _LEAST_SIZE
