"""The networks that both backends must train alike, and real digits to train them on."""

from __future__ import annotations

from functools import cache

import numpy as np

from cnndsl.backends import find_backend
from cnndsl.backends.base import Network
from cnndsl.ir import Graph
from cnndsl.ops.activation import Elu, LeakyRelu, Relu, Sigmoid, Tanh
from cnndsl.ops.dropout import Dropout
from cnndsl.ops.linear import Dense, Flatten
from cnndsl.ops.normalization import BatchNorm
from cnndsl.ops.pooling import AvgPool, GlobalAvgPool, MaxPool
from cnndsl.recipe import CrossEntropy, Loss, Optimizer
from cnndsl.recipe.datasets import Digits
from cnndsl.recipe.optimizers import Adam
from cnndsl.training.data import reader_of
from cnndsl.training.data.model import Data
from cnndsl.training.loop import batches
from tests.support.networks import chain, conv, lenet5, mnist_cnn

SEED = 3
BATCH = 16
ADAM = Adam(lr=2e-3)
CROSS_ENTROPY = CrossEntropy()


def lenet_with_relu() -> Graph:
    layers = [
        conv(6, 5), Relu(), MaxPool((2, 2)),
        conv(16, 5), Relu(), MaxPool((2, 2)),
        conv(120, 5), Relu(), Flatten(), Dense(84), Relu(), Dense(10),
    ]  # fmt: skip
    return chain("LeNetRelu", (1, 32, 32), layers)


def normalised() -> Graph:
    """Batch normalisation of images and vectors, and dropout of both.

    No bias stands before a normalisation: its gradient is 0 and comes out as noise, of which there is nothing to compare.
    """
    layers = [
        ("features.0", conv(8, 3, padding=((1, 1), (0, 2)), bias=False)), ("features.1", BatchNorm()),
        ("features.2", LeakyRelu()), ("features.3", AvgPool((2, 2))), ("features.4", Dropout(0.25)),
        ("features.5", conv(16, 3, groups=2, bias=False)), ("features.6", BatchNorm(affine=False)),
        ("features.7", Elu()), ("features.8", MaxPool((2, 2))),
        ("head.0", Flatten()), ("head.1", Dense(24, bias=False)), ("head.2", BatchNorm(momentum=0.3)), ("head.3", Sigmoid()),
        ("head.4", Dropout()), ("head.5", Dense(10)),
    ]  # fmt: skip
    return chain("Normalised", (1, 12, 12), layers)


def small() -> Graph:
    """A few hundred parameters, for what is about the arithmetic of single steps."""
    layers = [conv(4, 3), Tanh(), GlobalAvgPool(), Flatten(), ("out", Dense(10))]
    return chain("Small", (1, 8, 8), layers)


NETWORKS = {
    "lenet5": lenet5,
    "mnist_cnn": mnist_cnn,
    "lenet_with_relu": lenet_with_relu,
    "normalised": normalised,
    "small": small,
}


@cache
def digits(shape: tuple[int, ...]) -> Data:
    return reader_of(Digits()).read(shape, None)


def compiled(backend: str, name: str, dtype: str, seed: int = SEED) -> Network:
    return find_backend(backend).compile(NETWORKS[name](), dtype=dtype, seed=seed)


def trained(network: Network, steps: int, optimizer: Optimizer = ADAM, loss: Loss = CROSS_ENTROPY) -> np.ndarray:
    """Train in place on the first batches of an epoch; returns the loss of each step."""
    split = digits(network.graph.input.type.shape).train
    order = list(batches(len(split), BATCH, SEED, epoch=0))[:steps]
    trainer = network.trainer(loss, optimizer)
    return np.array(
        [
            trainer.step(split.images[chosen], split.labels[chosen], learning_rate=optimizer.lr, step=step)
            for step, chosen in enumerate(order)
        ]
    )
