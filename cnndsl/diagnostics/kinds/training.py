"""E04xx and W04xx: training settings, data and checkpoints."""

from __future__ import annotations

from ..model import DiagnosticKind

UNKNOWN_TRAINING_SETTING = DiagnosticKind("E0401", "unknown-training-setting", "`train` has no such setting")
UNKNOWN_CHOICE = DiagnosticKind("E0402", "unknown-choice", "no data set, loss, optimizer or schedule has this name")
MISSING_TRAINING_SETTING = DiagnosticKind("E0403", "missing-training-setting", "`train` lacks a setting it needs")
DATA_MISSING = DiagnosticKind("E0411", "data-missing", "a file of the data set is not there")
DATA_DAMAGED = DiagnosticKind("E0412", "data-damaged", "a file of the data set is not what it should be")
DATA_MISFIT = DiagnosticKind("E0413", "data-misfit", "the data set does not fit the network")
CHECKPOINT_DAMAGED = DiagnosticKind("E0421", "checkpoint-damaged", "a checkpoint is damaged or is not one")
CHECKPOINT_MISFIT = DiagnosticKind("E0422", "checkpoint-misfit", "a checkpoint belongs to another network")
LOSS_NOT_FINITE = DiagnosticKind("E0431", "loss-not-finite", "the loss became infinite or not a number")
NO_DEVICE = DiagnosticKind("E0432", "no-device", "the device asked for is not there")
BACKEND_LIMITATION = DiagnosticKind("E0433", "backend-limitation", "a backend cannot run this use of a layer")
WORKER_LOST = DiagnosticKind("E0434", "worker-lost", "a worker of a training was lost")
OUT_OF_MEMORY = DiagnosticKind("E0435", "out-of-memory", "there is not enough memory")
SAMPLES_CUT = DiagnosticKind("W0401", "samples-cut", "samples are longer than the input of the network, and are cut")
