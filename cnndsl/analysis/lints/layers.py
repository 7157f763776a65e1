"""Lints of layers that follow each other: one of them does nothing that the other does not undo or could not do."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics import Diagnostic, Edit, Fix, Label
from ...diagnostics.kinds import lints
from ...ir import Node
from ...ops import element_count
from ...ops.convolution import Conv
from ...ops.convolution_kinds import ConvTranspose, Depthwise
from ...ops.dropout import Dropout, Dropout2d, StochasticDepth
from ...ops.extent import is_free
from ...ops.linear import Dense, Flatten
from ...ops.lines import Conv1d
from ...ops.merge import Identity
from ...ops.normalization import BatchNorm
from ...source import Span
from .network import Finding, Network, count

__all__ = ["dense_twice", "useless_bias"]

_WITH_BIAS = (Conv, Depthwise, ConvTranspose, Conv1d, Dense)
_NOTHING_BETWEEN = (Dropout, Dropout2d, StochasticDepth, Flatten, Identity)


def useless_bias(network: Network) -> Iterator[Finding]:
    """A layer with a bias whose only reader is batch normalisation over the same channels."""
    for node in network.graph.nodes:
        operator = node.operator
        if not isinstance(operator, _WITH_BIAS) or not operator.bias:
            continue
        reader = network.only_reader(node)
        if reader is None or not isinstance(reader.operator, BatchNorm):
            continue
        if isinstance(operator, Dense) and len(node.output.type.shape) > 1:
            continue  # its bias runs along the last axis, and the mean is that of the first
        yield Finding(_useless_bias(node, reader), node)


def _useless_bias(node: Node, normalised: Node) -> Diagnostic:
    number = element_count(node.operator.parameters(*node.input_types)["bias"].shape)
    return Diagnostic(
        lints.USELESS_BIAS,
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


def dense_twice(network: Network) -> Iterator[Finding]:
    """Two dense layers that are one, as nothing between them bends a line; unless the first saves parameters."""
    for node in network.graph.nodes:
        if not isinstance(node.operator, Dense) or is_free(node.input.type.shape):
            continue
        second = _next_dense(network, node)
        if second is None:
            continue
        middle, narrow = node.operator.out_features, min(node.input.type.shape[-1], second.output.type.shape[-1])
        if middle >= narrow:
            yield Finding(_dense_twice(node, second), second)


def _next_dense(network: Network, node: Node) -> Node | None:
    """The dense layer that reads what another makes, with nothing between that is not linear."""
    reader = network.only_reader(node)
    while reader is not None and isinstance(reader.operator, _NOTHING_BETWEEN):
        if isinstance(reader.operator, Flatten) and len(reader.input.type.shape) > 1:
            return None
        reader = network.only_reader(reader)
    return reader if reader is not None and isinstance(reader.operator, Dense) else None


def _dense_twice(first: Node, second: Node) -> Diagnostic:
    features, outputs = first.input.type.shape[-1], second.output.type.shape[-1]
    both = first.parameter_count + second.parameter_count
    one = outputs * features + outputs
    return Diagnostic(
        lints.DENSE_TWICE,
        "two dense layers with no non-linearity between them are no more than one",
        Label(second.span, "a linear map again"),
        (Label(first.span, "a linear map"),),
        notes=(
            f"{both:,} parameters in the two; one `dense {outputs}` has {outputs}*{features} + {outputs} = {one:,}",
        ),
        help=("put an activation such as `relu` between them, or leave the first out",),
    )
