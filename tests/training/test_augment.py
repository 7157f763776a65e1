"""Changes of pictures by chance: each does what it says, against torchvision's own rules where they have the same."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn.functional import affine_grid, grid_sample

from cnndsl.ops.convolution import Conv
from cnndsl.ops.linear import Dense, Flatten
from cnndsl.ops.pooling import GlobalAvgPool
from cnndsl.recipe import Augment
from cnndsl.training import train_network
from cnndsl.training.data.augment import _sampled, augmented
from tests.support.networks import chain
from tests.training.small_networks import quick

PICTURES = np.random.default_rng(0).integers(0, 256, (40, 3, 9, 12)).astype(np.uint8)
LEVELS = PICTURES.astype(np.float32) / np.float32(255)


def changed(seed: int = 0, **attributes: object) -> np.ndarray:
    return augmented(PICTURES, Augment(**attributes), np.random.default_rng(seed))


def test_nothing_is_changed_unless_it_is_asked_for() -> None:
    assert Augment().is_none
    assert not Augment(flip=True).is_none
    assert np.array_equal(changed(), LEVELS)


def test_about_half_are_flipped() -> None:
    found = changed(flip=True)
    flipped = [np.array_equal(new, old[..., ::-1]) for new, old in zip(found, LEVELS, strict=True)]
    kept = [np.array_equal(new, old) for new, old in zip(found, LEVELS, strict=True)]
    assert sum(flipped) + sum(kept) == len(LEVELS)
    assert 10 < sum(flipped) < 30


def test_a_crop_is_a_part_of_the_padded_picture() -> None:
    padded = np.pad(LEVELS, [(0, 0), (0, 0), (2, 2), (2, 2)])
    places = set()
    for new, old in zip(changed(crop=2), padded, strict=True):
        found = [(y, x) for y in range(5) for x in range(5) if np.array_equal(new, old[:, y : y + 9, x : x + 12])]
        assert len(found) == 1
        places.update(found)
    assert len(places) > 10


@pytest.mark.parametrize("seed", range(5))
def test_sampling_equals_torch(seed: int) -> None:
    """``grid_sample`` has places from -1 to 1 and the x first."""
    random = np.random.default_rng(seed)
    matrix, offset = np.eye(2) + random.uniform(-0.5, 0.5, (2, 2)), random.uniform(-3, 3, 2)
    size = np.array((9, 12))
    flipped = matrix[::-1, ::-1] * (size[::-1] / size[::-1, None])
    theta = np.concatenate([flipped, (2 * offset / size)[::-1, None]], axis=1)
    grid = affine_grid(torch.tensor(theta)[None], (1, 3, 9, 12), align_corners=False)
    expected = grid_sample(torch.tensor(LEVELS[:1]).double(), grid, align_corners=False)[0]
    assert np.abs(_sampled(LEVELS[0], matrix, offset) - expected.numpy()).max() < 1e-5


@pytest.mark.parametrize(
    "attributes",
    [
        {"rotation": 30.0},
        {"translate": 0.2},
        {"scale": 0.3},
        {"shear": 20.0},
        {"resized_crop": 0.3},
        {"brightness": 0.4},
        {"contrast": 0.4},
        {"saturation": 0.4},
        {"erasing": 1.0},
    ],
)
def test_levels_stay_levels_and_every_picture_has_a_change_of_its_own(attributes: dict[str, float]) -> None:
    found = changed(**attributes)
    assert found.min() >= 0
    assert found.max() <= 1
    assert sum(not np.array_equal(new, old) for new, old in zip(found, LEVELS, strict=True)) > 35
    assert np.array_equal(found, changed(**attributes))
    assert not np.array_equal(found, changed(1, **attributes))


def test_a_whole_turn_of_the_colours() -> None:
    grey = changed(saturation=1.0)
    assert np.allclose(np.tensordot(grey, (0.299, 0.587, 0.114), (1, 0)).mean(), LEVELS.mean(), atol=0.02)


def test_a_network_learns_from_changed_pictures() -> None:
    graph = chain("Small", (1, 8, 8), [("c", Conv(8, (3, 3))), GlobalAvgPool(), Flatten(), ("d", Dense(10))])
    one, two = (train_network(graph, quick(epochs=2, augment=Augment(crop=1, rotation=5.0))) for _ in range(2))
    assert [result.row() for result in one.history] == [result.row() for result in two.history]
    assert one.history[-1].training_loss < one.history[0].training_loss
