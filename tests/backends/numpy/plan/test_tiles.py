"""Every tile of a convolution that is pooled gives its gradients, not only the one that is estimated to be cheapest."""

from __future__ import annotations

import pytest

from cnndsl.api import check_text
from cnndsl.backends.numpy.plan.training import tiles
from tests.backends.numpy.plan.test_training import compare

NETWORKS = {
    "overlapping windows": "conv 3 3x3 pad=1 | relu | maxpool 4x4",
    "a large kernel": "conv 4 5x5 pad=2 | maxpool 2x2 | relu",
    "strides": "conv 3 3x2 stride=2 pad=1 | relu | avgpool 2x2",
    "a tall window": "conv 3 3x3 pad=1 | tanh | avgpool 4x1",
    "dilation": "conv 3 3x3 dilation=2 pad=2 bias=false | maxpool 2x4",
    "two layers": "conv 3 3x3 | relu | maxpool 2x2 | conv 4 3x3 pad=1 | relu | avgpool 3x3",
}


@pytest.mark.parametrize("preferred", [(1, 1), (2, 2), (4, 4), (1, 2), (2, 1), (4, 1), (3, 3), (2, 4)])
@pytest.mark.parametrize("name", NETWORKS)
def test_any_tile_gives_the_gradients_of_the_kernels(
    name: str, preferred: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def distance(self: tiles.Tiles, passes: int) -> float:
        return sum(abs(ours - wanted) for ours, wanted in zip(self.tile, preferred, strict=True))

    monkeypatch.setattr(tiles.Tiles, "cost", distance)
    graph = check_text(f"network N {{ input 2x18x17\n {NETWORKS[name]} }}").require_graph()
    compare(graph, 3, True)
