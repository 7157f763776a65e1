"""Checkpoints: what is saved comes back, and nothing else is taken for one."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import shutil
import struct
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from cnndsl.backends import find_backend
from cnndsl.diagnostics import DiagnosticError
from cnndsl.ir import Graph, Node
from cnndsl.ops.activation import Relu, Tanh
from cnndsl.recipe.datasets import Mnist
from cnndsl.training import Run, load_network, train_network
from cnndsl.training.checkpoints import checkpoint as checkpoint_module
from cnndsl.training.checkpoints.atomic import write_together
from cnndsl.training.checkpoints.checkpoint import RECORD, TENSORS, load_tensors, read_record
from cnndsl.training.checkpoints.saving import save_checkpoint
from tests.training.small_networks import quick, refused, tiny


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "tiny"
    train_network(tiny(), quick(epochs=1), run=Run(str(folder), "network Tiny { }\n"))
    return folder


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    """A copy of a checkpoint to spoil."""
    for name in (TENSORS, RECORD):
        (tmp_path / name).write_bytes((original / name).read_bytes())
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def rewrite(folder: Path, **changes: object) -> None:
    """Change fields of the record, and its own hash with them."""
    document = {**json.loads((folder / RECORD).read_text()), **changes}
    document.pop("record_sha256")
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    document["record_sha256"] = hashlib.sha256(text.encode()).hexdigest()
    (folder / RECORD).write_text(json.dumps(document))


def test_the_record_says_what_is_needed(original: Path) -> None:
    record = read_record(str(original))
    assert (record.network, record.spec, record.epoch, record.dtype) == ("Tiny", "network Tiny { }\n", 1, "float32")
    assert record.class_names == tuple("0123456789")
    assert record.dataset == "digits"
    assert record.recipe["optimizer"]["lr"] == 0.01
    assert record.history[0].keys() == {"epoch", "learning_rate", "training_loss", "loss", "accuracy"}
    assert record.versions["numpy"] == np.__version__


@pytest.mark.parametrize("backend", ["numpy", "torch"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_tensors_come_back_bit_for_bit(tmp_path: Path, original: Path, backend: str, dtype: str) -> None:
    network = find_backend(backend).compile(tiny(), dtype=dtype, seed=9)
    state = network.state()
    save_checkpoint(str(tmp_path), read_record(str(original)).replace(dtype=dtype), state)
    loaded = load_network(tiny(), str(tmp_path), backend=backend).state()
    assert list(loaded) == list(state)
    assert all(loaded[name].dtype == state[name].dtype for name in state)
    assert all(loaded[name].tobytes() == state[name].tobytes() for name in state)


def test_the_file_is_plain_safetensors(original: Path) -> None:
    """The library itself reads it, and finds the names of the graph."""
    tensors = load_file(original / TENSORS)
    graph = tiny()
    assert tensors.keys() == {name for node in graph.nodes for name in (*node.parameters, *node.buffers)}
    assert tensors["norm.num_batches_tracked"] == 23


@pytest.mark.parametrize("name", ["", TENSORS, RECORD])
def test_the_folder_or_a_file_of_it_names_a_checkpoint(original: Path, name: str) -> None:
    assert read_record(str(original / name)).network == "Tiny"


def test_no_checkpoint_is_said_as_such(tmp_path: Path) -> None:
    with refused("E0001") as refusal:
        load_tensors(str(tmp_path / "nothing"), tiny())
    assert "model.json" in refusal.text


def outcome(folder: Path, graph: Graph) -> str:
    try:
        load_tensors(str(folder), graph)
    except DiagnosticError as error:
        (diagnostic,) = error.diagnostics
        return diagnostic.kind.code
    return "loaded"


def test_every_flipped_bit_of_the_tensors_is_refused(folder: Path) -> None:
    good = bytearray((folder / TENSORS).read_bytes())
    for place in random.Random(1).sample(range(8 * len(good)), 300):
        bad = good.copy()
        bad[place // 8] ^= 1 << place % 8
        (folder / TENSORS).write_bytes(bad)
        assert outcome(folder, tiny()) == "E0421", place


def test_every_cut_of_the_tensors_is_refused(folder: Path) -> None:
    good = (folder / TENSORS).read_bytes()
    for size in [0, 1, 7, 8, 9, *range(10, len(good), 97), len(good) - 1]:
        (folder / TENSORS).write_bytes(good[:size])
        assert outcome(folder, tiny()) == "E0421", size
    (folder / TENSORS).write_bytes(good + b"\0")
    assert outcome(folder, tiny()) == "E0421"


def test_every_flipped_bit_of_the_record_is_refused(folder: Path) -> None:
    """But for those of the layout alone, such as a blank that becomes a line end."""
    good = bytearray((folder / RECORD).read_bytes())
    for place in random.Random(2).sample(range(8 * len(good)), 500):
        bad = good.copy()
        bad[place // 8] ^= 1 << place % 8
        (folder / RECORD).write_bytes(bad)
        code = outcome(folder, tiny())
        assert code == "E0421" or json.loads(bad) == json.loads(good), (place, code)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[1]",
        b"{}",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"schema": "cnndsl.checkpoint", "version": 2}',
        b'{"schema": "cnndsl.checkpoint", "version": 1}',
        b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00.",
        b"9" * 10_000,
    ],
    ids=lambda content: repr(content[:12]),
)
def test_what_is_no_record_is_refused(folder: Path, content: bytes) -> None:
    (folder / RECORD).write_bytes(content)
    assert outcome(folder, tiny()) == "E0421"


@pytest.mark.parametrize(
    "change",
    [
        {"epoch": -1},
        {"epoch": True},
        {"size": 2**63},
        {"size": 1e3},
        {"sha256": "0" * 63},
        {"sha256": None},
        {"dtype": "float16"},
        {"network": 3},
        {"network": "a\x1b[2Jb"},
        {"class_names": []},
        {"class_names": [1]},
        {"history": [{"loss": None}]},
        {"history": [{"loss": float("inf")}]},
        {"history": [{"loss": 10**400}]},
        {"recipe": {}},
        {"versions": {"numpy": 2}},
        {"more": 1},
    ],
    ids=repr,
)
def test_fields_are_checked(folder: Path, change: dict[str, object]) -> None:
    rewrite(folder, **change)
    assert outcome(folder, tiny()) == "E0421"


def test_a_record_without_end_is_not_read(folder: Path) -> None:
    with (folder / RECORD).open("r+b") as file:
        file.truncate(2**40)  # sparse: takes no space
    with refused("E0421") as refusal:
        read_record(str(folder))
    assert "more than" in refusal.text


def test_tensors_without_end_are_not_read(folder: Path) -> None:
    with (folder / TENSORS).open("r+b") as file:
        file.truncate(2**40)
    assert outcome(folder, tiny()) == "E0421"


def forge(folder: Path, data: bytes) -> None:
    """Put other bytes in place of the tensors, with a hash and a size that fit them."""
    from hashlib import sha256

    (folder / TENSORS).write_bytes(data)
    rewrite(folder, sha256=sha256(data).hexdigest(), size=len(data))


@pytest.mark.parametrize(
    "header",
    [
        b"{}",
        b"not json",
        b'{"hidden.bias": {"dtype": "F32", "shape": [4294967296, 4294967296], "data_offsets": [0, 4]}}',
        b'{"hidden.bias": {"dtype": "F32", "shape": [8], "data_offsets": [0, 4]}}',
        b'{"hidden.bias": {"dtype": "Q9", "shape": [1], "data_offsets": [0, 4]}}',
        b'{"hidden.bias": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]}}',
    ],
)
@pytest.mark.parametrize("length", [None, 2**62])
def test_forged_tensors_are_refused(folder: Path, header: bytes, length: int | None) -> None:
    """The hash is right, but the header is not: lies about shapes, types, offsets and its own length."""
    forge(folder, struct.pack("<Q", len(header) if length is None else length) + header + bytes(4))
    assert outcome(folder, tiny()) in {"E0421", "E0422"}


def test_a_file_of_another_type_of_numbers_is_refused(folder: Path) -> None:
    tensors = load_file(folder / TENSORS)
    save_file({name: array.astype(np.float64) for name, array in tensors.items()}, folder / TENSORS)
    forge(folder, (folder / TENSORS).read_bytes())
    assert outcome(folder, tiny()) == "E0422"


@pytest.mark.parametrize(
    ("graph", "facts"),
    [
        (tiny(hidden=9), ("`hidden.weight` is 8x64, and the network's is 9x64", "`hidden.bias`")),
        (tiny(hidden_name="hiden"), ("has no `hiden.weight`, but `hidden.weight`",)),
        (tiny(hidden_name="quite_other"), ("has no `quite_other.weight`", "and 1 more difference")),
    ],
)
def test_another_network_is_told_by_its_tensors(original: Path, graph: Graph, facts: tuple[str, ...]) -> None:
    with refused("E0422") as refusal:
        load_tensors(str(original), graph)
    assert all(fact in refusal.text for fact in facts), refusal.text


def test_the_classes_must_be_those_of_the_output(folder: Path) -> None:
    rewrite(folder, class_names=["even", "odd"])
    with refused("E0422") as refusal:
        load_tensors(str(folder), tiny())
    assert "names 2 classes, and the output is 10" in refusal.text


def test_a_failed_save_leaves_the_old_checkpoint(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder in the way of the second staged file, as a full disk would be."""
    before = contents(folder)
    (folder / f"{RECORD}.new").mkdir()
    with refused("E0003"):
        save_checkpoint(str(folder), read_record(str(folder)), find_backend("numpy").compile(tiny(), seed=5).state())
    (folder / f"{RECORD}.new").rmdir()
    assert contents(folder) == before


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is a file of Linux")
def test_a_full_disk_leaves_the_old_checkpoint(folder: Path) -> None:
    before = contents(folder)
    os.symlink("/dev/full", folder / f"{TENSORS}.new")
    with refused("E0003") as refusal:
        save_checkpoint(str(folder), read_record(str(folder)), find_backend("numpy").compile(tiny(), seed=5).state())
    assert "no space left" in refusal.text
    assert contents(folder) == before


def test_dying_between_the_two_moves_loses_nothing(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The new tensors are in place, the new record is still staged: the pair is found, and then completed."""
    newer = tmp_path_factory.mktemp("newer")
    state = find_backend("numpy").compile(tiny(), seed=5).state()
    save_checkpoint(str(newer), read_record(str(folder)).replace(epoch=2), state)
    (folder / TENSORS).write_bytes((newer / TENSORS).read_bytes())
    (folder / f"{RECORD}.new").write_bytes((newer / RECORD).read_bytes())
    record, tensors = load_tensors(str(folder), tiny())
    assert record.epoch == 2
    assert all(np.array_equal(tensors[name], state[name]) for name in state)


def test_a_staged_record_that_was_cut_is_ignored(folder: Path) -> None:
    (folder / f"{RECORD}.new").write_bytes((folder / RECORD).read_bytes()[:100])
    assert outcome(folder, tiny()) == "loaded"


def test_writing_together_leaves_nothing_staged(tmp_path: Path) -> None:
    write_together(str(tmp_path), {"a": b"1", "b": b"2"})
    assert contents(tmp_path) == {"a": b"1", "b": b"2"}


def test_checkpoints_are_never_unpickled() -> None:
    source = Path(checkpoint_module.__file__).read_text()
    assert "pickle" not in source.replace("unpickled", "")


def test_the_same_tensors_in_another_network_are_refused(folder: Path) -> None:
    graph = tiny()
    nodes = tuple(
        Node(
            node.path,
            Tanh() if isinstance(node.operator, Relu) else node.operator,
            node.inputs,
            node.outputs,
            node.span,
        )
        for node in graph.nodes
    )
    changed = Graph(graph.name, graph.input, nodes, graph.output)
    with refused("E0422") as refusal:
        load_tensors(str(folder), changed)
    assert re.search(r"^- \d+: relu of hidden$", refusal.text, re.MULTILINE), refusal.text
    assert re.search(r"^\+ \d+: tanh of hidden$", refusal.text, re.MULTILINE), refusal.text
    assert "--force" in refusal.text
    record, _ = load_tensors(str(folder), changed, force=True)
    assert record.network == "Tiny"


def test_other_data_is_refused(original: Path) -> None:
    network = load_network(tiny(), str(original), recipe=quick())
    assert network.graph.name == "Tiny"
    other = quick().replace(data=Mnist())
    with refused("E0422") as refusal:
        load_network(tiny(), str(original), recipe=other)
    assert "- data digits" in refusal.text
    assert "+ data mnist" in refusal.text
    load_network(tiny(), str(original), recipe=other, force=True)


def test_a_reader_beside_a_training_never_sees_a_half(tmp_path: Path, original: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(original, folder)
    states = [find_backend("numpy").compile(tiny(), seed=seed).state() for seed in (1, 2)]
    record = read_record(str(folder))
    done = threading.Event()

    def write() -> None:
        for epoch in range(200):
            save_checkpoint(str(folder), record.replace(epoch=epoch), states[epoch % 2])
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    reads = 0
    while not done.is_set():
        load_tensors(str(folder), tiny())
        reads += 1
    writer.join()
    assert reads > 10
