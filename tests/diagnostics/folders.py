"""The folders of situations: specs, data sets and checkpoints, whole ones and damaged ones."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image
from safetensors.numpy import load, save

import cnndsl

NET = """network Net(classes = 10) {
    input 1x8x8
    flatten
    hidden: dense 16 | relu
    output: dense classes
}

train {
    data digits
    optimizer adam lr=1e-2
    batch 64
    epochs 1
}
"""
TEXT = """network Text {
    input 4 of=token
    embedding 9 4
    flatten
    dense 2
}

train {
    data sentence_polarity
    optimizer adam lr=1e-1
    batch 20
    epochs 20
}
"""
MNIST = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")

LOOPS = """network A {
    input 1x8x8
    for a in range(10000) {
        for b in range(10000) {
            let c = a + b
        }
    }
}
"""
UNEVEN = NET.replace(
    "    flatten\n",
    "    avgpool 3x3 stride=2 pad=(top=0, bottom=1, left=0, right=1) ceil_mode=true count_include_pad=false\n    flatten\n",
)

MODEL = """import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Flatten())
        self.fc = nn.Linear(7200, 10)

    def forward(self, x):
        return self.fc(self.layers(x))

x = torch.randn(1, 1, 32, 32)
"""
CFG = """[net]
width=32
height=32
channels=3

[convolutional]
filters=8
size=3
pad=1
activation=leaky

[reorg]
stride=2
"""
KERAS = """from keras import Sequential, layers

model = Sequential([
    layers.Input((28, 28, 1)),
    layers.Rescaling(1.0 / 255),
    layers.Conv2D(8, 3, activation="relu"),
])
"""

Preparation = Callable[[], object]
"""What is done in an empty folder."""


def net(old: str = "", new: str = "") -> Preparation:
    """``net.cnn``, with one text of it replaced."""
    assert old in NET
    return lambda: Path("net.cnn").write_text(NET.replace(old, new) if old else NET, encoding="utf-8")


def text(path: str, content: str) -> Preparation:
    return lambda: Path(path).write_text(content, encoding="utf-8")


def data(path: str, content: bytes) -> Preparation:
    return lambda: Path(path).write_bytes(content)


def folder(path: str) -> Preparation:
    return lambda: Path(path).mkdir(parents=True)


def both(*preparations: Preparation) -> Preparation:
    """One preparation after another."""
    return lambda: [prepare() for prepare in preparations]


# Data sets


def idx(array: np.ndarray) -> bytes:
    """An IDX file of unsigned bytes."""
    extents = b"".join(extent.to_bytes(4, "big") for extent in array.shape)
    return bytes((0, 0, 8, array.ndim)) + extents + array.astype(np.uint8).tobytes()


def mnist(**changed: bytes | None) -> Preparation:
    """``mnist.cnn`` and, in ``data``, a tiny MNIST of three images; ``images`` and ``labels`` are those of training."""
    images, labels = idx(np.zeros((3, 28, 28))), idx(np.array([5, 0, 9]))
    contents = dict(zip(MNIST, (images, labels, images, labels), strict=True))
    names = {"images": MNIST[0], "labels": MNIST[1]}
    contents |= {names[key]: content for key, content in changed.items()}

    def prepare() -> None:
        Path("mnist.cnn").write_text(NET.replace("1x8x8", "1x28x28").replace("data digits", "data mnist"))
        Path("data").mkdir()
        for name, content in contents.items():
            if content is not None:
                Path("data", name).write_bytes(content)

    return prepare


def resize_mnist(shape: str) -> None:
    path = Path("mnist.cnn")
    path.write_text(path.read_text().replace("1x28x28", shape))


# Checkpoints


@cache
def trained() -> dict[str, bytes]:
    """The files of a checkpoint of the network."""
    with TemporaryDirectory() as place:
        spec = Path(place, "net.cnn")
        spec.write_text(NET)
        cnndsl.load(str(spec)).train(output=place)
        return {name: Path(place, name).read_bytes() for name in ("model.json", "model.safetensors")}


def checkpoint(**record: object) -> None:
    """``net.cnn`` and its checkpoint in ``runs/Net``, with some fields of its record changed, and its own hash with them."""
    net()()
    Path("runs/Net").mkdir(parents=True)
    for name, content in trained().items():
        Path("runs/Net", name).write_bytes(content)
    if record:
        path = Path("runs/Net/model.json")
        document = {**json.loads(path.read_text()), **record}
        del document["record_sha256"]
        content = json.dumps(document, sort_keys=True, separators=(",", ":"))
        path.write_text(json.dumps({**document, "record_sha256": sha256(content.encode()).hexdigest()}))


def tensors(changed: Callable[[bytes], bytes], *, known: bool = True) -> Preparation:
    """The checkpoint with its file of tensors changed, of which its record knows or does not."""

    def prepare() -> None:
        content = changed(trained()["model.safetensors"])
        checkpoint(**({"sha256": sha256(content).hexdigest(), "size": len(content)} if known else {}))
        Path("runs/Net/model.safetensors").write_bytes(content)

    return prepare


def not_finite(content: bytes) -> bytes:
    arrays = load(content)
    arrays["hidden.weight"][:3] = np.nan
    return save(arrays)


def edited_record() -> None:
    checkpoint()
    path = Path("runs/Net/model.json")
    path.write_text(path.read_text().replace('"epoch": 1', '"epoch": 2'))


def other_checkpoint() -> None:
    """The checkpoint, and the spec changed since."""
    checkpoint()
    net("dense 16", "dense 12")()


def half_checkpoint() -> None:
    checkpoint()
    Path("runs/Net/model.safetensors").unlink()


def weights(path: str) -> Preparation:
    """A file of weights, and a checkpoint that is not meant."""
    return both(checkpoint, data(path, b""))


def staged_folder() -> None:
    """A folder under the name of the file that is written before the checkpoint is replaced."""
    checkpoint()
    Path("runs/Net/model.json.new").mkdir()


def sentences() -> None:
    """``text.cnn``, its checkpoint, and reviews of which one is longer than its input."""
    Path("text.cnn").write_text(TEXT)
    Path("rt-polarity.neg").write_text("a bad film\n" * 100)
    Path("rt-polarity.pos").write_text("a good film\n" * 100)
    cnndsl.load("text.cnn").train(data_dir=".", output="runs/Text")
    Path("reviews.txt").write_text("a good film\na bad film for all who love a good one\n")


# Inputs to predict


def array(value: np.ndarray) -> Preparation:
    return both(checkpoint, lambda: np.save("input.npy", value))


def objects() -> None:
    checkpoint()
    np.save("input.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)


def cut_array() -> None:
    array(np.zeros((4, 1, 8, 8)))()
    shutil.copy("input.npy", "whole.npy")
    Path("input.npy").write_bytes(Path("whole.npy").read_bytes()[:-100])


def zipped() -> None:
    checkpoint()
    np.savez("input.npz", images=np.zeros((8, 8)))


def cut_picture() -> None:
    checkpoint()
    pixels = np.random.default_rng(0).integers(0, 255, (64, 64), np.uint8)
    Image.fromarray(pixels).save("whole.png")
    Path("input.png").write_bytes(Path("whole.png").read_bytes()[:700])
