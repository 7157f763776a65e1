"""The random bits of dropout, against the same hash written one element at a time, and their statistics."""

from __future__ import annotations

import numpy as np
import pytest

from cnndsl.backends.random_bits import dropout_keys, dropout_mask, dropout_threshold


def murmur_finalizer(h: int) -> int:
    h ^= h >> 16
    h = h * 0x85EBCA6B % 2**32
    h ^= h >> 13
    h = h * 0xC2B2AE35 % 2**32
    return h ^ h >> 16


def test_mask_is_the_documented_hash() -> None:
    key0, key1 = dropout_keys(7, "head.dropout", 12)
    hashes = [murmur_finalizer(murmur_finalizer((index + key0) % 2**32) ^ key1) for index in range(3 * 4 * 50)]
    expected = np.array([h >= int(0.3 * 2**32) for h in hashes]).reshape(3, 4, 50)
    assert np.array_equal(dropout_mask((3, 4, 50), 0.3, 7, "head.dropout", 12), expected)


def test_finalizer_is_that_of_murmurhash3() -> None:
    # h1 of MurmurHash3_x86_32 over no bytes is fmix32(seed): published values for seeds 0, 1 and 2**32 - 1
    assert [murmur_finalizer(seed) for seed in (0, 1, 0xFFFFFFFF)] == [0, 0x514E28B7, 0x81F16F39]


def test_mask_never_changes_between_versions() -> None:
    assert dropout_keys(0, "d", 0) == (3103428946, 3639259272)
    kept = dropout_mask((16,), 0.5, 0, "d", 0)
    assert "".join("01"[int(item)] for item in kept) == "0101010101000101"


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
