"""Commands that go wrong, and the folders in which they do: real files, damaged as files are, or nothing in their place.

A situation is named as its golden in ``commands/``: the code that it must cause and which case of it this is. All hold for
root as well, whom no right to read or to write stops.
"""

from __future__ import annotations

import gzip
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
from cnndsl.record import Record

__all__ = ["SITUATIONS", "Situation"]

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
MNIST = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")

Preparation = Callable[[], object]


class Situation(Record):
    """A command, what is done in its folder before, and a package that is not to be found."""

    name: str
    command: str
    prepare: Preparation
    without: str = ""

    @property
    def code(self) -> str:
        return self.name.partition("_")[0]


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


def dotted_mnist() -> None:
    """As some mirrors name the files."""
    mnist()()
    for name in MNIST:
        Path("data", name).rename(Path("data", name.replace("-idx", ".idx")))


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
    """``net.cnn`` and its checkpoint in ``runs/Net``, with some fields of its record changed."""
    net()()
    Path("runs/Net").mkdir(parents=True)
    for name, content in trained().items():
        Path("runs/Net", name).write_bytes(content)
    if record:
        path = Path("runs/Net/model.json")
        path.write_text(json.dumps({**json.loads(path.read_text()), **record}))


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


def other_checkpoint() -> None:
    """The checkpoint, and the spec changed since."""
    checkpoint()
    net("dense 16", "dense 12")()


def half_checkpoint() -> None:
    checkpoint()
    Path("runs/Net/model.safetensors").unlink()


def staged_folder() -> None:
    """A folder under the name of the file that is written before the checkpoint is replaced."""
    checkpoint()
    Path("runs/Net/model.json.new").mkdir()


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

PREDICT = "predict net.cnn {} --checkpoint runs/Net"
EVAL = "eval net.cnn --checkpoint runs/Net"
TRAIN = "train net.cnn --quiet"
TRAIN_MNIST = "train mnist.cnn --data-dir data --quiet"

SITUATIONS = (
    # Files around the spec
    Situation("E0001_spec_missing", "check modle.cnn", net()),
    Situation("E0001_spec_without_suffix", "check net", net()),
    Situation("E0001_spec_of_the_zoo", "summary lenet5", net()),
    Situation("E0001_spec_is_a_folder", "check .", net()),
    Situation("E0001_checkpoint_missing", "eval net.cnn --checkpoint runs/Nets", checkpoint),
    Situation("E0001_checkpoint_above", "eval net.cnn --checkpoint runs", checkpoint),
    Situation("E0001_checkpoint_never_trained", EVAL, net()),
    Situation("E0001_checkpoint_is_a_file", "eval net.cnn --checkpoint net.cnn", net()),
    Situation("E0001_checkpoint_without_tensors", EVAL, half_checkpoint),
    Situation("E0001_input_missing", PREDICT.format("digit.png"), checkpoint),
    Situation("E0001_input_is_a_folder", PREDICT.format("digits"), both(checkpoint, folder("digits"))),
    Situation("E0002_picture_as_spec", "check digit.png", data("digit.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")),
    Situation("E0002_utf_16", "check net.cnn", data("net.cnn", NET.encode("utf-16"))),
    Situation("E0002_latin_1", "check old.cnn", data("old.cnn", NET.replace("Net", "Caf\xe9").encode("latin-1"))),
    Situation("E0003_no_such_folder", "new missing/model.cnn", net()),
    Situation("E0003_below_a_file", "new net.cnn/model.cnn", net()),
    Situation("E0003_diagram_is_a_folder", "diagram net.cnn -o net.dot", both(net(), folder("net.dot"))),
    Situation("E0003_output_is_a_file", TRAIN + " --output notes", both(net(), text("notes", "mine"))),
    Situation("E0003_output_below_a_file", TRAIN + " --output notes/run", both(net(), text("notes", "mine"))),
    Situation("E0003_checkpoint_cannot_be_staged", TRAIN, staged_folder),
    Situation("E0004_spec", "new net.cnn", net()),
    Situation("E0004_folder", "new specs", folder("specs")),
    Situation("E0004_other_network", TRAIN + " --output runs/Net", both(checkpoint, net("Net", "Other"))),
    Situation("E0004_other_file", TRAIN + " --output .", both(net(), text("model.json", '{"mine": true}'))),
    Situation("E0006_torch", TRAIN + " --backend torch", net(), without="torch"),
    Situation("E0006_scikit_learn", TRAIN, net(), without="sklearn"),
    Situation("E0006_pillow", PREDICT.format("input.png"), cut_picture, without="PIL"),
    Situation("E0007_misspelt", "summary zoo:lenet", net()),
    Situation("E0007_unknown", "summary zoo:transformer", net()),
    # Data
    Situation("E0011_block_misspelt", "diagram zoo:resnet18 -o net.dot --expand layr1", net()),
    Situation("E0011_block_unknown", "diagram zoo:lenet5 -o net.dot --collapse stem", net()),
    Situation("E0012_residuals", "diagram zoo:resnet18 -o net.svg --style volumes", net()),
    Situation("E0411_no_folder", TRAIN_MNIST.replace("data-dir data", "data-dir nowhere"), mnist()),
    Situation(
        "E0411_empty_folder", TRAIN_MNIST.replace("data-dir data", "data-dir empty"), both(mnist(), folder("empty"))
    ),
    Situation("E0411_one_file", TRAIN_MNIST, mnist(labels=None)),
    Situation("E0411_other_names", TRAIN_MNIST, dotted_mnist),
    Situation("E0412_images_cut", TRAIN_MNIST, mnist(images=idx(np.zeros((3, 28, 28)))[:-800])),
    Situation("E0412_images_short", TRAIN_MNIST, mnist(images=idx(np.zeros((3, 28, 28)))[:-1])),
    Situation("E0412_images_long", TRAIN_MNIST, mnist(images=idx(np.zeros((3, 28, 28))) + b"\0")),
    Situation("E0412_images_cut_gzip", TRAIN_MNIST, mnist(images=gzip.compress(idx(np.zeros((3, 28, 28))))[:-9])),
    Situation("E0412_images_of_another_size", TRAIN_MNIST, mnist(images=idx(np.zeros((3, 32, 32))))),
    Situation("E0412_labels_as_images", TRAIN_MNIST, mnist(images=idx(np.zeros(3)))),
    Situation("E0412_web_page", TRAIN_MNIST, mnist(images=b"<!DOCTYPE html><title>403 Forbidden</title>")),
    Situation("E0412_another_file", TRAIN_MNIST, mnist(images=b"PK\x03\x04" + bytes(99))),
    Situation("E0412_floats", TRAIN_MNIST, mnist(images=b"\0\0\x0d\x03" + bytes(99))),
    Situation("E0412_empty", TRAIN_MNIST, mnist(images=b"")),
    Situation("E0412_fewer_labels", TRAIN_MNIST, mnist(labels=idx(np.array([5, 0])))),
    Situation("E0412_label_too_large", TRAIN_MNIST, mnist(labels=idx(np.array([5, 0, 17])))),
    Situation("E0412_text_as_picture", PREDICT.format("net.cnn"), checkpoint),
    Situation("E0412_picture_empty", PREDICT.format("input.png"), both(checkpoint, data("input.png", b""))),
    Situation("E0412_picture_cut", PREDICT.format("input.png"), cut_picture),
    Situation("E0412_array_cut", PREDICT.format("input.npy"), cut_array),
    Situation("E0412_array_of_objects", PREDICT.format("input.npy"), objects),
    Situation("E0412_array_of_words", PREDICT.format("input.npy"), array(np.array(["a", "b"]))),
    Situation("E0412_array_of_nothing", PREDICT.format("input.npy"), array(np.zeros((0, 8, 8)))),
    Situation("E0412_array_not_finite", PREDICT.format("input.npy"), array(np.full((1, 8, 8), np.nan))),
    Situation("E0412_archive_of_arrays", PREDICT.format("input.npz"), zipped),
    Situation("E0413_input_of_colours", TRAIN, net("1x8x8", "3x32x32")),
    Situation("E0413_input_too_small", TRAIN, net("1x8x8", "1x4x4")),
    Situation("E0413_input_of_mnist", TRAIN_MNIST, both(mnist(), lambda: resize_mnist("1x30x30"))),
    Situation("E0413_other_classes", TRAIN + " --set classes=7", net()),
    Situation("E0413_other_classes_in_the_spec", TRAIN, net("dense classes", "dense 7")),
    Situation(
        "E0413_output_is_an_image",
        TRAIN,
        net("    flatten\n    hidden: dense 16 | relu\n    output: dense classes", "    conv classes 3x3"),
    ),
    Situation(
        "E0413_output_of_other_channels",
        TRAIN,
        net("    flatten\n    hidden: dense 16 | relu\n    output: dense classes", "    conv 12 3x3"),
    ),
    Situation("E0413_one_sample_for_bn", TRAIN + " --batch 1", net("dense 16 |", "dense 16 | bn |")),
    Situation("E0413_array_of_another_shape", PREDICT.format("input.npy"), array(np.zeros((5, 1, 9, 9)))),
    Situation("E0413_array_of_colours", PREDICT.format("input.npy"), array(np.zeros((5, 3, 8, 8), np.uint8))),
    Situation("E0413_array_not_grey_levels", PREDICT.format("input.npy"), array(np.full((8, 8), 300))),
    Situation("E0414_imagenet", "train zoo:resnet18", net()),
    # Checkpoints
    Situation("E0421_tensors_cut", EVAL, tensors(lambda content: content[:-40], known=False)),
    Situation("E0421_tensors_changed", EVAL, tensors(lambda content: content[:-4] + b"abcd", known=False)),
    Situation("E0421_tensors_not_safetensors", EVAL, tensors(lambda content: b"\xff" * len(content))),
    Situation("E0421_tensors_of_torch_save", EVAL, tensors(lambda content: b"PK\x03\x04" + bytes(99), known=False)),
    Situation("E0421_tensors_not_finite", EVAL, tensors(not_finite)),
    Situation("E0421_record_cut", EVAL, both(checkpoint, text("runs/Net/model.json", '{\n "schema": "cnn'))),
    Situation("E0421_record_empty", EVAL, both(checkpoint, text("runs/Net/model.json", ""))),
    Situation("E0421_record_of_something_else", EVAL, both(checkpoint, text("runs/Net/model.json", "{}"))),
    Situation("E0421_record_of_a_later_version", EVAL, lambda: checkpoint(version=2)),
    Situation("E0421_record_with_a_wrong_field", EVAL, lambda: checkpoint(epoch=-1)),
    Situation("E0422_other_setting", EVAL + " --set classes=11", checkpoint),
    Situation("E0422_spec_changed_since", EVAL, other_checkpoint),
    Situation("E0422_other_network", "eval zoo:lenet5 --checkpoint runs/Net", checkpoint),
    # Computing
    Situation("E0431_steps_too_long", TRAIN, net("adam lr=1e-2", "sgd lr=1e38")),
    Situation("E0432_numpy_on_cuda", TRAIN + " --device cuda", net()),
    Situation("E0433_uneven_mean", TRAIN + " --backend torch", text("net.cnn", UNEVEN)),
    Situation("E0901_spec", "check net.cnn", text("net.cnn", NET + "# more\n" * 40_000)),
    Situation("E0906_loops", "check loops.cnn", text("loops.cnn", LOOPS)),
)


def resize_mnist(shape: str) -> None:
    path = Path("mnist.cnn")
    path.write_text(path.read_text().replace("1x28x28", shape))
