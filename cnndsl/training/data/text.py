"""Sentences as tokens: the words of the training data by how often they stand there, the same number for each everywhere.

Token 0 fills what a sentence leaves free, and token 1 is every word that is not known.
"""

from __future__ import annotations

import os
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from math import ceil

import numpy as np
from numpy.typing import NDArray

from ...diagnostics import Diagnostic, DiagnosticError, refusal
from ...diagnostics.kinds import training
from ...ir import Graph
from ...ops.learned import Embedding
from ...recipe.datasets import SentencePolarity
from .model import ArraySamples, Data, Request, divided
from .places import data_folders
from .preparation import Preparation
from .reader import Reader

__all__ = ["SentenceReader", "tokens_of"]

_FILES = ("rt-polarity.neg", "rt-polarity.pos")
_ARCHIVE = "sentence_polarity.zip"
_INNER = ("", "text", "rt-polaritydata", "sentence_polarity")
_LARGEST = 2**24
_RESERVED = ("", "?")
"""What tokens 0 and 1 stand for."""
_HELD_OUT = 0.1
_MOST = 0.99
"""Which share of the sentences an input is to hold that is offered; a few are very long."""


class SentenceReader(Reader):
    """Reads the sentences of film reviews."""

    def read(self, dataset: SentencePolarity, request: Request) -> Data:
        classes = [_sentences(text) for text in _texts(dataset, request)]
        sentences = [each for sentences in classes for each in sentences]
        labels = np.repeat(np.arange(len(classes)), [len(each) for each in classes])
        rest = divided(labels, _HELD_OUT)
        trained = [sentence for sentence, held_out in zip(sentences, rest, strict=True) if not held_out]
        preparation = request.preparation or Preparation(vocabulary=_vocabulary(trained, request.graph))
        tokens = tokens_of(sentences, preparation.vocabulary, request.shape[0], request.warn)
        train, held_out = (
            ArraySamples(tokens[chosen], labels[chosen], preparation, request.shape) for chosen in (~rest, rest)
        )
        return Data(train, held_out, ("negative", "positive"), preparation)


def tokens_of(
    sentences: Sequence[str], vocabulary: Sequence[str], words: int, warn: Callable[[Diagnostic], None]
) -> NDArray[np.int64]:
    """The tokens of sentences, N x words: cut where they are longer, of which ``warn`` is told, and else filled up."""
    numbers = {word: number for number, word in enumerate(vocabulary)}
    tokens = np.zeros((len(sentences), words), np.int64)
    lengths = []
    for row, sentence in zip(tokens, sentences, strict=True):
        found = [numbers.get(word, 1) for word in sentence.lower().split()]
        row[: len(found)] = found[:words]
        lengths.append(len(found))
    if max(lengths) > words:
        warn(_cut(sorted(lengths), words))
    return tokens


def _cut(lengths: Sequence[int], words: int) -> Diagnostic:
    """W0401 for sentences of these lengths, the shortest first, of which some have more words than are read."""
    cut, count = sum(length > words for length in lengths), len(lengths)
    most, longest = lengths[ceil(_MOST * count) - 1], lengths[-1]
    enough = most if words < most else longest
    some = f"{100 * _MOST:.0f} % of them have at most {most}, and " if enough < longest else ""
    return Diagnostic(
        training.SAMPLES_CUT,
        f"the ends of {cut:,} of {count:,} sentences are not read: the network takes {words} words",
        notes=(f"{some}the longest has {longest} words",),
        help=(f"write `input {enough} of=token` before training; `cnndsl train --input {enough}` tries it",),
    )


def _vocabulary(sentences: Sequence[str], graph: Graph) -> tuple[str, ...]:
    """The words of the training data, the most frequent first, as many as every embedding of the network knows."""
    counts = Counter(word for sentence in sentences for word in sentence.lower().split())
    ordered = sorted(counts, key=lambda word: (-counts[word], word))
    known = [node.operator.num_embeddings for node in graph.nodes if isinstance(node.operator, Embedding)]
    return (*_RESERVED, *ordered)[: min(known, default=len(ordered) + 2)]


def _sentences(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _texts(dataset: SentencePolarity, request: Request) -> list[str]:
    """The texts of the two files, which may lie in their archive."""
    folders = data_folders(dataset.name, request.data_dir)
    for folder in (os.path.join(folder, inner) for folder in folders for inner in _INNER):
        paths = [os.path.join(folder, name) for name in _FILES]
        if all(map(os.path.isfile, paths)):
            return [_decoded(_read(path)) for path in paths]
        if os.path.isfile(os.path.join(folder, _ARCHIVE)):
            return _from_archive(os.path.join(folder, _ARCHIVE))
    raise refusal(
        training.DATA_MISSING,
        f"the sentences of data set `{dataset.name}` are not there",
        notes=(f"looked in {' and '.join(f'`{folder}`' for folder in folders)}",),
        help=(dataset.source, "give their folder with --data-dir"),
    )


def _read(path: str) -> bytes:
    if os.path.getsize(path) > _LARGEST:
        raise _damaged(path, f"has more than {_LARGEST:,} bytes")
    with open(path, "rb") as file:
        return file.read()


def _from_archive(path: str) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = {os.path.basename(entry.filename): entry for entry in archive.infolist()}
            missing = [name for name in _FILES if name not in entries]
            if missing:
                raise _damaged(path, f"lacks `{missing[0]}`")
            if max(entries[name].file_size for name in _FILES) > _LARGEST:
                raise _damaged(path, f"declares files of more than {_LARGEST:,} bytes")
            return [_decoded(archive.read(entries[name])) for name in _FILES]
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _damaged(path, f"cannot be unpacked: {error}") from None


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")  # as the sentences were published first


def _damaged(path: str, fact: str) -> DiagnosticError:
    return refusal(training.DATA_DAMAGED, f"`{path}` {fact}", help=("replace it with the one that is published",))
