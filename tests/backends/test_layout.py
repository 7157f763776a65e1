"""Where the numbers of parameters, gradients and slots lie in memory while fused optimizers go through them."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from cnndsl import check_text
from cnndsl.backends.base import TrainerOptions
from cnndsl.backends.torch import TorchBackend
from cnndsl.backends.torch.layout import in_memory_order
from cnndsl.recipe import CrossEntropy
from cnndsl.recipe.optimizers import SGD, Adam, AdamW, Clip

NETWORK = """\
network N {
    input 3x8x8
    conv 4 3x3 | bn | relu
    conv 6 1x1 | bn | relu
    conv 6 3x3 groups=2 pad=1 | relu
    flatten | dense 3
}"""
X = np.random.default_rng(0).standard_normal((8, 3, 8, 8), np.float32)
LABELS = np.array([0, 1, 2, 1, 0, 2, 2, 0])
RATE, STEPS = 0.05, 4

RULES: dict[str, tuple[Any, Any, dict[str, Any]]] = {
    "sgd": (SGD(RATE), torch.optim.SGD, {}),
    "momentum": (SGD(RATE, momentum=0.9, weight_decay=0.01), torch.optim.SGD, {"momentum": 0.9, "weight_decay": 0.01}),
    "nesterov": (SGD(RATE, momentum=0.9, nesterov=True), torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    # the least numbers of gradients are rounding, which Adam would make steps of
    "adam": (Adam(RATE, eps=1e-3), torch.optim.Adam, {"eps": 1e-3}),
    "adamw": (AdamW(RATE, eps=1e-3), torch.optim.AdamW, {"eps": 1e-3, "weight_decay": 1e-2}),
}


def plain(module: nn.Module, rule: Any, options: dict[str, Any], steps: int = STEPS) -> dict[str, torch.Tensor]:
    """What torch makes of a network that is written as usual, with an optimizer that goes from operation to operation."""
    module = copy.deepcopy(module).train()
    optimizer = rule(module.parameters(), lr=RATE, foreach=False, fused=False, **options)
    for _ in range(steps):
        optimizer.zero_grad()
        nn.functional.cross_entropy(module(torch.from_numpy(X)), torch.from_numpy(LABELS)).backward()
        optimizer.step()
    return module.state_dict()


@pytest.mark.parametrize("parts", [1, 2])
@pytest.mark.parametrize("name", RULES)
def test_steps_with_the_channels_last_are_those_of_plain_torch(name: str, parts: int) -> None:
    rule, torchs, options = RULES[name]
    text = NETWORK if parts == 1 else NETWORK.replace(" | bn", "")  # which has other statistics in a part of a batch
    network = TorchBackend().compile(check_text(text).require_graph(), dtype="float32", seed=1)
    expected = plain(network.module, torchs, options)
    trainer = network.trainer(CrossEntropy(), rule, TrainerOptions(accumulate=parts))
    assert trainer._optimizer.defaults["fused"]
    for step in range(STEPS):
        trainer.step(X, LABELS, learning_rate=RATE, step=step)
    weights = [each for each in network.parameters.values() if each.ndim == 4]
    assert len(weights) == 3
    assert all(each.is_contiguous(memory_format=torch.channels_last) for each in weights)
    assert not weights[0].is_contiguous()
    for tensor, wanted in zip(network.module.state_dict().values(), expected.values(), strict=True):
        torch.testing.assert_close(tensor, wanted, rtol=1e-3, atol=1e-5)


def test_gradients_lie_as_their_parameters_do() -> None:
    network = TorchBackend().compile(check_text(NETWORK).require_graph(), dtype="float32", seed=1)
    trainer = network.trainer(CrossEntropy(), SGD(RATE, momentum=0.9), TrainerOptions(clip=Clip(norm=1.0)))
    for step in range(2):
        trainer.step(X, LABELS, learning_rate=RATE, step=step)
    slots = trainer._slots
    for name, parameter in network.parameters.items():
        for other in (parameter.grad, slots[f"{name}.momentum_buffer"]):
            assert other is not None
            assert other.shape == parameter.shape
            assert _order(other) == _order(parameter)


def test_tensors_are_turned_and_turned_back() -> None:
    tensor = torch.arange(120.0).reshape(2, 3, 4, 5)
    given = [tensor.contiguous(memory_format=torch.channels_last), tensor.transpose(0, 1), tensor.clone(), tensor[0]]
    before = [each.clone() for each in given]
    with in_memory_order(given):
        assert [tuple(each.shape) for each in given] == [(2, 4, 5, 3), (3, 4, 5, 2), (2, 3, 4, 5), (3, 4, 5)]
        assert all(each.is_contiguous() for each in given)
        given[0].mul_(2)
    assert given[0].is_contiguous(memory_format=torch.channels_last)
    assert torch.equal(given[0], 2 * before[0])
    assert all(torch.equal(one, other) for one, other in zip(given[1:], before[1:], strict=True))


def test_an_error_within_turns_them_back() -> None:
    tensor = torch.zeros(2, 3, 4, 5).contiguous(memory_format=torch.channels_last)
    with pytest.raises(ValueError, match="within"), in_memory_order([tensor]):
        raise ValueError("within")
    assert tensor.shape == (2, 3, 4, 5)


def _order(tensor: torch.Tensor) -> tuple[int, ...]:
    """The axes that are more than one number long, as they lie in memory."""
    return tuple(
        sorted((axis for axis in range(tensor.ndim) if tensor.shape[axis] > 1), key=tensor.stride, reverse=True)
    )
