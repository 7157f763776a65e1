"""Training, whatever the backend: data sets, the loop, checkpoints, learning curves, evaluation, prediction."""

from __future__ import annotations

from .checkpoint import read_record
from .entry import Run, evaluate_network, load_network, read_data, train_network
from .history import BatchDone, EpochResult, Report
from .metrics import Evaluation
from .predict import Prediction, predict, read_inputs
from .result import TrainingResult
from .weights import Weights, read_weights, save_weights

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
