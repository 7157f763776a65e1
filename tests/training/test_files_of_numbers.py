"""CIFAR's binary files, arrays, tables and sentences: what is read, and what is refused before memory is taken."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

import cnndsl
from cnndsl.api import Model, check_text
from cnndsl.diagnostics import Diagnostic, DiagnosticError
from cnndsl.ops.linear import Dense, Flatten
from cnndsl.recipe.datasets import Arrays, Cifar10, Cifar100, Csv, SentencePolarity
from cnndsl.training.data import Request, load, load_held_out
from cnndsl.training.data.text import tokens_of
from tests.support.networks import chain
from tests.training.small_networks import refused

REAL = os.environ.get("CNNDSL_TEST_DATA", "")
needs_sentences = pytest.mark.skipif(not REAL, reason="CNNDSL_TEST_DATA names no folder with text/ in it")
RANDOM = np.random.default_rng(0)


def network(shape: tuple[int, ...], classes: int):
    return chain("Any", shape, [Flatten(), Dense(classes)] if len(shape) > 1 else [Dense(classes)])


# CIFAR


def write_cifar(folder: Path, label_bytes: int = 1) -> np.ndarray:
    rows = RANDOM.integers(0, 10, (6, label_bytes + 3072)).astype(np.uint8)
    names = [f"data_batch_{number}.bin" for number in range(1, 6)] + ["test_batch.bin"]
    names = names if label_bytes == 1 else ["train.bin", "test.bin"]
    for name in names:
        rows.tofile(folder / name)
    return rows


def test_cifar10(tmp_path: Path) -> None:
    rows = write_cifar(tmp_path)
    (tmp_path / "batches.meta.txt").write_text("\n".join("abcdefghij") + "\n")
    data = load(Cifar10(), Request(network((3, 32, 32), 10), str(tmp_path)))
    assert (len(data.train), len(data.held_out), data.class_names) == (30, 6, tuple("abcdefghij"))
    assert data.held_out.labels.tolist() == rows[:, 0].tolist()
    assert np.array_equal(data.held_out.levels(slice(2, 3)).ravel(), rows[2, 1:])
    (tmp_path / "data_batch_1.bin").unlink()
    request = Request(network((3, 32, 32), 10), str(tmp_path), preparation=data.preparation)
    assert np.array_equal(load_held_out(Cifar10(), request).batch(slice(None)), data.held_out.batch(slice(None)))
    with refused("E0411"):
        load(Cifar10(), request)


def test_cifar100_has_fine_classes(tmp_path: Path) -> None:
    rows = write_cifar(tmp_path, 2)
    data = load(Cifar100(), Request(network((3, 32, 32), 100), str(tmp_path)))
    assert data.train.labels.tolist() == rows[:, 1].tolist()


@pytest.mark.parametrize("change", [lambda content: content[:-1], lambda content: b"", lambda content: b"\xff" * 3073])
def test_damaged_cifar(tmp_path: Path, change) -> None:
    write_cifar(tmp_path)
    (tmp_path / "data_batch_3.bin").write_bytes(change((tmp_path / "data_batch_3.bin").read_bytes()))
    with refused("E0412") as refusal:
        load(Cifar10(), Request(network((3, 32, 32), 10), str(tmp_path)))
    assert "data_batch_3.bin" in refusal.text


# Arrays

X = RANDOM.random((20, 4)).astype(np.float32)
Y = np.arange(20) % 2


def test_arrays_in_one_file(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x_train=X, y_train=Y, x_test=X[:4], y_test=Y[:4])
    data = load(Arrays(path="a.npz"), Request(network((4,), 2), None, str(tmp_path)))
    assert np.array_equal(data.train.batch(slice(None)), X)
    assert np.array_equal(data.held_out.labels, Y[:4])
    np.savez_compressed(tmp_path / "a.npz", x=X, y=Y)
    data = load(Arrays(path="a.npz", validation=0.5), Request(network((4,), 2), str(tmp_path)))
    assert (len(data.train), len(data.held_out)) == (10, 10)


@pytest.mark.parametrize("last", [False, True])
def test_bytes_are_pictures_whose_channels_may_come_last(tmp_path: Path, last: bool) -> None:
    pictures = RANDOM.integers(0, 256, (8, 3, 5, 6)).astype(np.uint8)
    np.savez(tmp_path / "a.npz", x=np.moveaxis(pictures, 1, -1) if last else pictures, y=np.arange(8) % 2)
    data = load(Arrays(path="a.npz"), Request(network((3, 5, 6), 2), None, str(tmp_path)))
    assert np.abs(data.train.batch(slice(None)).mean(axis=(0, 2, 3))).max() < 1e-5
    assert np.array_equal(data.train.levels(slice(1)), pictures[:1])


def test_python_gives_arrays() -> None:
    text = "network Small { input 4 | dense 8 | relu | dense 2 }\ntrain { data digits | optimizer adam lr=0.1 | epochs 30 }\n"
    model = Model(check_text(text.replace(" | ", "\n"), "small.cnn"))
    x, y = RANDOM.random((200, 4)), RANDOM.integers(0, 2, 200)
    x[:, 0] += 3 * y
    result = model.train(data=(x, y))
    assert result.accuracy == 1.0
    assert model.train(data=((x, y), (x[:50], y[:50])), epochs=10).accuracy > 0.9


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (5, "E0412"),
        ((X,), "E0412"),
        ((X, Y[:5]), "E0412"),
        ((X, Y * 0.5), "E0412"),
        ((X, -Y), "E0412"),
        ((X[:, :3], Y), "E0413"),
        ((X * np.inf, Y), "E0412"),
        ((X.astype(str), Y), "E0412"),
        ((X[:1], Y[:1]), "E0412"),
    ],
)
def test_what_is_wrong_with_arrays_from_python_is_said(data: object, code: str) -> None:
    text = 'network Small { input 4 | dense 2 }\ntrain { data arrays "a.npz" | optimizer adam | epochs 1 }\n'
    model = Model(check_text(text.replace(" | ", "\n"), "small.cnn"))
    with pytest.raises(DiagnosticError) as caught:
        model.train(data=data)
    assert caught.value.diagnostics[0].kind.code == code


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        header = b"\x93NUMPY\x01\x00v\x00{'descr': '|u1', 'fortran_order': False, 'shape': (200000000,), }"
        archive.writestr("x.npy", header.ljust(127) + b"\n" + bytes(200_000_000))
        archive.writestr("y.npy", header)


def liar(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        header = b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }"
        archive.writestr("x.npy", header.ljust(127) + b"\n")
        archive.writestr("y.npy", header.ljust(127) + b"\n")


@pytest.mark.parametrize(
    "write",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"PK\x03\x04" + bytes(100)),
        lambda path: path.write_bytes(RANDOM.bytes(1000)),
        lambda path: np.savez(path, a=X),
        lambda path: np.savez(path, x=np.array([{}], object), y=Y[:1]),
        lambda path: (np.savez(path, x=X, y=Y), path.write_bytes(path.read_bytes()[:-300])),
        bomb,
        liar,
    ],
)
def test_hostile_files_of_arrays(tmp_path: Path, write) -> None:
    write(tmp_path / "a.npz")
    with refused("E0412") as refusal:
        load(Arrays(path="a.npz"), Request(network((4,), 2), None, str(tmp_path)))
    assert "a.npz" in refusal.text


# Tables


def test_a_table_with_names(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("kind,a,b\n" + "cat,1,2\ndog,3,4\n" * 10)
    data = load(Csv(path="t.csv", label="kind"), Request(network((2,), 2), None, str(tmp_path)))
    assert data.class_names == ("cat", "dog")
    assert data.train.batch(slice(1)).tolist() == [[1, 2]]


def test_a_table_without_names_has_the_classes_last(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("1,2,10\n3,4,9\n" * 10)
    data = load(Csv(path="t.csv"), Request(network((2,), 2), None, str(tmp_path)))
    assert data.class_names == ("9", "10")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no samples"),
        ("a,label\n", "no samples"),
        ("kind,a\nx,1\n", "no column `label`"),
        ("label,a\nx,one\n", "could not convert"),
        ("1,2,3\n1,2\n", "line 2 has 2 columns"),
        ("\0\0\0", "no samples"),
    ],
)
def test_what_is_wrong_with_a_table_is_said(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "t.csv").write_text(text)
    with refused("E0412") as refusal:
        load(Csv(path="t.csv"), Request(network((2,), 2), None, str(tmp_path)))
    assert words in refusal.text, refusal.text


# Sentences


SENTENCES = "network T {{\n input {} of=token\n embedding {} 4\n flatten\n dense 2\n}}\n"


def text_network(words: int, vocabulary: int):
    return check_text(SENTENCES.format(words, vocabulary), "t.cnn").require_graph()


def test_sentences_become_tokens(tmp_path: Path) -> None:
    (tmp_path / "rt-polarity.neg").write_text("a bad film\n" * 10)
    (tmp_path / "rt-polarity.pos").write_text("a good film , a treat\n" * 10)
    data = load(SentencePolarity(), Request(text_network(4, 9), str(tmp_path)))
    assert data.preparation.vocabulary[:3] == ("", "?", "a")
    assert (len(data.train), len(data.held_out)) == (18, 2)
    words = data.preparation.vocabulary
    assert [words[token] for token in data.train.batch(slice(1))[0]] == ["a", "bad", "film", ""]
    small = load(SentencePolarity(), Request(text_network(4, 4), str(tmp_path)))
    assert small.preparation.vocabulary == ("", "?", "a", "film")
    assert small.train.batch(slice(1)).tolist() == [[2, 1, 3, 0]]


def test_unknown_words_and_long_sentences() -> None:
    warned: list[Diagnostic] = []
    tokens = tokens_of(["A film", "x a b c"], ("", "?", "a", "film"), 3, warned.append)
    assert tokens.tolist() == [[2, 3, 0], [1, 2, 1]]
    assert [found.message for found in warned] == [
        "the ends of 1 of 2 sentences are not read: the network takes 3 words"
    ]


@pytest.mark.parametrize(
    ("words", "note", "enough"),
    [
        (3, "99 % of them have at most 8, and the longest has 40 words", 8),
        (8, "the longest has 40 words", 40),
        (39, "the longest has 40 words", 40),
    ],
)
def test_how_many_words_would_be_enough(words: int, note: str, enough: int) -> None:
    warned: list[Diagnostic] = []
    tokens_of(["a " * 8] * 990 + ["a " * 40], ("", "?", "a"), words, warned.append)
    (found,) = warned
    assert found.notes == (note,)
    assert f"`cnndsl train --input {enough}`" in found.help[0]


def test_whoever_uses_python_is_warned_of_cut_sentences(tmp_path: Path) -> None:
    (tmp_path / "rt-polarity.neg").write_text("a bad film\n" * 10)
    (tmp_path / "rt-polarity.pos").write_text("a good film , a treat\n" * 10)
    model = Model(
        check_text(
            SENTENCES.format(4, 9) + "train {\n data sentence_polarity\n optimizer adam\n epochs 1\n}\n", "t.cnn"
        )
    )
    with pytest.warns(UserWarning, match="the ends of 10 of 20 sentences are not read") as warned:
        model.train(data_dir=tmp_path)
    assert warned[0].filename == __file__


def test_an_archive_that_declares_too_much(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "sentence_polarity.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("rt-polarity.neg", "rt-polarity.pos"):
            archive.writestr(name, bytes(2**25))
    with refused("E0412"):
        load(SentencePolarity(), Request(text_network(4, 9), str(tmp_path)))


@needs_sentences
def test_the_published_sentences() -> None:
    data = load(SentencePolarity(), Request(cnndsl.load("zoo:text_cnn").graph, REAL))
    assert np.bincount(data.train.labels).tolist() == [4798, 4798]
    assert np.bincount(data.held_out.labels).tolist() == [533, 533]
