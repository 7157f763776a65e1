"""Training, whatever the backend: data sets, the loop, checkpoints, learning curves, evaluation, prediction.

Modules are imported on first use: a prediction needs few of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .checkpoints.checkpoint import read_record
    from .checkpoints.loading import load_network
    from .checkpoints.weights import Weights, read_weights, save_weights
    from .entry import Run, evaluate_network, read_data, train_network
    from .evaluation.metrics import Evaluation
    from .evaluation.prediction import Prediction, predict, read_inputs
    from .history import BatchDone, EpochResult, Report
    from .result import TrainingResult

_MODULES = {
    "checkpoints.checkpoint": ("read_record",),
    "entry": ("Run", "evaluate_network", "read_data", "train_network"),
    "history": ("BatchDone", "EpochResult", "Report"),
    "checkpoints.loading": ("load_network",),
    "evaluation.metrics": ("Evaluation",),
    "evaluation.prediction": ("Prediction", "predict", "read_inputs"),
    "result": ("TrainingResult",),
    "checkpoints.weights": ("Weights", "read_weights", "save_weights"),
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
