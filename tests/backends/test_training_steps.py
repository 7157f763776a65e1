"""The order in which training steps run layers: another than the module's where that gains, and the same numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from cnndsl import check_text
from cnndsl.backends.torch import TorchBackend
from cnndsl.backends.torch.layout import lay_out
from cnndsl.backends.torch.products import convolution, products
from cnndsl.backends.torch.training_steps import for_training
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


def network(body: str, seed: int = 1, dtype: str = "float32"):
    text = f"network N {{\ninput 2x8x8\n{body}\nflatten | dense 3\n}}"
    return TorchBackend().compile(check_text(text).require_graph(), dtype=dtype, seed=seed)


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


PRODUCTS = {
    # how many 1x1 convolutions are products, and how often their input is passed on to what else reads it
    "in a row": ("conv 4 1x1 | bn | relu | conv 6 1x1 bias=false | bn | relu6", 2, 0),
    "before an activation": ("conv 4 1x1 | relu | conv 6 1x1 pad=1 | bn", 0, 0),
    "with a stride or groups": ("conv 4 1x1 stride=2 | bn | conv 4 1x1 groups=2 | bn", 0, 0),
    "siblings": (
        """conv 4 3x3 | relu | concat {
            branch { conv 4 1x1 | bn }
            branch { conv 3 1x1 bias=false | bn | conv 2 3x3 pad=1 }
            branch { maxpool 3x3 stride=1 pad=1 | conv 2 1x1 | bn }
        } | relu""",
        3,
        1,
    ),
    "siblings of the input": ("concat { branch { conv 4 1x1 | bn } | branch { maxpool 3x3 stride=1 pad=1 } }", 1, 1),
    "a residual": ("conv 4 3x3 | relu | residual { conv 6 1x1 | bn | relu | conv 4 1x1 | bn } | relu", 2, 1),
    "two residuals": (
        "conv 4 3x3 | bn | residual { conv 4 1x1 | bn } | residual { conv 4 1x1 | bn } | conv 3 3x3",
        2,
        2,
    ),
    "a shortcut": ("conv 4 3x3 | relu | residual { conv 4 1x1 | bn } shortcut { conv 4 1x1 | bn } | relu", 2, 0),
    "a strided shortcut": (
        "conv 4 3x3 | relu | residual { conv 4 1x1 | bn | conv 4 3x3 stride=2 pad=1 } shortcut { conv 4 1x1 stride=2 }",
        1,
        1,
    ),
    "a sum whose gradient others read": ("conv 4 3x3 | relu | residual { conv 4 1x1 | bn } | tanh", 1, 0),
    "a part that is read later": (
        "conv 4 3x3 | relu | add { branch { residual { conv 4 1x1 | bn } } | branch { tanh | conv 4 3x3 pad=1 } }",
        1,
        0,
    ),
}


def steps_of(made: nn.Module, kind: Any = products) -> list[Any]:
    return [step for step in getattr(getattr(made, "graph", None), "nodes", ()) if step.target is kind]


@pytest.mark.parametrize("name", PRODUCTS)
def test_products_in_place_of_convolutions(name: str) -> None:
    body, count, passed = PRODUCTS[name]
    as_written, changed = network(body, dtype="float64"), network(body, dtype="float64")
    made = for_training(changed.module, torch.channels_last)
    found = steps_of(made)
    assert sum(len(step.args) // 2 for step in found) == count
    assert sum(step.kwargs["passed_on"] for step in found) == passed
    x = np.random.default_rng(0).standard_normal((5, 2, 8, 8))
    for memory_format in (torch.channels_last, torch.contiguous_format):
        lay_out(changed.parameters.values(), memory_format)
        for each, through in ((as_written, as_written.module), (changed, made)):
            each.module.zero_grad()
            each.loss(x, np.array([0, 1, 2, 1, 0]), CrossEntropy(), 0, through=through).backward()
        for key, parameter in as_written.parameters.items():
            np.testing.assert_allclose(changed.parameters[key].grad, parameter.grad, rtol=1e-9, atol=1e-12)
    for key, tensor in as_written.state().items():
        np.testing.assert_allclose(changed.state()[key], tensor, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("learnt", ["x", "weight", "bias", "all"])
@pytest.mark.parametrize("passed_on", [False, True])
def test_gradients_of_products(learnt: str, passed_on: bool) -> None:
    shapes = {"x": (2, 3, 4, 5), "weight": (6, 3, 1, 1), "bias": (6,), "further": (2, 3, 1, 1)}
    random = torch.Generator().manual_seed(0)
    tensors = {name: torch.randn(shape, generator=random, dtype=torch.float64) for name, shape in shapes.items()}
    for name, tensor in tensors.items():
        tensor.requires_grad_(learnt in (name, "all"))

    def apply(x: Tensor, weight: Tensor, bias: Tensor, further: Tensor) -> tuple[Tensor, ...]:
        found = products(
            x.contiguous(memory_format=torch.channels_last), weight, bias, further, None, passed_on=passed_on
        )
        # as a maximum would, for gradients of their own
        return tuple(each * 2 for each in found)

    assert torch.autograd.gradcheck(apply, tuple(tensors.values()))
    found = apply(*tensors.values())
    convolved = [
        nn.functional.conv2d(tensors["x"], *both)
        for both in ((tensors["weight"], tensors["bias"]), (tensors["further"],))
    ]
    for one, other in zip(found, [tensors["x"], *convolved][not passed_on :], strict=True):
        torch.testing.assert_close(one, other * 2)


FEW = """
conv 9 3x3 stride=2 bias=false | bn | relu | conv 8 3x2 pad=1 dilation=2 | residual { conv 8 1x1 | bn }
conv 4 3x3 pad=1 groups=2
"""


@pytest.mark.parametrize("samples", [2, 40])
def test_convolutions_with_many_weights_are_products_where_results_are_few(
    samples: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cnndsl.backends.torch.training_steps.MANY", 1)
    as_written, changed = network(FEW, dtype="float64"), network(FEW, dtype="float64")
    made = for_training(changed.module, torch.contiguous_format)
    assert len(steps_of(made, convolution)) == 3
    x, labels = np.random.default_rng(0).standard_normal((samples, 2, 8, 8)), np.arange(samples) % 3
    with torch.profiler.profile() as profile:
        for each, through in ((as_written, as_written.module), (changed, made)):
            each.loss(x, labels, CrossEntropy(), 0, through=through).backward()
    for key, parameter in as_written.parameters.items():
        np.testing.assert_allclose(changed.parameters[key].grad, parameter.grad, rtol=1e-9, atol=1e-12)
    assert any(event.key == "aten::im2col" for event in profile.key_averages()) == (samples == 2)
