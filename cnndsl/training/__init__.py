"""Training, whatever the backend: data sets, the loop, checkpoints, learning curves, evaluation, prediction.

Modules are imported on first use: a prediction needs few of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..lazy import imported_on_use

if TYPE_CHECKING:
    from .checkpoints.checkpoint import read_record
    from .checkpoints.loading import load_network
    from .checkpoints.weights import Weights, read_weights, save_weights
    from .entry import Run, evaluate_network, read_data, train_network
    from .evaluation.metrics import Evaluation
    from .evaluation.prediction import Prediction, predict, read_inputs
    from .history import BatchDone, EpochResult, Report
    from .result import TrainingResult

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

__getattr__ = imported_on_use(
    __name__,
    {
        "checkpoints.checkpoint": ("read_record",),
        "entry": ("Run", "evaluate_network", "read_data", "train_network"),
        "history": ("BatchDone", "EpochResult", "Report"),
        "checkpoints.loading": ("load_network",),
        "evaluation.metrics": ("Evaluation",),
        "evaluation.prediction": ("Prediction", "predict", "read_inputs"),
        "result": ("TrainingResult",),
        "checkpoints.weights": ("Weights", "read_weights", "save_weights"),
    },
)
