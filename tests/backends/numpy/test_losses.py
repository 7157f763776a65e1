"""Losses against torch, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812

from cnndsl.backends.numpy.losses import evaluate_loss
from cnndsl.backends.torch.losses import loss_value
from cnndsl.diagnostics import DiagnosticError
from cnndsl.recipe import CrossEntropy, Loss
from cnndsl.recipe.losses import BCE, MSE

SHAPES = [(5, 10), (1, 2), (4, 7, 3, 2)]


def batch(shape: tuple[int, ...], scale: float = 3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    return rng.normal(size=shape) * scale, rng.integers(0, shape[1], (shape[0], *shape[2:]))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("smoothing", [0.0, 0.1, 1.0])
def test_value_and_gradient_are_those_of_torch(shape: tuple[int, ...], smoothing: float) -> None:
    scores, labels = batch(shape)
    tensor = torch.tensor(scores, requires_grad=True)
    expected = F.cross_entropy(tensor, torch.tensor(labels), label_smoothing=smoothing)
    expected.backward()
    value, gradient = evaluate_loss(CrossEntropy(label_smoothing=smoothing), scores, labels)
    assert type(value) is float
    assert abs(value - expected.item()) < 1e-12
    np.testing.assert_allclose(gradient, tensor.grad.numpy(), rtol=0, atol=1e-13)


OTHERS = [
    CrossEntropy(weight=(0.5, 2.0, 1.5)),
    CrossEntropy(weight=(0.5, 2.0, 1.5), label_smoothing=0.2),
    BCE(),
    MSE(),
]


def of_torch(loss: Loss, scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    if isinstance(loss, CrossEntropy):
        weight = torch.tensor(loss.weight, dtype=torch.float64)
        return F.cross_entropy(scores, labels, weight, label_smoothing=loss.label_smoothing)
    target = torch.movedim(F.one_hot(labels, 3), -1, 1).double()
    return F.binary_cross_entropy_with_logits(scores, target) if isinstance(loss, BCE) else F.mse_loss(scores, target)


@pytest.mark.parametrize("shape", [(6, 3), (2, 3, 4, 5)])
@pytest.mark.parametrize("loss", OTHERS, ids=repr)
def test_other_losses_are_those_of_torch_on_both_backends(loss: Loss, shape: tuple[int, ...]) -> None:
    scores, labels = batch(shape)
    tensor = torch.tensor(scores, requires_grad=True)
    expected = of_torch(loss, tensor, torch.tensor(labels))
    expected.backward()
    value, gradient = evaluate_loss(loss, scores, labels)
    assert abs(value - expected.item()) < 1e-12
    np.testing.assert_allclose(gradient, tensor.grad.numpy(), rtol=0, atol=1e-13)
    assert abs(loss_value(loss, torch.tensor(scores), torch.tensor(labels)).item() - value) < 1e-12


def test_large_scores_do_not_overflow() -> None:
    value, gradient = evaluate_loss(CrossEntropy(), np.array([[1000.0, 0.0], [0.0, -1000.0]]), np.array([0, 1]))
    assert value == 500
    assert np.array_equal(gradient, [[0, 0], [0.5, -0.5]])


def test_an_impossible_class_costs_nothing_without_smoothing() -> None:
    value, gradient = evaluate_loss(CrossEntropy(), np.array([[0.0, -np.inf]]), np.array([0]))
    assert value == 0
    assert np.array_equal(gradient, [[0, 0]])


def test_float32_stays_float32() -> None:
    scores, labels = batch((5, 10))
    assert evaluate_loss(CrossEntropy(label_smoothing=0.1), scores.astype(np.float32), labels)[1].dtype == np.float32


@pytest.mark.parametrize("labels", [[0, 1, 2], [0, 10], [-1, 0], [[0], [1]]])
def test_labels_that_do_not_fit_are_refused(labels: list[int]) -> None:
    with pytest.raises(DiagnosticError) as raised:
        evaluate_loss(CrossEntropy(), np.zeros((2, 10)), np.array(labels))
    assert [item.kind.code for item in raised.value.diagnostics] == ["E0413"]
