"""A network as scikit-learn knows estimators."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from cnndsl.diagnostics import DiagnosticError
from cnndsl.sklearn import CnnClassifier

SPEC = """\
network Small(classes) {
    input 1x8x8
    conv 8 3x3 | relu
    maxpool 2x2
    flatten
    dense classes
}
train {
    data digits
    optimizer adam lr=1e-2
    epochs 4
}
"""


@parametrize_with_checks([CnnClassifier()])
def test_what_scikit_learn_asks_of_an_estimator(estimator, check) -> None:
    check(estimator)


def test_digits_in_a_pipeline() -> None:
    x, y = load_digits(return_X_y=True)
    names = np.array(list("abcdefghij"))[y]
    made = make_pipeline(StandardScaler(), CnnClassifier(SPEC, random_state=1))
    made.fit(x[:1200], names[:1200])
    assert made.score(x[1200:], names[1200:]) > 0.9
    probabilities = made.predict_proba(x[1200:1210])
    assert probabilities.shape == (10, 10)
    assert np.allclose(probabilities.sum(axis=1), 1)


def test_clones_and_searches() -> None:
    x, y = load_digits(n_class=3, return_X_y=True)
    original = CnnClassifier(SPEC, changes={"epochs": 1}, random_state=1)
    assert clone(original).get_params() == original.get_params()
    search = GridSearchCV(original, {"changes": [{"epochs": 1}, {"epochs": 2}]}, cv=2).fit(x[:200], y[:200])
    assert search.best_score_ > 0.5
    assert len(cross_val_score(original, x[:200], y[:200], cv=2)) == 2


def test_the_same_seed_gives_the_same_probabilities() -> None:
    x, y = load_digits(n_class=2, return_X_y=True)
    first, second = (CnnClassifier(SPEC, random_state=3).fit(x, y).predict_proba(x) for _ in range(2))
    assert np.array_equal(first, second)


def test_samples_that_do_not_fit_are_told_as_everywhere() -> None:
    x, y = load_digits(n_class=2, return_X_y=True)
    with pytest.raises(DiagnosticError, match="E0413"):
        CnnClassifier(SPEC).fit(x[:, :60], y)
