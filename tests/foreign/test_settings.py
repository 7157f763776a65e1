"""Lines of training in the words of other tools: the same line as theirs, or a reason."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from cnndsl.explain.foreign.settings import choice_named, near_choice, written_setting

from .keras_cases import OPTIMIZERS
from .waves import wave

CERTAIN = {
    "optimizer = torch.optim.SGD(model.parameters(), lr=0.1)": "optimizer sgd lr=0.1",
    "optimizer = torch.optim.SGD(model.parameters(), 0.1, 0.9, nesterov=True)": (
        "optimizer sgd lr=0.1 momentum=0.9 nesterov=true"
    ),
    "optimizer = torch.optim.SGD(model.parameters())": "optimizer sgd lr=0.001",
    "optimizer = torch.optim.Adam(params, betas=(0.5, 0.99))": "optimizer adam betas=(0.5, 0.99)",
    "torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.05)": "optimizer adamw lr=1e-3 weight_decay=0.05",
    "optim.RMSprop(model.parameters(), lr=1e-3, alpha=0.9)": "optimizer rmsprop lr=1e-3 alpha=0.9",
    "optimizer = adam(lr=0.1, weight_decay=1e-4)": "optimizer adam lr=0.1 weight_decay=1e-4",
    "optimizer SGD(lr=0.1)": "optimizer sgd lr=0.1",
    "optimizer = keras.optimizers.SGD(0.01)": "optimizer sgd lr=0.01",
    'optimizer = "adam"': "optimizer adam",
    "optimizer = adam lr=1e-3": "optimizer adam lr=1e-3",
    "schedule StepLR(30, 0.1)": "schedule step every=30 gamma=0.1",
    "scheduler = StepLR(optimizer, step_size=30)": "schedule step every=30",
    "scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.9)": "schedule exponential gamma=0.9",
    "schedule = CosineAnnealingLR(optimizer, T_max=epochs)": "schedule cosine",
    "criterion = nn.CrossEntropyLoss()": "loss cross_entropy",
    "loss = nn.CrossEntropyLoss(label_smoothing=0.1)": "loss cross_entropy label_smoothing=0.1",
    "loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)": "loss cross_entropy",
    "loss: cross_entropy": "loss cross_entropy",
    'data = torchvision.datasets.MNIST("./data", train=True, download=True)': "data mnist",
    "batch_size = 64": "batch 64",
    "epochs: 10": "epochs 10",
}

NEAR = {
    "optimizer = torch.optim.SGD(model.parameters(), lr=0.1, dampening=0.5)": "dampening",
    "optimizer = torch.optim.Adam(model.parameters(), amsgrad=True)": "amsgrad",
    "optimizer SGD(lr=0.1, momentum=0.9)": "in Keras",
    "optimizer Adam(lr=1e-3)": "in Keras",
    "optimizer = keras.optimizers.RMSprop(lr=0.0001, decay=1e-6)": "decay",
    "optimizer = keras.optimizers.SGD(0.1, weight_decay=1e-4)": "taken off the weights themselves",
    "optimizer = keras.optimizers.Adam(1e-3, clipnorm=1.0)": "clipnorm",
    "schedule = CosineAnnealingLR(optimizer, T_max=200)": "the number of them",
    "schedule = CosineAnnealingLR(optimizer, T_max=epochs, eta_min=1e-5)": "a share of the first rate",
    "loss = keras.losses.SparseCategoricalCrossentropy()": "from_logits",
    'loss = "sparse_categorical_crossentropy"': "softmax",
    "loss = nn.CrossEntropyLoss(weight=w)": "weight",
    "data = torchvision.datasets.CIFAR10('x', transform=t)": "how its samples are read",
}

UNKNOWN = (
    "optimizer: nadam",
    "optimizer = NAdam(lr=1e-3)",
    "schedule: ReduceLROnPlateau(patience=3)",
    "data = EMNIST(root='x')",
    "data QMNIST",
    "loss = nn.MSELoss()",
    "lr = 0.1",
    "model.fit(x, y)",
)


@pytest.mark.parametrize(("line", "wanted"), CERTAIN.items(), ids=CERTAIN)
def test_a_setting_that_means_the_same_is_certain(line: str, wanted: str) -> None:
    made = written_setting(line)
    assert made is not None
    assert (made.line, made.doubts) == (wanted, ())


@pytest.mark.parametrize(("line", "words"), NEAR.items(), ids=NEAR)
def test_a_setting_that_means_something_else_says_what(line: str, words: str) -> None:
    made = written_setting(line)
    assert made is not None
    assert made.doubts
    assert words in " ".join(made.doubts)


@pytest.mark.parametrize("line", UNKNOWN)
def test_what_has_no_counterpart_is_not_written(line: str) -> None:
    assert written_setting(line) is None


@pytest.mark.parametrize(
    ("setting", "word"),
    [
        *(("data", word) for word in ("qmnist", "emnist", "svhn", "tiny-imagenet")),
        *(("optimizer", word) for word in ("nadam", "RAdam", "adamax", "sgdw", "lamb", "Adadelta")),
        *(("schedule", word) for word in ("ReduceLROnPlateau", "noam", "cosine_restarts")),
        *(("loss", word) for word in ("BCELoss", "focal", "hinge", "l1")),
    ],
)
def test_a_choice_of_another_tool_is_no_slip(setting: str, word: str) -> None:
    assert choice_named(setting, word) is None
    near = near_choice(setting, word)
    assert near is not None
    assert near[0] == ""


FIGURES = json.loads((Path(__file__).parent.parent / "fixtures" / "keras.json").read_text())["steps"]
_OURS = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "rmsprop": torch.optim.RMSprop}


@pytest.mark.parametrize(("text", "words"), OPTIMIZERS.items(), ids=OPTIMIZERS)
def test_an_optimizer_of_keras_steps_as_ours_or_is_not_certain(text: str, words: str) -> None:
    made = written_setting(f"optimizer = {text}")
    assert made is not None
    assert bool(made.doubts) is bool(words)
    assert words in " ".join(made.doubts)
    _, name, *arguments = made.line.split()
    values = {key: {"true": True}.get(value) or float(value) for key, value in (each.split("=") for each in arguments)}
    weight = torch.nn.Parameter(torch.tensor([1.0, -2.0], dtype=torch.float64))
    optimizer = _OURS[name]([weight], **values)
    for gradient in wave((5, 2)):
        weight.grad = torch.from_numpy(gradient.copy())
        optimizer.step()
    theirs = np.array([float(value) for value in FIGURES[text].split()])
    difference = np.abs(weight.detach().numpy() - theirs).max()
    assert difference < 1e-6 if "SGD" in text else 1e-4 < difference < 0.5
