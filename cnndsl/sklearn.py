"""A network as an estimator of scikit-learn: ``fit``, ``predict``, ``predict_proba`` and ``score``, in pipelines and searches.

It needs scikit-learn: ``pip install scikit-learn``.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from .api import Model, check_text
from .api.model import load
from .backends import find_backend
from .backends.base import Network
from .training.evaluation.prediction import predict

__all__ = ["CnnClassifier"]

_DEFAULT = """\
network Default(features, classes, hidden = 32) {
    input features
    dense hidden | relu
    dense classes
}
train {
    data arrays "none.npz"
    optimizer adam lr=1e-2
    batch 32
    epochs 60
}
"""


class CnnClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Trains the network of a spec on arrays.

    Args:
        spec: A file, ``zoo:NAME``, or the text of a spec; None is one hidden layer for samples of any number of features.
        settings: Parameters of the network; ``classes`` and ``features``, where it has them, are set from the data.
        changes: Settings of the training, as :meth:`cnndsl.Model.train` takes them: ``{"epochs": 3}``.
        backend: ``"numpy"`` or ``"torch"``.
        random_state: The seed of the training; None is that of the spec.

    Samples have one axis, N x features, as scikit-learn has them; they are brought to the shape of the input. Training needs a
    ``train { }`` in the spec, or ``changes`` that say all. Probabilities are computed with NumPy in float64, whatever trained.
    """

    def __init__(
        self,
        spec: str | os.PathLike[str] | None = None,
        *,
        settings: dict[str, Any] | None = None,
        changes: dict[str, Any] | None = None,
        backend: str = "numpy",
        random_state: int | None = None,
    ) -> None:
        self.spec = spec
        self.settings = settings
        self.changes = changes
        self.backend = backend
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> CnnClassifier:  # noqa: N803 - the names of scikit-learn
        """Train on samples N x features and their classes N, of any type.

        Raises:
            DiagnosticError: If the spec is wrong or does not fit the samples.
            ValueError: If scikit-learn refuses the arrays.
        """
        x, y = validate_data(self, X, y, dtype=np.float32)
        check_classification_targets(y)
        self.classes_, labels = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"a classifier needs samples of 2 classes, and there is one class: {self.classes_[0]!r}")
        self.model_ = self._model(x.shape[1])
        changes = dict(self.changes or {})
        if self.random_state is not None:
            changes["seed"] = int(self.random_state)
        samples, numbers = self._shaped(x), labels.astype(np.int64)
        both = (samples, numbers)
        result = self.model_.train(data=(both, both), backend=self.backend, **changes)
        self.history_ = result.history
        self.state_ = result.network.state()
        self.preparation_ = result.preparation
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float64]:  # noqa: N803
        """The probability of each class, N x classes."""
        check_is_fitted(self)
        x = validate_data(self, X, dtype=np.float32, reset=False)
        found = predict(self._network(), self.preparation_.normalized(self._shaped(x)))
        return np.array([item.probabilities for item in found])

    def _network(self) -> Network:
        """The trained network in float64, so that a sample has the same probabilities whatever is beside it."""
        network = find_backend("numpy").compile(self.model_.graph, dtype="float64")
        network.load_state(self.state_)
        return network

    def predict(self, X: Any) -> NDArray[Any]:  # noqa: N803
        """The likeliest class of each sample, N."""
        probabilities = self.predict_proba(X)
        likeliest: NDArray[Any] = self.classes_[probabilities.argmax(axis=1)]
        return likeliest

    def _model(self, features: int) -> Model:
        settings = {"features": features, "classes": len(self.classes_)}
        text = _DEFAULT if self.spec is None else os.fspath(self.spec)
        is_text = "\n" in text or "{" in text
        tree = check_text(text, "spec.cnn") if is_text else load(text).checked
        parameters = {each.name.text for network in tree.file.networks[:1] for each in network.parameters}
        known = {name: value for name, value in settings.items() if name in parameters} | (self.settings or {})
        return Model(check_text(text, "spec.cnn", known)) if is_text else load(text, **known)

    def _shaped(self, x: NDArray[np.float32]) -> NDArray[np.float32]:
        shape = self.model_.graph.input.type.shape
        return x.reshape(-1, *shape) if x.shape[1] == np.prod(shape) else x
