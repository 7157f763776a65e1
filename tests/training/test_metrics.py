"""Accuracy, loss and confusion against hand-worked cases and torch."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from cnndsl.backends import find_backend
from cnndsl.ops.linear import Dense, Flatten
from cnndsl.ops.pooling import AvgPool
from cnndsl.recipe import CrossEntropy
from cnndsl.training.checkpoints.loading import batch_of
from cnndsl.training.data import ArraySamples, Preparation
from cnndsl.training.evaluation.metrics import evaluate, evaluate_outputs, log_softmax
from tests.support.networks import chain
from tests.training.small_networks import tiny


def test_counts_worked_by_hand() -> None:
    outputs = np.array([[2.0, 1, 0], [0, 3, 1], [5, 1, 1], [1, 1, 0]])
    result = evaluate_outputs(outputs, np.array([0, 1, 2, 1]), CrossEntropy())
    assert result.accuracy == 0.5
    assert result.confusion.tolist() == [[1, 0, 0], [1, 1, 0], [1, 0, 0]]
    assert result.class_accuracy == (1.0, 0.5, 0.0)
    assert result.samples == 4


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 1.0])
def test_loss_is_that_of_torch(smoothing: float) -> None:
    random = np.random.default_rng(1)
    outputs, labels = random.normal(0, 20, (40, 7)), random.integers(0, 7, 40)
    expected = torch.nn.functional.cross_entropy(torch.tensor(outputs), torch.tensor(labels), label_smoothing=smoothing)
    found = evaluate_outputs(outputs, labels, CrossEntropy(label_smoothing=smoothing)).loss
    assert found == pytest.approx(expected.item(), rel=1e-12)


def test_large_outputs_do_not_overflow() -> None:
    assert log_softmax(np.array([[1e30, -1e30]], np.float32)).tolist() == [[0, -2 * np.float64(np.float32(1e30))]]


def test_batches_change_nothing() -> None:
    """Samples that take two batches, against all of them at once."""
    network = find_backend("numpy").compile(tiny(), dtype="float64")
    random = np.random.default_rng(2)
    images, labels = random.random((300, 1, 8, 8)).astype(np.float32), random.integers(0, 10, 300)
    found = evaluate(network, ArraySamples(images, labels, Preparation(), (1, 8, 8)), CrossEntropy())
    whole = evaluate_outputs(network.forward(images), labels, CrossEntropy())
    assert found.loss == pytest.approx(whole.loss, rel=1e-12)
    assert np.array_equal(found.confusion, whole.confusion)


def test_batches_are_small_where_a_value_is_large() -> None:
    """No value of a batch takes more than 2**27 bytes, which is 10 pictures of 3x1024x1024 in float32."""
    photo = chain("Photo", (3, 1024, 1024), [AvgPool((256, 256)), Flatten(), Dense(2)])
    assert (batch_of(tiny()), batch_of(photo)) == (256, 10)
    assert batch_of(chain("Huge", (3, 8192, 8192), [AvgPool((4096, 4096)), Flatten(), Dense(2)])) == 1


def test_the_true_class_among_five_counts() -> None:
    outputs = np.tile(np.arange(10, 0, -1, dtype=np.float64), (10, 1))
    assert evaluate_outputs(outputs, np.arange(10), CrossEntropy()).top_5 == 0.5


def test_calibration_by_hand() -> None:
    """Ten samples told with a probability of 0.9, of which six are right; and ten with 0.6, all right."""
    outputs = np.log(np.array([[0.9, 0.1]] * 10 + [[0.6, 0.4]] * 10))
    labels = np.array([0] * 6 + [1] * 4 + [0] * 10)
    found = evaluate_outputs(outputs, labels, CrossEntropy()).calibration_error
    assert found == pytest.approx((abs(0.9 - 0.6) + abs(0.6 - 1.0)) / 2)
