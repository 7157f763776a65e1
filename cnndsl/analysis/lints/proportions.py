"""Lints of the network as a whole: where its parameters are, and how much of the input its positions see."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from operator import ge, itemgetter, lt

from ...diagnostics import Diagnostic, Label
from ...ir import Node, Value
from ...ops import TensorType, element_count
from ...ops.adaptive import AdaptiveAvgPool, AdaptiveMaxPool
from ...ops.dropout import Dropout
from ...ops.free_size import is_free
from ...ops.geometry import dilated
from ...ops.learned import Embedding
from ...ops.linear import Dense, Flatten
from ...ops.pooling import AvgPool, GlobalAvgPool, GlobalMaxPool, MaxPool
from ...ops.rearrange import Permute, Reshape
from ..receptive_field import ReceptiveField, receptive_fields
from .inputs import is_channels_last
from .lint import NetworkLint
from .network import Finding, Network, count

__all__ = ["LargeLayer", "NarrowView"]

_FEW_LAYERS = 3
_FEW_PARAMETERS = 1_000_000
_POOLS = (GlobalAvgPool, GlobalMaxPool, AdaptiveAvgPool, AdaptiveMaxPool, AvgPool, MaxPool)


class LargeLayer(NetworkLint):
    """One layer holds more than half of all parameters.

    One layer holds more than half of all parameters, mostly the first dense layer after an image that was
    flattened: every number of the image has a weight for every output. It takes memory, and it overfits.
    Networks below a million parameters are left alone, and so is a last layer for many classes.

    This gives the warning:

    ```cnn failing
    network Example {
        input 3x64x64
        conv 32 3x3 stride=2 pad=1 | relu  -> 32x32x32
        flatten                            -> 32_768
        dense 64 | relu
        dense 10
    }
    ```

    This does not:

    ```cnn
    network Example {
        input 3x64x64
        conv 32 3x3 stride=2 pad=1 | relu  -> 32x32x32
        adaptive_avgpool 4x4               -> 32x4x4
        flatten                            -> 512
        dense 64 | relu
        dense 10
    }
    ```

    The note says where the number comes from. Pool before you flatten, or give the layer fewer outputs. Of
    AlexNet and VGG it is simply so: `# allow W0509: as in the paper`.
    """

    code = "W0509"

    def find(self, network: Network) -> Iterator[Finding]:
        holding = [(number, node) for node in network.graph.nodes if (number := node.parameter_count)]
        total = sum(number for number, _ in holding)
        if total < _FEW_PARAMETERS or len(holding) < _FEW_LAYERS:
            return
        most, largest = max(holding, key=itemgetter(0))
        if 2 * most <= total or isinstance(largest.operator, Embedding):
            return
        flattened = _flattened(network, largest)
        if flattened is not None or largest is not holding[-1][1]:
            yield Finding(self._warning(largest, total, flattened), largest)

    def _warning(self, node: Node, total: int, flattened: TensorType | None) -> Diagnostic:
        number, x = node.parameter_count, node.input.type
        formula = node.operator.parameter_formula(x)
        size = f"its input of {x} is {flattened}" if flattened else f"its input is {x}"
        return Diagnostic(
            self.kind,
            f"one layer holds {100 * number // total} % of all parameters: {number:,} of {total:,}",
            Label(node.span, f"{number:,} parameters"),
            notes=(f"{formula} = {number:,}; {size}" if formula else size,),
            help=(_smaller(node, flattened),),
        )


def _flattened(network: Network, node: Node) -> TensorType | None:
    """The image or line that was flattened into the input of a dense layer, past any dropout."""
    maker = network.makers.get(node.input)
    while maker is not None and isinstance(maker.operator, Dropout):
        maker = network.makers.get(maker.input)
    if not isinstance(node.operator, Dense) or maker is None or not isinstance(maker.operator, Flatten):
        return None
    return maker.input.type if element_count(maker.input.type.shape[1:]) > 1 else None


def _smaller(node: Node, flattened: TensorType | None) -> str:
    if flattened is None:
        return "fewer outputs, or fewer inputs, make it smaller"
    pooled = TensorType(flattened.shape[:1])
    number = sum(element_count(spec.shape) for spec in node.operator.parameters(pooled).values())
    formula = node.operator.parameter_formula(pooled)
    return f"`global_avgpool` before `flatten` leaves {flattened.shape[0]} inputs: {formula} = {number:,}"


class NarrowView(NetworkLint):
    """The last pooling joins positions that see only a part of the input.

    The network ends in a pooling over all positions of an image, and each of them depends on a part
    of the input only, its receptive field. The pooling mixes what the positions found; no layer has seen the
    whole, and none can relate parts of the image that are further apart than a receptive field is wide.

    This gives the warning:

    ```cnn failing
    network Example {
        input 1x16x16
        conv 8 3x3 pad=1 | relu
        conv 8 3x3 pad=1 | relu
        global_avgpool | flatten
        dense 10
    }
    ```

    This does not:

    ```cnn
    network Example {
        input 1x16x16
        conv 8 3x3 stride=2 pad=1 | relu
        conv 8 3x3 stride=2 pad=1 | relu
        conv 8 3x3 stride=2 pad=1 | relu
        conv 8 3x3 pad=1 | relu
        global_avgpool | flatten
        dense 10
    }
    ```

    More layers, larger windows, and above all strides and poolings early on widen it;
    `cnndsl summary --explain` shows how it grows. For textures, a narrow one may be what is meant:
    `# allow W0511: texture is what counts here`.
    """

    code = "W0511"

    def find(self, network: Network) -> Iterator[Finding]:
        shape = network.graph.input.type.shape
        pool = _last_pool(network) if len(shape) == 3 and not is_free(shape) else None
        if pool is None or is_channels_last(shape) or _sees_all(network, pool.input, shape[1:]):
            return
        field = receptive_fields(network.graph)[pool.input]
        alone = set(field.size) == {1}  # a pooling of the image itself
        if not field.everything and not alone and any(map(lt, field.size, shape[1:])):
            yield Finding(self._warning(pool, field, shape[1:]), pool)

    def _warning(self, pool: Node, field: ReceptiveField, extents: tuple[int, ...]) -> Diagnostic:
        jump = field.jump or ()
        image, joined, apart = ("x".join(map(str, sizes)) for sizes in (extents, pool.input.type.shape[1:], jump))
        sizes = zip(extents, field.size, jump, strict=True)
        more = max(ceil((extent - seen) / (2 * step)) for extent, seen, step in sizes if step)
        return Diagnostic(
            self.kind,
            f"`{pool.operator.name}` joins {joined} positions, but each depends on only {field} of the {image} input",
            Label(pool.span, f"joins positions that are {apart} apart in the input"),
            notes=(f"receptive field: {field}; no position can relate parts of the image that are further apart",),
            help=(f"{count(more, 'more layer')} of 3x3 windows before it, or earlier strides, would see all of it",),
        )


def _sees_all(network: Network, value: Value, extents: tuple[int, ...]) -> bool:
    """Whether a value sees everything by way of first inputs alone: enough of an answer for most networks, and soon had.

    From the end, a window of size F and stride S turns what is seen after it, r, into (r - 1)*S + F before it.
    """
    seen = [1] * len(extents)
    node = network.makers.get(value)
    while node is not None and not node.operator.sees_everything:
        if isinstance(node.operator, Permute | Reshape):
            return False  # what was height may be width before it
        window = node.operator.window()
        if window is not None:
            kernels = map(dilated, window.kernel_size, window.dilation)
            seen = [(r - 1) * step + kernel for r, step, kernel in zip(seen, window.stride, kernels, strict=True)]
        if all(map(ge, seen, extents)):
            return True
        node = network.makers.get(node.input)
    return node is not None


def _last_pool(network: Network) -> Node | None:
    """The pooling to 1x1 that is the last layer before the output to mix positions, if that is what mixes them."""
    node = network.makers.get(network.graph.output)
    while node is not None and len(node.inputs) == 1:
        before = node.input.type.shape
        if _is_global(node):
            return node if element_count(before[1:]) > 1 else None
        if node.operator.sees_everything and element_count(before[1:]) > 1 and len(before) > 1:
            return None
        if isinstance(node.operator, Flatten) and element_count(before[1:]) > 1:
            return None
        node = network.makers.get(node.input)
    return None


def _is_global(node: Node) -> bool:
    shape = node.output.type.shape
    return isinstance(node.operator, _POOLS) and len(shape) == 3 and shape[1:] == (1, 1)
