"""Receptive fields against autograd, on random networks that carry axes elsewhere, cut, join, gate and reduce them.

No window is padded and no patch is cut off by the edge of the image, so that the largest patch is the receptive field.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnndsl.analysis.receptive_field import ReceptiveField, receptive_fields
from cnndsl.api import check_text
from cnndsl.backends import find_backend
from cnndsl.ir import Graph

SIZE = 20


def network_of(shape: str, *lines: str) -> Graph:
    return check_text("\n".join(("network N {", f"    input {shape}", *lines, "}", ""))).require_graph()


def largest_patch(graph: Graph, field: ReceptiveField) -> tuple[int, ...]:
    """The size of the largest patch that any output depends on, by the gradients of torch.

    Outputs that differ only in what carries no axis of the input, such as the channels, count as one.
    """
    network = find_backend("torch").compile(graph, dtype="float64")
    module = network.module.eval()
    for parameter in module.parameters():
        torch.nn.init.uniform_(parameter, 0.1, 1.0)  # nothing cancels
    x = torch.rand(1, *graph.input.type.shape, dtype=torch.float64, requires_grad=True)
    y = module(x)[0]
    kept = sorted({carrier for carrier in field.carriers if carrier is not None})
    moved = y.permute(*kept, *(axis for axis in range(y.ndim) if axis not in kept)).reshape(
        *(y.shape[axis] for axis in kept), -1
    )
    # several directions: of a softmax, whose outputs sum to one, the sum sees nothing
    weights = torch.rand(moved.shape, dtype=torch.float64)
    outputs = (moved * weights).sum(-1)
    each = torch.eye(outputs.numel(), dtype=torch.float64).reshape(-1, *outputs.shape)
    (gradients,) = torch.autograd.grad(outputs, x, each, is_grads_batched=True)
    sizes = []
    for gradient in gradients[:, 0]:
        hits = gradient.abs().sum(0).nonzero()
        if len(hits):
            sizes.append((hits.max(0).values - hits.min(0).values + 1).tolist())
    return tuple(max(axis) for axis in zip(*sizes, strict=True))


_LAYERS = (
    "conv 4 {a}x{b}",
    "conv 4 {a}x{b} stride=({s}, {t})",
    "avgpool {a}x{b} stride={s}",
    "conv 4 {a}x{b} dilation=({s}, {t})",
    "permute (0, 2, 1)",
    "a{n}, b{n}: split 2 | from a{n} | conv 2 {a}x{b} | conv 4 1x1",
    "crop {e}",
    "upsample {s}x{t}",
    "mul {{ branch {{ identity }} branch {{ global_avgpool | conv 4 1x1 | sigmoid }} }}",
    "mul {{ branch {{ identity }} branch {{ crop {s}x{t} | global_avgpool }} }}",
    "mul {{ branch {{ identity }} branch {{ adaptive_avgpool {tall}x1 | conv 4 1x1 | sigmoid }} }}",
    "permute (1, 2, 0) | dense 4 axis=-1 | permute (2, 0, 1)",
    "permute (1, 2, 0) | layer_norm | permute (2, 0, 1)",
    "softmax axis={x}",
    "add {{ branch {{ crop {e} | conv 4 1x1 }} branch {{ conv 4 3x3 }} }}",
    "concat {{ branch {{ identity }} branch {{ conv 4 1x1 }} }} | conv 4 {a}x1",
)


_SPACE_TO_DEPTH = "reshape {c}x{h}x2x{w}x2 | permute (4, 2, 0, 1, 3) | reshape {all}x{h}x{w}"
_DEPTH_TO_SPACE = "reshape {c}x2x2x{h}x{w} | permute (0, 3, 1, 4, 2) | reshape {c}x{high}x{wide}"


@st.composite
def networks(draw) -> Graph:
    """A random network of up to four layers that fit one after the other."""
    lines: list[str] = []
    graph = network_of(f"4x{SIZE}x{SIZE}", "identity")
    for number in range(draw(st.integers(1, 4))):
        layer = draw(st.sampled_from([*_LAYERS, _SPACE_TO_DEPTH, _DEPTH_TO_SPACE]))
        text = _filled(layer, number, draw, *graph.output.type.shape)
        if "split" in text and any("reshape" in line for line in lines):
            continue  # a share of channels that were places sees less than all of them, whose field is told
        checked = check_text("\n".join(("network N {", f"    input 4x{SIZE}x{SIZE}", *lines, text, "}", "")))
        if not checked.has_errors and checked.graph is not None and np.prod(checked.graph.output.type.shape) < 4000:
            lines, graph = [*lines, text], checked.graph
    return graph


def _filled(layer: str, number: int, draw, channels: int, height: int, width: int) -> str:
    sizes = {key: draw(st.integers(1, 3)) for key in "abst"} | {"x": draw(st.integers(0, 2)), "n": number}
    smaller = {"e": f"{max(1, height - 2)}x{max(1, width - 2)}", "c": channels, "all": 4 * channels, "tall": height}
    if layer == _DEPTH_TO_SPACE:
        smaller |= {"c": channels // 4, "h": height, "w": width, "high": 2 * height, "wide": 2 * width}
    else:
        smaller |= {"h": height // 2, "w": width // 2}
    return layer.format(**sizes, **smaller)


@settings(max_examples=80)
@given(networks())
def test_the_largest_patch_is_the_receptive_field(graph: Graph) -> None:
    field = receptive_fields(graph)[graph.output]
    found = largest_patch(graph, field)
    assume(found)  # a softmax of one number is 1, and depends on nothing
    assert found == field.size


FIELDS = {
    "height and width exchanged": (
        "4x32x32",
        ("conv 4 1x7 pad=(0, 3)", "permute (0, 2, 1)", "conv 4 1x3 pad=(0, 1)"),
        "3x7",
    ),
    "space to depth": ("3x64x64", ("reshape 3x32x2x32x2", "permute (4, 2, 0, 1, 3)", "reshape 12x32x32"), "2x2"),
    "a window after it": (
        "3x64x64",
        ("reshape 3x32x2x32x2", "permute (4, 2, 0, 1, 3)", "reshape 12x32x32", "conv 32 3x3 pad=1"),
        "6x6",
    ),
    "a dense layer along the channels": (
        "3x32x32",
        ("conv 8 4x4 stride=4", "permute (1, 2, 0)", "layer_norm", "dense 8 axis=-1", "permute (2, 0, 1)"),
        "4x4",
    ),
    "a gate that saw one axis": (
        "8x16x20",
        ("mul {", "branch { identity }", "branch { adaptive_avgpool 16x1 | conv 8 1x1 }", "}", "conv 8 5x3 pad=(2, 1)"),
        "5x20",
    ),
    "the same by a window": (
        "8x16x20",
        ("mul {", "branch { identity }", "branch { avgpool 1x20 | conv 8 1x1 }", "}", "conv 8 5x3 pad=(2, 1)"),
        "5x20",
    ),
    "pooled after a crop": ("1x8x8", ("crop 4x6", "global_avgpool"), "4x6"),
}


@pytest.mark.parametrize("name", FIELDS)
def test_by_hand(name: str) -> None:
    shape, lines, expected = FIELDS[name]
    graph = network_of(shape, *lines)
    assert str(receptive_fields(graph)[graph.output]) == expected


@pytest.mark.parametrize("pooling", ["global_avgpool", "avgpool 16x20", "adaptive_avgpool 1x1", "conv 8 16x20"])
def test_it_does_not_matter_what_made_an_extent_1(pooling: str) -> None:
    gate = f"branch {{ {pooling} | conv 8 1x1 | sigmoid }}"
    lines = ("conv 8 3x3 pad=1", "mul {", "branch { identity }", gate, "}", "conv 8 3x3 pad=1")
    fields = receptive_fields(network_of("8x16x20", *lines))
    assert [str(field) for field in fields.values()] == ["1x1", "3x3", "3x3", "all", "all", "all", "all", "all"]
