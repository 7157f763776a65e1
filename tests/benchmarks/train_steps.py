"""Train the MNIST CNN for some steps on random images: ``python -m tests.benchmarks.train_steps BACKEND STEPS``."""

from __future__ import annotations

import sys

import numpy as np

from cnndsl.backends import find_backend
from cnndsl.recipe import CrossEntropy
from cnndsl.recipe.optimizers import Adam
from tests.support.networks import mnist_cnn

BATCH = 128


def main(backend: str, steps: int) -> None:
    random = np.random.default_rng(0)
    images = random.standard_normal((BATCH, 1, 28, 28), np.float32)
    labels = random.integers(0, 10, BATCH)
    trainer = find_backend(backend).compile(mnist_cnn()).trainer(CrossEntropy(), Adam())
    for step in range(steps):
        trainer.step(images, labels, learning_rate=1e-3, step=step)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
