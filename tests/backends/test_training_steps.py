"""The order in which training steps run layers: another than the module's where that gains, and the same numbers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from cnndsl import check_text
from cnndsl.backends.torch import TorchBackend
from cnndsl.backends.torch.training_steps import _product, for_training
from cnndsl.recipe import CrossEntropy
from cnndsl.recipe.optimizers import SGD

SWAPPED = {
    "alone": "conv 4 3x3 | relu | maxpool 2x2",
    "padded": "conv 4 3x3 | relu | maxpool 3x3 stride=2 pad=1",
    "overlapping": "conv 4 3x3 | bn | relu | maxpool 3x3 stride=1",
    "clipped twice": "conv 4 3x3 | relu6 | maxpool 2x2 | conv 6 2x2 | relu | maxpool 2x2",
    "first of all": "relu | maxpool 2x2",
    "with dropout": "conv 4 3x3 | relu | maxpool 2x2 | dropout 0.5",
    "with a head": "conv 4 3x3 | relu | maxpool 2x2\nhead weight=0.3 { flatten | dense 3 }",
    "a sum": "conv 4 3x3 pad=1 | relu | residual { conv 4 3x3 pad=1 | bn } | relu",
    "a sum of two layers": "conv 4 1x1 | relu | residual { conv 6 1x1 | bn } shortcut { conv 6 1x1 } | relu",
    "nothing taken by relu6": "conv 4 3x3 | bn | relu6 | conv 4 3x3",
    "a sum of three": "add { branch { conv 4 1x1 } | branch { conv 4 1x1 | bn } | branch { conv 4 3x3 pad=1 } } | relu",
}
AS_WRITTEN = {
    "a mean": "conv 4 3x3 | relu | avgpool 2x2",
    "after the maximum": "conv 4 3x3 | maxpool 2x2 | relu",
    "a sum of activations": "conv 4 1x1 | relu | residual { conv 4 1x1 | tanh } | tanh",
    "tanh": "conv 4 3x3 | tanh | maxpool 2x2",
}


def network(body: str, seed: int = 1):
    text = f"network N {{\ninput 2x8x8\n{body}\nflatten | dense 3\n}}"
    return TorchBackend().compile(check_text(text).require_graph(), dtype="float32", seed=seed)


@pytest.mark.parametrize("body", SWAPPED)
def test_the_same_bits(body: str) -> None:
    as_written, reordered = network(SWAPPED[body]), network(SWAPPED[body])
    made = for_training(reordered.module)
    assert made is not reordered.module
    # whole numbers: equal ones in a window, and windows in which nothing is above 0 or below 6
    x = np.random.default_rng(0).integers(-9, 9, (5, 2, 8, 8)).astype(np.float32)
    labels = np.array([0, 1, 2, 1, 0])
    for step in range(3):
        losses = [
            each.loss(x, labels, CrossEntropy(), step, through=through)
            for each, through in ((as_written, as_written.module), (reordered, made))
        ]
        assert losses[0].item() == losses[1].item()
        for value in losses:
            value.backward()
    for name, parameter in as_written.parameters.items():
        np.testing.assert_array_equal(parameter.grad, reordered.parameters[name].grad)
    for name, tensor in as_written.state().items():
        np.testing.assert_array_equal(tensor, reordered.state()[name])


@pytest.mark.parametrize("body", AS_WRITTEN)
def test_what_is_left_as_it_is_written(body: str) -> None:
    module = network(AS_WRITTEN[body]).module
    assert for_training(module) is module


def test_a_value_that_others_read_is_clipped_first() -> None:
    class Shared(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            x = torch.relu(x)
            y = nn.functional.relu(x)
            return nn.functional.max_pool2d(y, 2).sum() + y.sum()

    module = Shared()
    assert for_training(module) is module


def test_training_runs_them() -> None:
    found = network(SWAPPED["alone"])
    trainer = found.trainer(CrossEntropy(), SGD(0.1))
    trainer.step(np.ones((2, 2, 8, 8), np.float32), np.array([0, 1]), learning_rate=0.1, step=0)
    assert trainer.descent._through is not found.module


@pytest.mark.parametrize(
    ("body", "products"),
    [
        ("conv 4 1x1 | bn | relu | conv 6 1x1 bias=false | bn | relu6", 2),
        ("conv 4 1x1 | relu | conv 6 1x1 pad=1 | bn", 0),
        ("conv 4 1x1 stride=2 | bn | conv 4 1x1 groups=2 | bn", 0),
    ],
)
def test_products_in_place_of_convolutions(body: str, products: int) -> None:
    as_written, changed = network(body), network(body)
    made = for_training(changed.module, channels_last=True)
    assert sum(step.target is _product for step in getattr(getattr(made, "graph", None), "nodes", ())) == products
    x = np.random.default_rng(0).standard_normal((5, 2, 8, 8), np.float32)
    for each, through in ((as_written, as_written.module), (changed, made)):
        each.loss(x, np.array([0, 1, 2, 1, 0]), CrossEntropy(), 0, through=through).backward()
    for name, parameter in as_written.parameters.items():
        np.testing.assert_allclose(changed.parameters[name].grad, parameter.grad, rtol=1e-4, atol=1e-6)
    for name, tensor in as_written.state().items():
        np.testing.assert_allclose(changed.state()[name], tensor, rtol=1e-5, atol=1e-6)
