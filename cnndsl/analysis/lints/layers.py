"""Lints of layers that follow each other: one of them does nothing that the other does not undo or could not do."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics import Diagnostic, Edit, Fix, Label
from ...ir import Node
from ...ops import element_count
from ...ops.convolution import Conv
from ...ops.convolution_kinds import ConvTranspose, Depthwise
from ...ops.dropout import Dropout, Dropout2d, StochasticDepth
from ...ops.free_size import is_free
from ...ops.linear import Dense, Flatten
from ...ops.merge import Identity
from ...ops.normalization import BatchNorm
from ...source import Span
from .lint import NetworkLint
from .network import Finding, Network, count

__all__ = ["DenseTwice", "UselessBias"]

_WITH_BIAS = (Conv, Depthwise, ConvTranspose, Dense)
_NOTHING_BETWEEN = (Dropout, Dropout2d, StochasticDepth, Flatten, Identity)


class UselessBias(NetworkLint):
    """A bias right before batch normalisation, which takes it away.

    Batch normalisation subtracts the mean of each channel, and with it whatever the layer before adds to
    the whole channel. The bias is learned and stored, and changes nothing.

    This gives the warning:

    ```cnn failing
    network Example {
        input 3x32x32
        conv 8 3x3 pad=1 | bn | relu
    }
    ```

    This does not:

    ```cnn
    network Example {
        input 3x32x32
        conv 8 3x3 pad=1 bias=false | bn | relu
    }
    ```

    Some published weights have such a bias, and a checkpoint with it does not load without. Then keep it,
    and say so: `# allow W0503: published weights have it`.
    """

    code = "W0503"

    def find(self, network: Network) -> Iterator[Finding]:
        for node in network.graph.nodes:
            operator = node.operator
            if not isinstance(operator, _WITH_BIAS) or not operator.bias:
                continue
            reader = network.only_reader(node)
            if reader is None or not isinstance(reader.operator, BatchNorm):
                continue
            if isinstance(operator, Dense) and len(node.output.type.shape) > 1:
                continue  # its bias runs along the last axis, and the mean is that of the first
            yield Finding(self._warning(node, reader), node)

    def _warning(self, node: Node, normalised: Node) -> Diagnostic:
        number = element_count(node.operator.parameters(*node.input_types)["bias"].shape)
        return Diagnostic(
            self.kind,
            f"the bias of `{node.operator.name}` has no effect before `{normalised.operator.name}`",
            Label(node.attribute_spans.get("bias", node.span), f"adds {count(number, 'number')}, one per channel"),
            (Label(normalised.span, "subtracts the mean of each channel, and so the bias"),),
            notes=(f"{count(number, 'parameter')} that training cannot use",),
            help=("add `bias=false`, unless published weights have the bias",),
            fixes=(_without_bias(node),),
        )


def _without_bias(node: Node) -> Fix:
    """Not certain, because a checkpoint may hold the bias."""
    written = node.attribute_spans.get("bias")
    if written is not None:
        return Fix("write `bias=false`", (Edit(written, "bias=false"),))
    end = Span(node.span.source, node.span.end, node.span.end)
    return Fix("add `bias=false`", (Edit(end, " bias=false"),))


class DenseTwice(NetworkLint):
    """Two dense layers with nothing between that is not linear.

    A dense layer is a linear map, and one linear map after another is a third: together they can do no
    more than one, with more parameters. Dropout, `flatten` and `identity` between them do not help. A first
    layer narrower than its input and its output is not meant: it saves parameters.

    This gives the warning:

    ```cnn failing
    network Example {
        input 1x8x8
        flatten
        dense 64
        dense 10
    }
    ```

    This does not:

    ```cnn
    network Example {
        input 1x8x8
        flatten
        dense 64 | relu
        dense 10
    }
    ```

    Put an activation between them, or leave the first out.
    """

    code = "W0504"

    def find(self, network: Network) -> Iterator[Finding]:
        for node in network.graph.nodes:
            if not isinstance(node.operator, Dense) or is_free(node.input.type.shape):
                continue
            second = _next_dense(network, node)
            if second is None:
                continue
            narrow = min(node.input.type.shape[-1], second.output.type.shape[-1])
            if node.operator.out_features >= narrow:
                yield Finding(self._warning(node, second), second)

    def _warning(self, first: Node, second: Node) -> Diagnostic:
        features, outputs = first.input.type.shape[-1], second.output.type.shape[-1]
        both = first.parameter_count + second.parameter_count
        one = outputs * features + outputs
        return Diagnostic(
            self.kind,
            "two dense layers without a non-linearity between them can do no more than one",
            Label(second.span, "a linear map again"),
            (Label(first.span, "a linear map"),),
            notes=(
                f"{both:,} parameters in the two; one `dense {outputs}` has {outputs}*{features} + {outputs} = {one:,}",
            ),
            help=("put an activation such as `relu` between them, or leave the first out",),
        )


def _next_dense(network: Network, node: Node) -> Node | None:
    """The dense layer that reads what another makes, with nothing between that is not linear."""
    reader = network.only_reader(node)
    while reader is not None and isinstance(reader.operator, _NOTHING_BETWEEN):
        if isinstance(reader.operator, Flatten) and len(reader.input.type.shape) > 1:
            return None
        reader = network.only_reader(reader)
    return reader if reader is not None and isinstance(reader.operator, Dense) else None
