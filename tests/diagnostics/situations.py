"""Commands that go wrong, and the folders in which they do: real files, damaged as files are, or nothing in their place.

A situation is named by the code that it must cause and which case of it this is; ``commands.md`` shows what is printed. All
hold for root as well, whom no right to read or to write stops.
"""

from __future__ import annotations

import gzip
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterable
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import numpy as np

import cnndsl
from cnndsl.cli.main import main
from cnndsl.record import Record

from ..support.machines import bare_machine
from .folders import (
    CFG,
    KERAS,
    LOOPS,
    MODEL,
    NET,
    UNEVEN,
    Preparation,
    array,
    both,
    checkpoint,
    cut_array,
    cut_picture,
    data,
    edited_record,
    folder,
    half_checkpoint,
    idx,
    mnist,
    net,
    not_finite,
    objects,
    other_checkpoint,
    resize_mnist,
    sentences,
    staged_folder,
    tensors,
    text,
    weights,
    zipped,
)

__all__ = ["PAGE", "SITUATIONS", "Situation", "parse", "shown", "write"]

PAGE = Path(__file__).parent / "commands.md"

_WITHOUT = """
import sys
from importlib.abc import MetaPathFinder

class Absent(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] == {package!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Absent())
from cnndsl.cli.main import main
sys.exit(main(sys.argv[1:]))
"""
_ENTRY = re.compile(r"^## ([^\n]+)\n\n```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)

TWO_WORKERS = (("RANK", "0"), ("WORLD_SIZE", "2"))


class Situation(Record):
    """A command, what is done in its folder before, and a package that is not to be found.

    A ``bare`` machine has no program that draws. ``environment`` are variables that are set.
    """

    name: str
    command: str
    prepare: Preparation
    without: str = ""
    bare: bool = False
    environment: tuple[tuple[str, str], ...] = ()

    @property
    def code(self) -> str:
        return self.name.partition(":")[0]


PREDICT = "predict net.cnn {} --checkpoint runs/Net"
EVAL = "eval net.cnn --checkpoint runs/Net"
TRAIN = "train net.cnn --quiet"
TRAIN_MNIST = "train mnist.cnn --data-dir data --quiet"

SITUATIONS = (
    # Files around the spec
    Situation("E0001: spec missing", "check modle.cnn", net()),
    Situation("E0001: spec without suffix", "check net", net()),
    Situation("E0001: spec of the zoo", "summary lenet5", net()),
    Situation("E0001: spec is a folder", "summary .", net()),
    Situation("E0001: folder without a spec", "check notes", folder("notes")),
    Situation("E0001: checkpoint missing", "eval net.cnn --checkpoint runs/Nets", checkpoint),
    Situation("E0001: checkpoint above", "eval net.cnn --checkpoint runs", checkpoint),
    Situation("E0001: checkpoint never trained", EVAL, net()),
    Situation("E0001: checkpoint is a file", "eval net.cnn --checkpoint net.cnn", net()),
    Situation("E0001: checkpoint without tensors", EVAL, half_checkpoint),
    Situation("E0001: weights misspelt", TRAIN + " --init-from resnet81.safetensors", weights("resnet18.safetensors")),
    Situation(
        "E0001: weights missing", TRAIN + " --init-from weights/resnet18.safetensors", weights("net.safetensors")
    ),
    Situation("E0001: input missing", PREDICT.format("digit.png"), checkpoint),
    Situation("E0001: input is a folder", PREDICT.format("digits"), both(checkpoint, folder("digits"))),
    Situation("E0002: picture as spec", "check digit.png", data("digit.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")),
    Situation("E0002: utf 16", "check net.cnn", data("net.cnn", NET.encode("utf-16"))),
    Situation("E0002: latin 1", "check old.cnn", data("old.cnn", NET.replace("Net", "Caf\xe9").encode("latin-1"))),
    Situation("E0003: no such folder", "new missing/model.cnn", net()),
    Situation("E0003: below a file", "new net.cnn/model.cnn", net()),
    Situation("E0003: diagram is a folder", "diagram net.cnn -o net.dot", both(net(), folder("net.dot"))),
    Situation("E0003: output is a file", TRAIN + " --output notes", both(net(), text("notes", "mine"))),
    Situation("E0003: output below a file", TRAIN + " --output notes/run", both(net(), text("notes", "mine"))),
    Situation("E0003: checkpoint cannot be staged", TRAIN, staged_folder),
    Situation("E0004: spec", "new net.cnn", net()),
    Situation("E0004: folder", "new specs", folder("specs")),
    Situation("E0004: other network", TRAIN + " --output runs/Net", both(checkpoint, net("Net", "Other"))),
    Situation("E0004: other file", TRAIN + " --output .", both(net(), text("model.json", '{"mine": true}'))),
    Situation("E0005: no program", "diagram net.cnn -o net.svg", net(), bare=True),
    Situation("E0006: torch", TRAIN + " --backend torch", net(), without="torch"),
    Situation("E0006: scikit learn", TRAIN, net(), without="sklearn"),
    Situation("E0006: pillow", PREDICT.format("input.png"), cut_picture, without="PIL"),
    Situation("E0007: misspelt", "summary zoo:lenet", net()),
    Situation("E0007: unknown", "summary zoo:transformer", net()),
    Situation("E0007: family", "summary zoo:vgg", net()),
    Situation("E0007: number", "summary zoo:resnet51", net()),
    Situation("E0013: misspelt", "check", text("pyproject.toml", "[tool.cnndsl]\nexlude = []\n")),
    Situation("E0013: no list", "check", text("pyproject.toml", '[tool.cnndsl]\ninclude = "specs"\n')),
    Situation("E0013: not TOML", "fmt", text("pyproject.toml", "[tool.cnndsl\n")),
    # Data
    Situation("E0011: block misspelt", "diagram zoo:resnet18 -o net.dot --expand layr1", net()),
    Situation("E0011: block unknown", "diagram zoo:lenet5 -o net.dot --collapse stem", net()),
    Situation("E0411: no folder", TRAIN_MNIST.replace("data-dir data", "data-dir nowhere"), mnist()),
    Situation(
        "E0411: empty folder", TRAIN_MNIST.replace("data-dir data", "data-dir empty"), both(mnist(), folder("empty"))
    ),
    Situation("E0411: one file", TRAIN_MNIST, mnist(labels=None)),
    Situation("E0412: images cut", TRAIN_MNIST, mnist(images=idx(np.zeros((3, 28, 28)))[:-800])),
    Situation("E0412: images short", TRAIN_MNIST, mnist(images=idx(np.zeros((3, 28, 28)))[:-1])),
    Situation("E0412: images long", TRAIN_MNIST, mnist(images=idx(np.zeros((3, 28, 28))) + b"\0")),
    Situation("E0412: images cut gzip", TRAIN_MNIST, mnist(images=gzip.compress(idx(np.zeros((3, 28, 28))))[:-9])),
    Situation("E0412: images of another size", TRAIN_MNIST, mnist(images=idx(np.zeros((3, 32, 32))))),
    Situation("E0412: labels as images", TRAIN_MNIST, mnist(images=idx(np.zeros(3)))),
    Situation("E0412: web page", TRAIN_MNIST, mnist(images=b"<!DOCTYPE html><title>403 Forbidden</title>")),
    Situation("E0412: another file", TRAIN_MNIST, mnist(images=b"PK\x03\x04" + bytes(99))),
    Situation("E0412: floats", TRAIN_MNIST, mnist(images=b"\0\0\x0d\x03" + bytes(99))),
    Situation("E0412: empty", TRAIN_MNIST, mnist(images=b"")),
    Situation("E0412: fewer labels", TRAIN_MNIST, mnist(labels=idx(np.array([5, 0])))),
    Situation("E0412: label too large", TRAIN_MNIST, mnist(labels=idx(np.array([5, 0, 17])))),
    Situation("E0412: text as picture", PREDICT.format("net.cnn"), checkpoint),
    Situation("E0412: picture empty", PREDICT.format("input.png"), both(checkpoint, data("input.png", b""))),
    Situation("E0412: picture cut", PREDICT.format("input.png"), cut_picture),
    Situation("E0412: array cut", PREDICT.format("input.npy"), cut_array),
    Situation("E0412: array of objects", PREDICT.format("input.npy"), objects),
    Situation("E0412: array of words", PREDICT.format("input.npy"), array(np.array(["a", "b"]))),
    Situation("E0412: array of nothing", PREDICT.format("input.npy"), array(np.zeros((0, 8, 8)))),
    Situation("E0412: array not finite", PREDICT.format("input.npy"), array(np.full((1, 8, 8), np.nan))),
    Situation("E0412: archive of arrays", PREDICT.format("input.npz"), zipped),
    Situation("E0413: input of colours", TRAIN, net("1x8x8", "3x32x32")),
    Situation("E0413: input too small", TRAIN, net("1x8x8", "1x4x4")),
    Situation("E0413: input of mnist", TRAIN_MNIST, both(mnist(), lambda: resize_mnist("1x30x30"))),
    Situation("E0413: other classes", TRAIN + " --set classes=7", net()),
    Situation("E0413: other classes in the spec", TRAIN, net("dense classes", "dense 7")),
    Situation(
        "E0413: output is an image",
        TRAIN,
        net("    flatten\n    hidden: dense 16 | relu\n    output: dense classes", "    conv classes 3x3"),
    ),
    Situation(
        "E0413: output of other channels",
        TRAIN,
        net("    flatten\n    hidden: dense 16 | relu\n    output: dense classes", "    conv 12 3x3"),
    ),
    Situation("E0413: one sample for bn", TRAIN + " --batch 1", net("dense 16 |", "dense 16 | bn |")),
    Situation("E0413: array of another shape", PREDICT.format("input.npy"), array(np.zeros((5, 1, 9, 9)))),
    Situation("E0413: array of colours", PREDICT.format("input.npy"), array(np.zeros((5, 3, 8, 8), np.uint8))),
    Situation("E0413: array not grey levels", PREDICT.format("input.npy"), array(np.full((8, 8), 300))),
    Situation("W0401: sentences", "predict text.cnn reviews.txt --checkpoint runs/Text", sentences),
    # Checkpoints
    Situation("E0421: tensors cut", EVAL, tensors(lambda content: content[:-40], known=False)),
    Situation("E0421: tensors changed", EVAL, tensors(lambda content: content[:-4] + b"abcd", known=False)),
    Situation("E0421: tensors not safetensors", EVAL, tensors(lambda content: b"\xff" * len(content))),
    Situation("E0421: tensors of torch save", EVAL, tensors(lambda content: b"PK\x03\x04" + bytes(99), known=False)),
    Situation("E0421: tensors not finite", EVAL, tensors(not_finite)),
    Situation("E0421: record cut", EVAL, both(checkpoint, text("runs/Net/model.json", '{\n "schema": "cnn'))),
    Situation("E0421: record empty", EVAL, both(checkpoint, text("runs/Net/model.json", ""))),
    Situation("E0421: record of something else", EVAL, both(checkpoint, text("runs/Net/model.json", "{}"))),
    Situation("E0421: record of a later version", EVAL, lambda: checkpoint(version=9)),
    Situation("E0421: record edited", EVAL, edited_record),
    Situation("E0421: record with a wrong field", EVAL, lambda: checkpoint(epoch=-1)),
    Situation("E0422: other setting", EVAL + " --set classes=11", checkpoint),
    Situation("E0422: spec changed since", EVAL, other_checkpoint),
    Situation("E0422: other network", "eval zoo:lenet5 --checkpoint runs/Net", checkpoint),
    # Computing
    Situation("E0431: steps too long", TRAIN, net("adam lr=1e-2", "sgd lr=1e38")),
    Situation("E0432: numpy on cuda", TRAIN + " --device cuda", net()),
    Situation("E0433: uneven mean", TRAIN + " --backend torch", text("net.cnn", UNEVEN)),
    Situation("E0433: numpy in two processes", TRAIN, net(), environment=TWO_WORKERS),
    Situation("E0434: nobody to reach", TRAIN + " --backend torch", net(), environment=TWO_WORKERS),
    Situation(
        "E0435: samples of 230 GB", TRAIN, net("    flatten\n", "    upsample 30000\n    global_avgpool | flatten\n")
    ),
    # Models of other tools
    Situation("E0601: no model", "import train.py", text("train.py", "import torch\n\nlr = 1e-3\n")),
    Situation("E0601: not Python", "import model.py", text("model.py", MODEL.replace("(1, 8, 3)", "(1, 8, 3"))),
    Situation("E0601: name of another model", "import model.py --network Nett", text("model.py", MODEL)),
    Situation("E0602: layer unknown", "import model.py", text("model.py", MODEL.replace("nn.ReLU()", "nn.LSTM(8, 8)"))),
    Situation("E0602: section unknown", "import net.cfg", text("net.cfg", CFG)),
    Situation("E0603: size not said", "import model.py", text("model.py", MODEL.partition("\nx =")[0])),
    Situation("E0604: other size", "import model.py --input 1x28x28", text("model.py", MODEL)),
    Situation("W0601: scaled in the model", "import model.py", text("model.py", KERAS)),
    Situation("E0901: spec", "check net.cnn", text("net.cnn", NET + "# more\n" * 40_000)),
    Situation("E0906: loops", "check loops.cnn", text("loops.cnn", LOOPS)),
)


# What a command prints


def shown(situation: Situation) -> str:
    """The command, all that it prints, and its exit code, in a folder of its own."""
    with TemporaryDirectory() as place, chdir(place):
        situation.prepare()
        with patch.dict(os.environ, dict(situation.environment)):
            code, printed = _run(situation)
    return f"$ cnndsl {situation.command}\n{printed}exit code {code}\n".replace(os.sep, "/")


def _run(situation: Situation) -> tuple[int, str]:
    words = shlex.split(situation.command)
    if situation.bare:
        with TemporaryDirectory() as place:
            done = bare_machine(Path(place))(["-m", "cnndsl.cli.main", *words], Path.cwd())
        return done.returncode, done.stdout + done.stderr
    if situation.without:
        return _run_without(situation.without, words)
    printed = io.StringIO()
    with redirect_stdout(printed), redirect_stderr(printed):
        code = main(words)
    return code, printed.getvalue()


def _run_without(package: str, words: list[str]) -> tuple[int, str]:
    """Exit code and output of a process that cannot import a package."""
    command = [sys.executable, "-c", _WITHOUT.format(package=package), *words]
    environment = {**os.environ, "PYTHONPATH": str(Path(cnndsl.__file__).parents[1])}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout + done.stderr


def parse() -> tuple[str, dict[str, str]]:
    """The opening of the page of commands, and what it shows of each situation."""
    page = PAGE.read_text(encoding="utf-8")
    return page[: page.index("\n## ") + 1], dict(_ENTRY.findall(page))


def write(opening: str, entries: Iterable[tuple[str, str]]) -> str:
    """The page."""
    return opening + "\n".join(f"## {name}\n\n```console\n{text}```\n" for name, text in entries)
