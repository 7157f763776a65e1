"""What an output depends on, by brute force: one number of the input moves, and every output that changes saw it."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cnndsl
from cnndsl.analysis.patch import find_patch
from cnndsl.analysis.receptive_field import receptive_fields
from cnndsl.api import check_text
from cnndsl.backends import find_backend
from cnndsl.ir import Graph, Value
from cnndsl.ops.sight import gathered
from tests.support.samples import JOINED_SAMPLES, SAMPLES, check_use


def network_of(shape: str, *lines: str) -> Graph:
    checked = check_text("\n".join(("network N {", f"    input {shape}", *lines, "}", "")))
    assert not checked.has_errors, checked.diagnostics
    return checked.require_graph()


def dependencies(graph: Graph, channels_together: bool = False, tries: int = 1) -> np.ndarray:
    """``[i, o]``: whether number o of the output changes when number i of the input does; weights are random, not zero.

    With ``channels_together`` all channels of one place move at once.
    """
    shape, generator = graph.input.type.shape, np.random.default_rng(5)
    network = find_backend("numpy").compile(graph, dtype="float64", seed=3)
    state = network.state()
    network.load_state({name: value + generator.uniform(0.01, 0.02, value.shape) for name, value in state.items()})
    if graph.input.type.dtype == "token":
        return _changes(
            network, np.zeros(shape, np.int64), np.eye(int(np.prod(shape)), dtype=np.int64).reshape(-1, *shape)
        )
    places = shape[1:] if channels_together and len(shape) > 1 else shape
    moves = np.eye(int(np.prod(places))).reshape(-1, *([1] * (len(shape) - len(places))), *places)
    # upwards wins a maximum, downwards leaves it; the second of the largest may be any number, so there are many tries
    changed = False
    for step in (3.0, -3.0) * tries:
        x = generator.uniform(0.2, 1.2, shape)
        changed = changed | _changes(network, x, step * moves * generator.uniform(0.8, 1, shape))
    return changed


def _changes(network, x: np.ndarray, moves: np.ndarray) -> np.ndarray:
    before = network.forward(x[np.newaxis]).reshape(1, -1)
    after = network.forward(x + moves).reshape(len(moves), -1)
    return np.abs(after - before) > 1e-12


@pytest.mark.parametrize(("name", "sample"), SAMPLES, ids=lambda item: getattr(item, "text", item))
def test_what_each_output_of_an_operator_sees(name, sample) -> None:
    graph = check_use(sample).require_graph()
    (node,) = graph.nodes
    shape, output = node.input.type.shape, node.output.type.shape
    changed = dependencies(graph, tries=40 if name == "kmax_pool" else 1).reshape(*shape, *output)
    for place in np.ndindex(output):
        (box,) = node.operator.reach(tuple(range(at, at + 1) for at in place), node.input.type)
        seen = set(product(*box))
        assert seen == {tuple(map(int, at)) for at in np.argwhere(changed[(..., *place)])}, place


def found(graph: Graph, value: Value) -> dict[tuple[int, ...], object]:
    spatial = value.type.shape[1:] or value.type.shape
    return {place: find_patch(graph, value, place).ends for place in np.ndindex(spatial)}


def true_patches(graph: Graph) -> dict[tuple[int, ...], object]:
    shape, output = graph.input.type.shape, graph.output.type.shape
    spatial = shape[1:] or shape
    changed = dependencies(graph, channels_together=True).reshape(*spatial, *output)
    if len(output) > 1:
        changed = changed.any(axis=len(spatial))
    patches = {}
    for place in np.ndindex(output[1:] or output):
        hits = np.argwhere(changed[(..., *place)])
        ends = tuple(zip(hits.min(0).tolist(), hits.max(0).tolist(), strict=True)) if len(hits) else None
        patches[place] = ends
    return patches


@pytest.mark.parametrize(("name", "sample"), JOINED_SAMPLES, ids=lambda item: getattr(item, "text", item))
def test_joins(name, sample) -> None:
    graph = check_use(sample).require_graph()
    assert found(graph, graph.output) == true_patches(graph)


NETWORKS = {
    "paddings": ("1x9x7", "conv 2 3x3 pad=1", "conv 2 5x3 pad=(2, 1)", "conv 1 3x3 pad=1"),
    "rows that no window covers": ("1x10x10", "conv 1 3x3 stride=3", "conv 1 3x3 pad=2", "conv 1 2x2 stride=2"),
    "upsampling": ("1x6x5", "upsample 2", "conv 1 3x3 pad=1", "upsample 3x2", "conv 1 2x3"),
    "bilinear": ("1x6x5", "conv 1 3x3 pad=1", "upsample 3 mode=bilinear", "conv 1 2x2"),
    "corners": ("1x4x5", "upsample 2 mode=bilinear align_corners=true", "conv 1 2x2"),
    "transposed": ("1x5x6", "conv 1 3x3 pad=1", "conv_transpose 1 4x4 stride=2 pad=1", "conv 1 3x3 pad=1"),
    "transposed with gaps": ("1x4x4", "conv_transpose 1 2x1 stride=3 output_padding=1", "conv 1 2x2"),
    "dilated twice, gaps at the edge": ("1x12x12", "conv 1 3x3 dilation=2 pad=1", "conv 1 3x3 dilation=2"),
    "strides beyond the kernel": ("1x13x13", "conv 1 2x2 stride=3 pad=1", "conv 1 2x2 stride=2 pad=1"),
    "adaptive": ("1x11x7", "conv 1 3x3", "adaptive_avgpool 4x3", "conv 1 2x2"),
    "padding and cropping": ("1x6x6", "pad 2 mode=reflect", "conv 1 3x3", "crop 4x5", "pad 1", "conv 1 3x3"),
    "instance norm": ("2x5x5", "conv 3 3x3", "instance_norm"),
    "permuted": ("3x4x5", "permute (1, 2, 0)", "dense 4 axis=-1", "permute (2, 0, 1)", "conv 1 2x2"),
    "laid flat": ("1x4x4", "conv 2 3x3 pad=1", "flatten"),
    "reshaped": ("12", "reshape 1x3x4", "conv 1 2x2"),
    "line": ("2x15", "conv1d 3 3 stride=2 pad=1", "maxpool1d 2", "conv1d 1 2"),
    "residual": ("2x8x8", "conv 2 3x3 pad=1", "residual {", "conv 2 3x3 pad=1", "conv 2 3x3 pad=1", "}"),
    "branches of different width": (
        *(
            "2x9x9",
            "concat {",
            "branch { conv 2 1x1 }",
            "branch { conv 2 5x1 pad=(2, 0) }",
            "branch { maxpool 3 stride=1 pad=1 }",
        ),
        *("}", "conv 1 2x2 stride=2"),
    ),
    "one half goes through": (
        *("4x9x9", "a, b: split 2", "from b", "c: conv 2 3x3 pad=1", "concat a", "d, e: split 2", "from d"),
        "conv 1 1x1",
    ),
    "shuffled": (
        *("4x9x9", "a, b: split 2", "from b", "c: conv 2 3x3 pad=1", "concat a", "channel_shuffle 2", "d, e: split 2"),
        *("from e", "conv 2 3x3 pad=1", "concat d", "channel_shuffle 2", "f, g: split 2", "from f"),
    ),
    "gate": ("4x5x5", "mul {", "branch { identity }", "branch { global_avgpool | conv 4 1x1 | sigmoid }", "}"),
    "side by side": (
        "1x5x5",
        "concat axis=2 {",
        "branch { identity }",
        "branch { conv 1 3x3 pad=1 }",
        "}",
        "conv 1 2x2",
    ),
    "pixel shuffle": ("4x4x4", "conv 4 3x3 pad=1", "pixel_shuffle 2", "conv 1 2x2"),
    "shortcut": ("2x7x7", "residual {", "conv 4 3x3 stride=2 pad=1", "} shortcut pad", "conv 1 2x2"),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_networks(name: str) -> None:
    graph = network_of(*NETWORKS[name])
    assert found(graph, graph.output) == true_patches(graph)


_LAYERS = (
    "conv 2 {a}x{b} stride=({s}, {t}) pad=({p}, {q}) dilation=({d}, {e})",
    "upsample {s}x{t}",
    "upsample {s}x{t} mode=bilinear",
    "conv_transpose 2 {a}x{b} stride=({s}, {t}) dilation=({d}, {e})",
    "avgpool {a}x{b} stride=({s}, {t}) ceil_mode=true",
    "pad ({p}, {q})",
    "adaptive_avgpool {a}x{b}",
    "shortcut_pad 2 stride=({s}, {t})",
)


@st.composite
def chains(draw) -> Graph | None:
    lines = []
    for _ in range(draw(st.integers(1, 3))):
        numbers = {key: draw(st.integers(1, 3)) for key in "abstde"} | {key: draw(st.integers(0, 3)) for key in "pq"}
        lines.append(draw(st.sampled_from(_LAYERS)).format(**numbers))
    shape = f"2x{draw(st.integers(1, 9))}x{draw(st.integers(1, 9))}"
    checked = check_text("\n".join(("network N {", f"    input {shape}", *lines, "}", "")))
    fits = not checked.has_errors and np.prod(checked.graph.output.type.shape) < 3000
    return checked.graph if fits else None


@settings(max_examples=60)
@given(chains())
def test_random_chains(graph: Graph | None) -> None:
    if graph is None:
        return
    patches = true_patches(graph)
    assert found(graph, graph.output) == patches
    field = receptive_fields(graph)[graph.output]
    sizes = np.array([[last - first + 1 for first, last in ends] for ends in patches.values() if ends])
    assert field.everything or len(sizes) == 0 or (sizes.max(0) <= field.size).all()


@given(st.lists(st.integers(0, 40)))
def test_places_are_a_range_where_evenly_spaced(numbers: list[int]) -> None:
    places = gathered(numbers)
    assert list(places) == sorted(set(numbers))
    assert isinstance(places, range) or len(set(np.diff(places))) > 1


def test_padding_counts_apart() -> None:
    graph = network_of("1x8x8", "conv 1 3x3 pad=1", "conv 1 3x3 pad=1")
    corner = find_patch(graph, graph.output, (0, 7))
    assert corner.ends == ((0, 2), (5, 7))
    assert corner.padded == ((-2, 2), (5, 9))
    assert corner.size == (3, 3)


def test_an_output_between_windows_sees_nothing() -> None:
    graph = network_of("1x3x3", "conv_transpose 1 1x1 stride=2")
    assert find_patch(graph, graph.output, (1, 0)).ends is None


@pytest.mark.parametrize("name", ["resnet18", "vgg16", "densenet121", "googlenet", "shufflenet_v2_x1_0"])
def test_windows_span_the_receptive_field(name: str) -> None:
    """Two ways to one number: the walk forwards gives its size, the walk backwards its ends."""
    graph = cnndsl.load(f"zoo:{name}").graph
    fields = receptive_fields(graph)
    last = next(node for node in reversed(graph.nodes) if fields[node.output].jump and len(node.output.type.shape) == 3)
    patch = find_patch(graph, last.output, tuple(extent // 2 for extent in last.output.type.shape[1:]))
    assert tuple(last - first + 1 for first, last in patch.padded) == fields[last.output].size


@pytest.mark.parametrize(
    "lines",
    [
        ("1x2000000000x1", "conv 1 1x1 stride=2", "conv 1 2x1 dilation=3 stride=7", "global_avgpool"),
        ("1x2000000000x1", "adaptive_avgpool 999999999x1", "global_avgpool"),
        ("1x200000000x1", "upsample 2 mode=bilinear align_corners=true", "maxpool 2x1 stride=5", "global_avgpool"),
    ],
)
def test_axes_longer_than_any_take_no_longer(lines: tuple[str, ...]) -> None:
    graph = network_of(*lines)
    ((first, last), _) = find_patch(graph, graph.output, (0, 0)).ends
    size = graph.input.type.shape[1]
    assert first == 0
    assert size - 16 < last < size
    assert receptive_fields(graph)[graph.output].size == (last + 1, 1)
