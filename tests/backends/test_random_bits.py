"""The random bits of dropout: Philox as published, and their statistics."""

from __future__ import annotations

import numpy as np
import pytest

from cnndsl.backends.initial import stream_key
from cnndsl.backends.random_bits import dropout_mask, dropout_threshold

LOW = 2**64 - 1


def philox(counter: int, key: int) -> list[int]:
    """The four words of a counter, after Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"."""
    words = [counter >> 64 * place & LOW for place in range(4)]
    first, second = key & LOW, key >> 64
    for _ in range(10):
        low, high = words[0] * 0xD2E7470EE14C6C93, words[2] * 0xCA5A826395121157
        words = [high >> 64 ^ words[1] ^ first, high & LOW, low >> 64 ^ words[3] ^ second, low & LOW]
        first, second = first + 0x9E3779B97F4A7C15 & LOW, second + 0xBB67AE8584CAA73B & LOW
    return words


def test_mask_is_the_documented_one() -> None:
    key, start = stream_key(7, "dropout", "head.dropout"), 12 << 128
    words = [word for block in range(75) for word in philox(start + block + 1, key)]
    bits = [half for word in words for half in (word & 0xFFFFFFFF, word >> 32)]
    expected = np.array([each >= int(0.3 * 2**32) for each in bits]).reshape(3, 4, 50)
    assert np.array_equal(dropout_mask((3, 4, 50), 0.3, 7, "head.dropout", 12), expected)


def test_mask_never_changes_between_versions() -> None:
    kept = dropout_mask((16,), 0.5, 0, "d", 0)
    assert "".join("01"[int(item)] for item in kept) == "0011101111010011"


@pytest.mark.parametrize("p", [0.1, 0.25, 0.5, 0.9])
def test_share_of_kept_is_within_five_deviations(p: float) -> None:
    count = 200_000
    kept = dropout_mask((200, 1000), p, 1, "layer", 5).sum()
    assert abs(kept - (1 - p) * count) < 5 * np.sqrt(count * p * (1 - p))


def test_ends_of_the_scale_keep_all_and_none() -> None:
    assert dropout_threshold(0) == 0
    assert dropout_mask((1000,), 0, 1, "layer", 5).all()
    assert not dropout_mask((1000,), 1, 1, "layer", 5).any()


@pytest.mark.parametrize("other", [(2, "layer", 5), (1, "layer.0", 5), (1, "layer", 6)])
def test_seed_layer_and_step_give_unrelated_masks(other: tuple[int, str, int]) -> None:
    count = 100_000
    agreeing = (dropout_mask((count,), 0.5, 1, "layer", 5) == dropout_mask((count,), 0.5, *other)).sum()
    assert abs(agreeing - count / 2) < 5 * np.sqrt(count) / 2


def test_neighbours_are_unrelated() -> None:
    kept = dropout_mask((400, 500), 0.5, 3, "layer", 0)
    for a, b in ((kept[1:], kept[:-1]), (kept[:, 1:], kept[:, :-1]), (kept[:, 32:], kept[:, :-32])):
        assert abs((a == b).sum() - a.size / 2) < 5 * np.sqrt(a.size) / 2
