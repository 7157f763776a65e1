"""Training, whatever the backend: data sets, the loop, checkpoints, learning curves, evaluation, prediction.

Modules are imported on first use: a prediction needs few of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .checkpoint import read_record
    from .entry import Run, evaluate_network, read_data, train_network
    from .history import BatchDone, EpochResult, Report
    from .loading import load_network
    from .metrics import Evaluation
    from .prediction import Prediction, predict, read_inputs
    from .result import TrainingResult
    from .weights import Weights, read_weights, save_weights

_MODULES = {
    "checkpoint": ("read_record",),
    "entry": ("Run", "evaluate_network", "read_data", "train_network"),
    "history": ("BatchDone", "EpochResult", "Report"),
    "loading": ("load_network",),
    "metrics": ("Evaluation",),
    "prediction": ("Prediction", "predict", "read_inputs"),
    "result": ("TrainingResult",),
    "weights": ("Weights", "read_weights", "save_weights"),
}

__all__ = [
    "BatchDone",
    "EpochResult",
    "Evaluation",
    "Prediction",
    "Report",
    "Run",
    "TrainingResult",
    "Weights",
    "evaluate_network",
    "load_network",
    "predict",
    "read_data",
    "read_inputs",
    "read_record",
    "read_weights",
    "save_weights",
    "train_network",
]


def __getattr__(name: str) -> Any:
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f".{module}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
