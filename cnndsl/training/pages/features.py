"""What a trained network has learnt, as a page: its kernels, and for some samples the feature maps of each layer, the
distribution that it predicts beside the truth, and where it looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...backends.base import Network
from ...ir import Graph, Node
from ...ops import format_shape
from ...ops.convolution import Conv
from ...ops.linear import Dense
from ...record import Record
from ..data import Images, Preparation
from ..evaluation.prediction import Prediction, predict
from ..values import layer_values
from .attention import Attention, attention_of
from .mosaic import Pixels, grid, heat, levels_of, signed
from .page import figure, image, page, picture, text

__all__ = ["Shown", "render_features"]

_LAYERS, _MAPS, _FILTERS, _READ = 40, 32, 32, 8
"""The most layers, feature maps of a layer, filters of a layer, and channels of a filter that are shown."""
_CLASSES = 10
_BAR = 14.0
"""The width of a bar for a probability of 1, in rem."""


class Shown(Record):
    """A sample: what it is called, the network's input for it (sample shape), and its class if that is known."""

    label: str
    x: Images
    truth: int | None = None


def render_features(
    title: str, network: Network, preparation: Preparation, names: Sequence[str], shown: Sequence[Shown]
) -> str:
    """The page. ``names`` are the classes; ``preparation`` is that of the samples, which are drawn as they were before it."""
    graph, state = network.graph, network.state()
    attention = attention_of(graph)
    parts = ["<h2>Kernels</h2>", *_kernels(graph, state, preparation)]
    for sample in shown:
        parts += _sample(network, state, attention, preparation, tuple(names), sample)
    return page(title, parts)


# Kernels


def _kernels(graph: Graph, state: dict[str, NDArray[Any]], preparation: Preparation) -> list[str]:
    drawn = []
    for node in graph.nodes:
        weight = _filters(node, graph, state, preparation)
        if weight is not None:
            drawn.append(_layer(node, _kernel_picture(weight[:_FILTERS]), _counted(len(weight), _FILTERS, "filter")))
    note = (
        "White is 0, orange is above it and blue below. A filter that reads three colours is a picture of its own colours; one "
        f"that reads more channels is a column, with a row for each channel (the first {_READ})."
    )
    return [f"<p class=note>{note}</p>", *drawn] if drawn else ["<p>The network has no convolution.</p>"]


def _filters(node: Node, graph: Graph, state: dict[str, NDArray[Any]], preparation: Preparation) -> NDArray[Any] | None:
    """The filters of a layer, N x C x h x w: of a convolution, or of a dense layer that reads the picture itself."""
    if isinstance(node.operator, Conv):
        weight = state[next(iter(node.parameters))]
        return weight if weight.ndim == 4 else weight[:, :, None]
    read = _picture_shape(graph, preparation)
    first = next((each for each in graph.nodes if each.parameters), None)
    if node is first and isinstance(node.operator, Dense) and read is not None:
        weight = state[next(iter(node.parameters))]
        return weight.reshape(-1, *read) if weight[0].size == np.prod(read) else None
    return None


def _kernel_picture(weight: NDArray[Any]) -> str:
    channels = weight.shape[1]
    if channels == 1:
        return image(grid(signed(weight[:, 0])), "maps")
    if channels == 3:
        most = np.abs(weight).max() or 1.0
        return image(grid(np.rint(127.5 + 127.5 * weight / most).astype(np.uint8)), "maps")
    read = weight[:, :_READ].swapaxes(0, 1)
    return image(grid(signed(read.reshape(-1, *read.shape[2:])), columns=read.shape[1]), "maps")


# Samples


def _sample(
    network: Network,
    state: dict[str, NDArray[Any]],
    attention: Attention | None,
    preparation: Preparation,
    names: tuple[str, ...],
    sample: Shown,
) -> list[str]:
    graph, maps, drawn = network.graph, None, []
    chosen = _chosen(graph)
    x = sample.x[None] if sample.x.dtype == np.int64 else sample.x[None].astype(_dtype(state))
    for node, outputs in layer_values(graph, state, x):
        if attention is not None and attention.maps in node.outputs:
            maps = outputs[node.outputs.index(attention.maps)][0]
        if node in chosen:
            drawn.append(_layer(node, _maps(outputs[0][0]), _counted(len(outputs[0][0]), _MAPS, "map")))
    levels = _levels(sample.x, graph, preparation)
    found = predict(network, sample.x[None], names)[0] if len(graph.output.type.shape) == 1 else None
    looks = (
        []
        if attention is None or maps is None or found is None
        else _looks(attention, state, maps, levels, found, sample, names)
    )
    head = [figure(picture(levels), "the input")] if levels is not None else []
    bars = [] if found is None else [_distribution(found, sample.truth, names)]
    left = f", {len(chosen)} of {len(graph.nodes)}" if len(chosen) < len(graph.nodes) else ""
    opened = f"<details><summary>What each layer makes of it{left}</summary>{''.join(drawn)}</details>"
    return [f"<h2>{text(sample.label)}</h2>", "<div class=beside>", *head, *looks, *bars, "</div>", opened]


def _looks(
    attention: Attention,
    state: dict[str, NDArray[Any]],
    maps: NDArray[Any],
    levels: Pixels | None,
    found: Prediction,
    sample: Shown,
    names: tuple[str, ...],
) -> list[str]:
    """Where the network looks for the class that it tells, and for the true one if that is another."""
    if levels is None:
        return []
    labels = dict.fromkeys(label for label in (found.label, sample.truth) if label is not None)
    figures = []
    for label in labels:
        places = attention.of_class(state, maps, label)
        words = f"what speaks for {names[label]}" if places.any() else f"nothing speaks for {names[label]}"
        figures.append(figure(image(heat(levels, places)), words))
    return figures


def _distribution(found: Prediction, truth: int | None, names: tuple[str, ...]) -> str:
    """The likeliest classes, each with a bar, and the true one among them."""
    order = sorted(range(len(names)), key=lambda index: (-found.probabilities[index], index))[:_CLASSES]
    rows = []
    for index in order if truth is None or truth in order else [*order[:-1], truth]:
        share = found.probabilities[index]
        true = " class=true" if index == truth else ""
        bar = f'<span class=bar style="width:{_BAR * share:.2f}rem"></span>'
        rows.append(f"<tr{true}><td>{text(names[index])}<td>{100 * share:.1f} %<td>{bar}")
    said = "" if truth is None else f"<p class=note>The truth is {text(names[truth])}.</p>"
    return f"<div><table class=shares>{''.join(rows)}</table>{said}</div>"


def _chosen(graph: Graph) -> set[Node]:
    """The layers whose maps are shown: all, or so many that stand evenly in the network."""
    nodes = graph.needed_nodes((graph.output,))
    places = np.unique(np.linspace(0, len(nodes) - 1, min(_LAYERS, len(nodes))).round().astype(int))
    return {nodes[place] for place in places}


def _maps(values: NDArray[Any]) -> str:
    """What a layer gives for one sample: maps side by side, a sequence as a picture of channels, a vector as one line."""
    if values.ndim == 3:
        return image(grid(levels_of(values[:_MAPS])[:, None]), "maps")
    flat = values.reshape(len(values), -1)[:_MAPS] if values.ndim == 2 else values[None, : _MAPS * 16]
    return image(grid(levels_of(flat)[None, None]), "maps wide")


def _layer(node: Node, drawn: str, counted: str) -> str:
    shape = format_shape(node.output.type.shape)
    name = f"{node.path} " if node.path else ""
    return f"<h3>{text(name + node.operator.name)} <small>{text(shape)}{counted}</small></h3>{drawn}"


def _counted(count: int, most: int, word: str) -> str:
    return f", the first {most} of {count} {word}s" if count > most else ""


def _dtype(state: dict[str, NDArray[Any]]) -> Any:
    return next((tensor.dtype for tensor in state.values() if tensor.dtype.kind == "f"), np.dtype(np.float32))


def _picture_shape(graph: Graph, preparation: Preparation) -> tuple[int, ...] | None:
    """The shape of a sample as a picture, of one or three channels; None if it is none."""
    shape: tuple[int, ...] = graph.input.type.shape
    if len(shape) == 1 and preparation.stored and np.prod(preparation.stored) * preparation.channels == shape[0]:
        shape = (preparation.channels, *preparation.stored)
    return shape if len(shape) == 3 and shape[0] in (1, 3) else None


def _levels(x: Images, graph: Graph, preparation: Preparation) -> Pixels | None:
    """A sample as it was before it was normalised, as bytes; None if it is no picture."""
    shape = _picture_shape(graph, preparation)
    if shape is None:
        return None
    per_channel = (-1, 1, 1)
    scale, offset = (np.array(each).reshape(per_channel) for each in (preparation.scale, preparation.offset))
    levels = (x.reshape(shape) - offset) / scale
    if preparation.scale == (1.0,) and preparation.offset == (0.0,):
        return levels_of(levels)
    pixels: Pixels = np.rint(np.clip(levels, 0, 1) * 255).astype(np.uint8)
    return pixels
