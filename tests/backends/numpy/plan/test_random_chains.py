"""Random chains of layers with odd sizes: plans give what the kernels give, however convolutions are done."""

from __future__ import annotations

import numpy as np
import pytest

from cnndsl.api import check_text
from cnndsl.ir import Graph
from tests.backends.numpy.plan.test_inference import CONVOLUTIONS, both
from tests.backends.numpy.plan.test_training import compare

POINTWISE = (
    "relu",
    "relu6",
    "tanh",
    "sigmoid",
    "leaky_relu",
    "elu",
    "silu",
    "identity",
    "dropout 0.5",
    "bn",
    "bn | relu",
)
KEEPING = ("conv 4 3x3 pad=1", "relu", "maxpool 3 stride=1 pad=1", "avgpool 3 stride=1 pad=1", "conv 3 1x1", "bn")
"""Layers after which height and width are as before."""


class Chooser:
    """Random layers, as words of the language."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)

    def pick(self, *choices: object) -> str:
        return str(choices[int(self._random.integers(len(choices)))])

    def layer(self) -> str:
        kinds = (self._convolution, self._convolution, self._pool, self._branches)
        choice = int(self._random.integers(len(kinds) + 2))
        return kinds[choice]() if choice < len(kinds) else self.pick(*POINTWISE)

    def _convolution(self) -> str:
        kernel = self.pick("1x1", "3x3", "3x3", "5x3", "2x4", "1x3")
        padding = self.pick("0", "1", "3", "(top=2, bottom=0, left=1, right=3)")
        stride, dilation = self.pick("1", "1", "2", "1x3", "3x1"), self.pick("1", "1", "2")
        groups, bias = self.pick("1", "1", "2"), self.pick("true", "false")
        channels = self.pick(2, 4, 6)
        return f"conv {channels} {kernel} pad={padding} stride={stride} dilation={dilation} groups={groups} bias={bias}"

    def _pool(self) -> str:
        return (
            f"{self.pick('maxpool', 'avgpool')} {self.pick('2', '3', '2x3')} stride={self.pick('1', '2', '3', '2x1')}"
        )

    def _branches(self) -> str:
        inside = " | ".join(self.pick(*KEEPING) for _ in range(2))
        return f"concat {{ branch {{ {inside} }} branch {{ {self.pick('identity', *KEEPING)} }} }}"


def chain_of(seed: int) -> Graph:
    """A random network of the layers that fit after each other."""
    random = Chooser(seed)
    size = f"{random.pick(1, 2, 4)}x{random.pick(5, 8, 16)}x{random.pick(1, 5, 9, 12)}"
    end = random.pick("identity", "flatten | dense 3", "global_avgpool | flatten | dense 3 | relu")
    found, layers = _graph(size, end), ""
    for _ in range(int(random.pick(3, 5, 8))):
        tried = f"{layers}{random.layer()} | "
        graph = _graph(size, tried + end)
        if graph is not None:
            found, layers = graph, tried
    assert found is not None
    return found


def _graph(size: str, layers: str) -> Graph | None:
    return check_text(f"network N {{ input {size}\n {layers} }}").graph


def hold(seed: int) -> None:
    graph = chain_of(seed)
    for forced in (None, *CONVOLUTIONS):
        found, expected = both(graph, 3, forced)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10 * max(1, np.abs(expected).max()))
    # not evenly spaced numbers, whose sums are equal here and there: which of them is the largest is a matter of rounding
    x = np.random.default_rng(seed).normal(size=(5, *graph.input.type.shape))
    for by_rows in (None, False, True):
        compare(graph, 5, training=by_rows is None, by_rows=by_rows, x=x)


@pytest.mark.parametrize("seed", range(25))
def test_random_chains(seed: int) -> None:
    hold(seed)


@pytest.mark.soak
@pytest.mark.parametrize("start", range(100, 1100, 100))
def test_many_random_chains(start: int) -> None:
    for seed in range(start, start + 100):
        hold(seed)


POOLS = (
    "maxpool 2 | maxpool 2",
    "avgpool 2 | avgpool 2",
    "tanh | avgpool 2 | relu | maxpool 2",
    "maxpool 2 | avgpool 2",
)


@pytest.mark.parametrize("pools", POOLS)
def test_two_poolings_after_a_convolution(pools: str) -> None:
    graph = check_text(f"network N {{ input 2x13x12\n conv 4 3x3 | {pools} | flatten | dense 3 }}").require_graph()
    compare(graph, 3, True)


PADDED = (
    (
        "2x4x1",
        "conv 3 3x3 stride=1x3 pad=(top=0, bottom=2, left=0, right=3)",
    ),  # the middle of a row meets nothing but zeros
    ("2x5x5", "conv 3 2x2 pad=3"),  # whole windows of zeros
    ("4x9x2", "conv 4 3x4 stride=1x2 dilation=2 pad=3 groups=2"),
)


@pytest.mark.parametrize("by_rows", [False, True])
@pytest.mark.parametrize(("size", "layer"), PADDED)
def test_padding_beyond_the_kernel(size: str, layer: str, by_rows: bool) -> None:
    compare(check_text(f"network N {{ input {size}\n {layer} }}").require_graph(), 3, True, by_rows)
