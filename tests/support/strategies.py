"""Random valid networks as text: chains of layers whose legality is worked out here by torch's functions, not by ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from hypothesis import strategies as st
from torch import nn

from cnndsl.record import Record

__all__ = ["Chain", "chains"]


class Chain(Record):
    """A network as text, the shape behind each of its layers, and its number of parameters, both according to torch."""

    text: str
    shapes: list[tuple[int, ...]]
    parameters: int


Layer = tuple[str, nn.Module]
Draw = Callable[[st.SearchStrategy[Any]], Any]


def _pair(draw: Draw, least: int, most: int) -> tuple[int, int]:
    return draw(st.integers(least, most)), draw(st.integers(least, most))


def _written(draw: Draw, pair: tuple[int, int]) -> str:
    """A pair in one of the ways to write it."""
    ways = [f"{pair[0]}x{pair[1]}", f"({pair[0]}, {pair[1]})"] + [str(pair[0])] * (pair[0] == pair[1])
    return str(draw(st.sampled_from(ways)))


def _conv(draw: Draw, channels: int) -> Layer:
    groups = draw(st.sampled_from([count for count in range(1, channels + 1) if channels % count == 0]))
    out = groups * draw(st.integers(1, 4))
    kernel, stride, padding, dilation = _pair(draw, 1, 4), _pair(draw, 1, 3), _pair(draw, 0, 3), _pair(draw, 1, 2)
    bias = draw(st.booleans())
    text = f"conv {out} {_written(draw, kernel)} stride={_written(draw, stride)} pad=({padding[0]}, {padding[1]})"
    text += f" dilation={_written(draw, dilation)} groups={groups} bias={str(bias).lower()}"
    return text, nn.Conv2d(channels, out, kernel, stride, padding, dilation, groups, bias, device="meta")


def _even_padding(draw: Draw, channels: int) -> Layer:
    """Padding that keeps the size, as torch's own word does it where the stride is 1 and the kernel odd."""
    kernel = draw(st.sampled_from((1, 3, 5)))
    out = draw(st.integers(1, 6))
    return f"conv {out} {kernel} pad=same", nn.Conv2d(channels, out, kernel, padding="same", device="meta")


def _pool(draw: Draw, channels: int) -> Layer:
    kernel, stride = _pair(draw, 1, 4), _pair(draw, 1, 3)
    padding = draw(st.integers(0, kernel[0] // 2)), draw(st.integers(0, kernel[1] // 2))
    ceil_mode = draw(st.booleans())
    options = f"stride={_written(draw, stride)} pad=({padding[0]}, {padding[1]}) ceil_mode={str(ceil_mode).lower()}"
    if draw(st.booleans()):
        return f"maxpool {_written(draw, kernel)} {options}", nn.MaxPool2d(kernel, stride, padding, ceil_mode=ceil_mode)
    return f"avgpool {_written(draw, kernel)} {options}", nn.AvgPool2d(kernel, stride, padding, ceil_mode)


def _plain(draw: Draw, channels: int) -> Layer:
    affine = draw(st.booleans())
    layers: tuple[Layer, ...] = (
        ("relu", nn.ReLU()),
        ("leaky_relu -0.1", nn.LeakyReLU(-0.1)),
        ("elu alpha=0.5", nn.ELU(0.5)),
        ("tanh", nn.Tanh()),
        ("dropout 0.2", nn.Dropout(0.2)),
        ("softmax", nn.Softmax(1)),
        (f"bn affine={str(affine).lower()}", nn.BatchNorm2d(channels, affine=affine, device="meta")),
        ("global_avgpool", nn.AdaptiveAvgPool2d(1)),
        ("global_maxpool", nn.AdaptiveMaxPool2d(1)),
    )
    return layers[draw(st.integers(0, len(layers) - 1))]


def _vector(draw: Draw, features: int) -> Layer:
    out, bias = draw(st.integers(1, 20)), draw(st.booleans())
    dense = f"dense {out} bias={str(bias).lower()}", nn.Linear(features, out, bias, device="meta")
    return dense if draw(st.booleans()) else ("sigmoid", nn.Sigmoid())


def _fits(module: nn.Module, value: torch.Tensor) -> torch.Tensor | None:
    try:
        result: torch.Tensor = module(value)
    except (RuntimeError, ValueError):
        return None
    return result if 0 < result.numel() < 10**6 else None


@st.composite
def chains(draw: Draw) -> Chain:
    """Up to ten layers on an image, then perhaps a few on the flattened vector."""
    shape = (draw(st.integers(1, 6)), *_pair(draw, 1, 24))
    value = torch.empty((2, *shape), device="meta")
    lines, shapes, parameters = ["x".join(map(str, shape))], [], 0
    kinds = [
        draw(st.sampled_from((_conv, _even_padding, _pool, _plain, _plain))) for _ in range(draw(st.integers(0, 10)))
    ]
    for kind in (*kinds, None, *[_vector] * draw(st.integers(0, 3))):
        text, module = ("flatten", nn.Flatten()) if kind is None else kind(draw, value.shape[1])
        result = _fits(module, value)
        if result is None:
            continue  # torch refuses it here: not a valid network
        value = result
        lines.append(text)
        shapes.append(tuple(value.shape[1:]))
        parameters += sum(tensor.numel() for tensor in module.parameters())
    separator = draw(st.sampled_from(("\n    ", " | ", "\n    | ")))
    text = f"network Chain {{\n    input {lines[0]}\n    {separator.join(lines[1:])}\n}}\n"
    return Chain(text, shapes, parameters)
