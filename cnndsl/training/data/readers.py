"""Which reader reads which data set, and whether it fits the network."""

from __future__ import annotations

from ...analysis.fit import misfit, misfit_of_classes, misfit_of_data, misfit_of_recipe
from ...diagnostics import Diagnostic, DiagnosticError
from ...ir import Graph
from ...recipe import Dataset, Recipe
from .arrays import ArraysReader, CsvReader
from .cifar import CifarReader
from .digits import DigitsReader
from .folder import FolderReader
from .mnist import MnistReader
from .model import Data, Request, Samples
from .reader import Reader
from .text import SentenceReader

__all__ = ["READERS", "load", "load_held_out", "require_fit", "require_fit_of_recipe"]

_PICTURES, _GREYS, _COLOURS = FolderReader(), MnistReader(), CifarReader()

READERS: dict[str, Reader] = {
    "digits": DigitsReader(),
    **dict.fromkeys(("mnist", "fashion_mnist", "kmnist"), _GREYS),
    **dict.fromkeys(("cifar10", "cifar100"), _COLOURS),
    **dict.fromkeys(("folder", "flowers", "cats_and_dogs", "imagenet"), _PICTURES),
    "arrays": ArraysReader(),
    "csv": CsvReader(),
    "sentence_polarity": SentenceReader(),
}
"""The reader of each data set by its name in a spec."""


def require_fit(graph: Graph, recipe: Recipe) -> None:
    """Refuse to train a network on data that it does not fit.

    Raises:
        DiagnosticError: E0413 if network, data and batch do not go together.
    """
    _require(misfit(graph, recipe))


def require_fit_of_recipe(graph: Graph, recipe: Recipe) -> None:
    """Refuse a recipe that a network cannot be trained by, whatever the data.

    Raises:
        DiagnosticError: E0413 if they do not go together.
    """
    _require(misfit_of_recipe(graph, recipe))


def _require(found: Diagnostic | None) -> None:
    if found is not None:
        raise DiagnosticError(found)


def load(dataset: Dataset, request: Request) -> Data:
    """A data set as the network wants it.

    Raises:
        DiagnosticError: E0413 if it does not fit the network, E0411 if a file is not there, E0412 if one is damaged, E0006 if
            a package is missing.
    """
    _require(misfit_of_data(request.graph, dataset))
    data = READERS[dataset.name].read(dataset, request)
    places = data.train.labels.shape[1:]
    _require(misfit_of_classes(request.graph, dataset, len(data.class_names), places))
    return data


def load_held_out(dataset: Dataset, request: Request) -> Samples:
    """What a data set holds out, prepared as the request says; what is trained on is read only where it has to be.

    Raises:
        DiagnosticError: As :func:`load`.
    """
    _require(misfit_of_data(request.graph, dataset))
    return READERS[dataset.name].read_held_out(dataset, request)
