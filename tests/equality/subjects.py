"""The networks that both backends must train alike, and real digits to train them on."""

from __future__ import annotations

from functools import cache

import numpy as np

from cnndsl.api import check_text
from cnndsl.backends import find_backend
from cnndsl.backends.base import Network, TrainerOptions
from cnndsl.ir import Graph
from cnndsl.ops.activation import Elu, LeakyRelu, Relu, Sigmoid, Tanh
from cnndsl.ops.dropout import Dropout
from cnndsl.ops.linear import Dense, Flatten
from cnndsl.ops.normalization import BatchNorm
from cnndsl.ops.pooling import AvgPool, GlobalAvgPool, MaxPool
from cnndsl.recipe import Clip, CrossEntropy, Loss, Optimizer
from cnndsl.recipe.datasets import Digits
from cnndsl.recipe.optimizers import Adam
from cnndsl.training.data import Request, load
from cnndsl.training.data.model import Data
from cnndsl.training.loop import batches
from tests.support.networks import chain, conv, lenet5, mnist_cnn

SEED = 3
BATCH = 16
ADAM = Adam(lr=2e-3)
NO_CLIP = Clip()
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


MODERN = """
network Modern {
    input 1x12x12
    conv 8 3x3 pad=1 bias=false | group_norm 2 | silu
    residual {
        depthwise 3x3 pad=1 | layer_norm axis=0 eps=1e-6
        permute (1, 2, 0) | dense 16 axis=-1 | gelu | dense 8 axis=-1 | permute (2, 0, 1)
        gamma: scale init=0.5
        stochastic_depth 0.3
    }
    left, right: split 2
    from left | conv_transpose 4 2x2 stride=2 | crop 12x12 | prelu 4
    concat right | channel_shuffle 2
    aux: head weight=0.3 { global_avgpool | flatten | dense 10 }
    mul {
        branch { identity }
        branch { global_avgpool | conv 2 1x1 | relu | conv 8 1x1 | sigmoid }
    }
    lppool 2 | pad 1 mode=reflect | dropout2d 0.2 | lrn 3 alpha=0.1 | softplus
    residual { conv 16 3x3 stride=2 pad=1 bias=false | bn } shortcut pad
    instance_norm affine=true | adaptive_avgpool 3 | hard_swish | flatten | maxout 2 | selu | dense 10
}
"""


def modern() -> Graph:
    """One of nearly every operator beside those of the other networks, with branches and a head."""
    return check_text(MODERN).require_graph()


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
    "modern": modern,
}


@cache
def digits(shape: tuple[int, ...]) -> Data:
    return load(Digits(), Request(chain("Digits", shape, [Flatten(), Dense(10)])))


def compiled(backend: str, name: str, dtype: str, seed: int = SEED) -> Network:
    return find_backend(backend).compile(NETWORKS[name](), dtype=dtype, seed=seed)


def trained(
    network: Network, steps: int, optimizer: Optimizer = ADAM, loss: Loss = CROSS_ENTROPY, clip: Clip = NO_CLIP
) -> np.ndarray:
    """Train in place on the first batches of an epoch; returns the loss of each step."""
    split = digits(network.graph.input.type.shape).train
    order = list(batches(len(split), BATCH, SEED, epoch=0))[:steps]
    trainer = network.trainer(loss, optimizer, TrainerOptions(clip))
    return np.array(
        [
            trainer.step(split.batch(chosen), split.labels[chosen], learning_rate=optimizer.lr, step=step)
            for step, chosen in enumerate(order)
        ]
    )
