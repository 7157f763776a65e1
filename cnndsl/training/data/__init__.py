"""Data sets as arrays. What a data set is stands in ``recipe/datasets.py``; how it is read stands here."""

from __future__ import annotations

from ...analysis.fit import misfit, misfit_of_data
from ...diagnostics import Diagnostic, DiagnosticError
from ...diagnostics.kinds import training
from ...diagnostics.suggest import one_of
from ...ir import Graph
from ...recipe import Dataset, Recipe
from ..refusal import refusal
from .digits import DigitsReader
from .mnist import MnistReader
from .model import Data, Images, Labels, Levels, Split
from .reader import Reader

__all__ = [
    "READERS",
    "Data",
    "Images",
    "Labels",
    "Levels",
    "Reader",
    "Split",
    "find_reader",
    "load",
    "load_held_out",
    "reader_of",
    "require_fit",
]

READERS: dict[str, Reader] = {item.dataset.name: item for item in (DigitsReader(), MnistReader())}
"""The reader of each data set by its name in a spec."""


def reader_of(dataset: Dataset) -> Reader:
    """The reader of a data set.

    Raises:
        DiagnosticError: E0414 if there is none yet: a spec may name more data sets than can be read.
    """
    if dataset.name not in READERS:
        message = f"data set `{dataset.name}` has no reader yet"
        written = one_of(f"`data {name}`" for name in READERS)
        help_ = f"to train, write {written} in `train {{ }}`, and an input and classes to match"
        raise refusal(training.NO_READER, message, help=(help_, "all but `train` and `eval` works without data"))
    return READERS[dataset.name]


def find_reader(name: str) -> Reader:
    """The reader of the data set of this name, which a checkpoint may give.

    Raises:
        DiagnosticError: E0402 if there is none.
    """
    if name not in READERS:
        message = f"no data set is called `{name}`"
        raise refusal(training.UNKNOWN_CHOICE, message, help=(f"there are {', '.join(READERS)}",))
    return READERS[name]


def require_fit(graph: Graph, recipe: Recipe) -> None:
    """Refuse to train a network on data that it does not fit.

    Raises:
        DiagnosticError: E0414 without a reader of the data, E0413 if network, data and batch do not go together.
    """
    reader_of(recipe.data)
    _require(misfit(graph, recipe))


def _require(found: Diagnostic | None) -> None:
    if found is not None:
        raise DiagnosticError(found)


def load(dataset: Dataset, graph: Graph, data_dir: str | None = None) -> Data:
    """A data set as the network wants it: float32 inputs N x sample shape and class numbers N.

    Raises:
        DiagnosticError: E0414 without a reader, E0413 if it does not fit the network, E0411 if a file is not there, E0412 if
            one is damaged, E0006 if a package is missing.
    """
    return _fitting_reader(dataset, graph).read(graph.input.type.shape, data_dir)


def load_held_out(dataset: Dataset, graph: Graph, data_dir: str | None = None) -> Split:
    """What a data set holds out; the files of what is trained on are not read.

    Raises:
        DiagnosticError: As :func:`load`.
    """
    return _fitting_reader(dataset, graph).read_held_out(graph.input.type.shape, data_dir)


def _fitting_reader(dataset: Dataset, graph: Graph) -> Reader:
    reader = reader_of(dataset)
    _require(misfit_of_data(graph, dataset))
    return reader
